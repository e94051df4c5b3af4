import { beforeAll, expect, test } from 'vitest';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';

/** What an open desk asks for all day, each with the question that is answered in the fewest bytes. */
let paths: string[];
let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({ demo: false });
  const session = await system.signIn();
  const cursor = /data-cursor="([^"]+)"/.exec(await (await ask('/admin/orders', session)).text())?.[1];
  const day = /day=([\d-]+)/.exec(await (await ask('/admin', session)).text())?.[1];
  const figures = `/admin/figures?${new URLSearchParams({ after: cursor!, ...(day ? { day } : {}) })}`;
  paths = ['/admin', '/admin/orders', `/admin/orders/rows?after=${cursor}`, figures];
});

const ask = (path: string, session: string, headers: Record<string, string> = {}) =>
  fetch(system.webUrl + path, {
    headers: { Accept: 'text/html', Cookie: `msp_session=${session}`, ...headers },
    redirect: 'manual',
  });

/** How often orders was asked who holds a session. */
async function sessionsAsked(): Promise<number> {
  const metrics = await (await fetch(`${system.ordersUrls[0]}/metrics`)).text();
  const counts = metrics.matchAll(/^http_request_duration_seconds_count\{.*route="\/sessions\/current".*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

test('a page or poll of a desk that is open asks orders once, not first for the session', async () => {
  const session = await system.signIn();
  await ask('/admin/orders', session);
  const before = await sessionsAsked();
  expect(before).toBeGreaterThan(0);
  for (const path of paths) expect([path, (await ask(path, session)).ok]).toEqual([path, true]);
  expect(await sessionsAsked()).toBe(before);
});

test('a session that is ended elsewhere is denied by whatever an open desk asks for next', async () => {
  const page = {};
  const part = { 'HX-Request': 'true' };
  const program = { Accept: 'application/json' };
  const cases = [
    ...paths.map((path) => [path, page] as const),
    [paths[2]!, part] as const,
    [paths[2]!, program] as const,
  ];
  for (const [path, headers] of cases) {
    const session = await system.signIn();
    expect((await ask(path, session)).ok).toBe(true);
    const asItself = { headers: { Authorization: `Bearer ${session}` } };
    await fetch(`${system.ordersUrls[0]}/sessions/current`, { method: 'DELETE', ...asItself });
    const denied = await ask(path, session, headers);
    expect([path, headers, denied.status]).toEqual([path, headers, headers === page ? 303 : 401]);
    expect(denied.headers.get('cache-control')).toBe('no-store');
    expect(denied.headers.getSetCookie()).toEqual([expect.stringMatching(/^msp_session=; Max-Age=0/)]);
    const body = await denied.text();
    if (headers === program) expect(JSON.parse(body)).toMatchObject({ code: 'unauthenticated' });
    else
      expect([body, denied.headers.get(headers === page ? 'location' : 'hx-redirect')]).toEqual([
        '',
        expect.stringMatching(/^\/admin\/login/),
      ]);
  }
});

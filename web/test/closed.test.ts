import { beforeAll, expect, test } from 'vitest';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { signSessionToken } from '../../shared/contracts/session-token.ts';
import { buildApp } from './build-app.ts';
import { placeOrder } from './desk-window.ts';

const NAME = 'Marquise de Secret';

let system: TestSystem;
let number: string;
let live: string;
beforeAll(async () => {
  system = await startSystem();
  ({ number } = await placeOrder(system, NAME));
  live = await system.signIn();
});

interface Route {
  method: string;
  url: string;
}

/** Every route of the three services, with addresses that lead to the order. */
async function everyRoute(): Promise<Route[]> {
  const filled = (path: string) => path.replace(/:number|\{number\}/, number).replace(/[:{]\w+\}?(?:\{[^}]*\})?/g, '1');
  const pages = (await buildApp()).routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
    .map(({ method, path }) => ({ method, url: system.webUrl + filled(path) }));
  const { paths } = (await (await fetch(`${system.ordersUrls[0]}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const api = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), url: system.ordersUrls[0] + filled(path) })),
  );
  const streams = [system.webUrl, system.notifierUrls[0]!].flatMap((base) =>
    ['/live/orders', '/live/orders?view=en_attente', '/live/order/1', `/live/order/${number}`].map((path) => ({
      method: 'GET',
      url: base + path,
    })),
  );
  return [...pages, ...api, ...streams];
}

/** The answer's words; of a stream, those of its first moments. */
async function ask({ method, url }: Route, headers: Record<string, string>): Promise<string> {
  const own = { Origin: new URL(url).origin, Accept: 'text/html', ...headers };
  const ending = new AbortController();
  const response = await fetch(url, { method, headers: own, redirect: 'manual', signal: ending.signal });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (!isStream) return `${response.status} ${response.headers.get('location')} ${await response.text()}`;
  const { value } = await response.body!.getReader().read();
  ending.abort();
  return `${response.status} ${new TextDecoder().decode(value)}`;
}

test('no route of any service shows an order, or that there is one, to whoever has no live session', async () => {
  const routes = await everyRoute();
  expect(routes.length).toBeGreaterThan(40);
  const ended = await system.signIn();
  await fetch(`${system.ordersUrls[0]}/sessions/current`, {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${ended}` },
  });
  // The notifier hears of it within two seconds.
  const asEnded = { headers: { Authorization: `Bearer ${ended}` } };
  await expect
    .poll(async () => (await fetch(`${system.notifierUrls[0]}/live/orders`, asEnded)).status, { timeout: 5_000 })
    .toBe(401);
  const sessionId = live.split('.')[0]!;
  const strangers = {
    nobody: undefined,
    'a session that has ended': ended,
    'a session that is over': signSessionToken(system.sessionSecret, { sessionId, expiresAtMs: Date.now() - 1000 }),
    'a session of another shop': signSessionToken('x'.repeat(32), { sessionId, expiresAtMs: Date.now() + 1e6 }),
    'a session with one letter changed': `${live[0] === 'A' ? 'B' : 'A'}${live.slice(1)}`,
    'the id of a session alone': sessionId,
    'the number of an order': number,
  };
  for (const [who, token] of Object.entries(strangers)) {
    for (const route of routes) {
      for (const headers of [
        token ? { Cookie: `msp_session=${token}; __Host-msp_session=${token}` } : {},
        ...(token ? [{ Authorization: `Bearer ${token}` }] : []),
      ]) {
        const words = await ask(route, headers as Record<string, string>);
        // The way back after signing in names the page that was asked for, which whoever asked knew.
        const told = words.replace(/login\?next=\S+/, '');
        expect([who, route, told.includes(NAME)]).toEqual([who, route, false]);
        if (!route.url.includes(number)) expect([who, route, told.includes(number)]).toEqual([who, route, false]);
      }
    }
  }
});

test('a session that is ended loses its streams within five seconds, and no other loses any', async () => {
  const leaving = await system.signIn();
  const openStream = async (session: string) => {
    const response = await fetch(`${system.webUrl}/live/orders`, { headers: { Cookie: `msp_session=${session}` } });
    expect(response.status).toBe(200);
    const reader = response.body!.getReader();
    await reader.read();
    let isOpen = true;
    const ended = (async () => {
      while (!(await reader.read()).done);
      isOpen = false;
    })().catch(() => {});
    return { ended, isOpen: () => isOpen, close: () => reader.cancel() };
  };
  const [stream, other] = [await openStream(leaving), await openStream(live)];
  const headers = { Cookie: `msp_session=${leaving}`, 'Sec-Fetch-Site': 'same-origin' };
  await fetch(`${system.webUrl}/admin/logout`, { method: 'POST', headers, redirect: 'manual' });
  await Promise.race([stream.ended, new Promise((resolve) => setTimeout(resolve, 5_000))]);
  expect([stream.isOpen(), other.isOpen()]).toEqual([false, true]);
  await other.close();
});

test('and each of them that is the desk’s shows it to a live one, so that there was something to hide', async () => {
  const shown = [];
  for (const route of (await everyRoute()).filter(({ method }) => method === 'GET')) {
    const headers = { Cookie: `msp_session=${live}`, Authorization: `Bearer ${live}` };
    if ((await ask(route, headers)).includes(NAME)) shown.push(new URL(route.url).pathname);
  }
  expect(shown).toEqual(expect.arrayContaining(['/admin/orders', `/admin/orders/${number}`, '/orders', '/events']));
});

import { beforeAll, describe, expect, test } from 'vitest';
import { startProcess, type TestProcess } from '../../scripts/testing/process.ts';
import { createAdmin, startSystem, type TestSystem } from '../../scripts/testing/system.ts';

const FREE = 10;

let system: TestSystem;
/** A second web, behind a gateway. */
let behindGateway: TestProcess;

beforeAll(async () => {
  system = await startSystem({
    env: { orders: { TRUST_PROXY: '1', LOG_LEVEL: 'trace' }, web: { LOG_LEVEL: 'trace' } },
    demo: false,
  });
  behindGateway = await startProcess('web', {
    ORDERS_URL: system.ordersUrls[0]!,
    NOTIFIER_URL: system.notifierUrls[0]!,
    TRUST_PROXY: '1',
    LOG_LEVEL: 'trace',
  });
});

type Jar = Record<string, string>;

/** Posts the sign-in form as a browser with these cookies would; the jar is filled with what is set. */
async function signIn(
  jar: Jar,
  form: { email: string; password: string },
  headers: Record<string, string> = {},
  url = system.webUrl,
) {
  const response = await fetch(`${url}/admin/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      Accept: 'text/html',
      'Sec-Fetch-Site': 'same-origin',
      Cookie: Object.entries(jar)
        .map(([name, value]) => `${name}=${value}`)
        .join('; '),
      ...headers,
    },
    body: new URLSearchParams(form),
  });
  for (const cookie of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
    jar[name!] = value!;
  }
  return response;
}

async function desk(session: string): Promise<number> {
  const headers = { Accept: 'text/html', Cookie: `msp_session=${session}` };
  return (await fetch(`${system.webUrl}/admin`, { headers, redirect: 'manual' })).status;
}

describe('a session', () => {
  test('that was planted in a browser is not taken over: signing in makes a new one, and ends it', async () => {
    const planted = await system.signIn();
    const jar: Jar = { msp_session: planted };
    expect((await signIn(jar, system.admin)).status).toBe(303);
    expect(jar.msp_session).not.toBe(planted);
    expect(jar.msp_session!.split('.')[0]).not.toBe(planted.split('.')[0]);
    expect([await desk(planted), await desk(jar.msp_session!)]).toEqual([303, 200]);
  });

  test('id that somebody made up is never used', async () => {
    for (const planted of ['x', 'A'.repeat(22), `${'A'.repeat(22)}.tzzzzz.${'A'.repeat(43)}`]) {
      const jar: Jar = { msp_session: planted };
      expect((await signIn(jar, system.admin)).status).toBe(303);
      expect(jar.msp_session!.split('.')[0]).not.toBe(planted.split('.')[0]);
    }
  });

  test('is not begun, ended or changed by a failure', async () => {
    const jar: Jar = { msp_session: await system.signIn() };
    const before = { ...jar };
    expect((await signIn(jar, { ...system.admin, password: 'wrong' })).status).toBe(401);
    expect(jar).toEqual(before);
    expect(await desk(jar.msp_session!)).toBe(200);
  });
});

describe('guessing through the form', () => {
  test('ends in a page that says so, whatever address the guesser claims; a browser that was here before gets in', async () => {
    const owner = { email: 'owner@msp.example', password: 'her password' };
    await createAdmin(system.db, { ...owner, name: 'Owner' });
    const browser: Jar = {};
    expect((await signIn(browser, owner)).status).toBe(303);

    const guess = (i: number) => signIn({}, { ...owner, password: 'wrong' }, { 'X-Forwarded-For': `198.51.100.${i}` });
    for (let i = 0; i < FREE; i += 1) expect((await guess(i)).status).toBe(401);
    const refused = await guess(FREE);
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(await refused.text()).toContain('Trop d’essais');
    expect((await signIn({}, owner)).status).toBe(429);

    expect((await signIn(browser, owner)).status).toBe(303);
  });

  test('behind a gateway is counted by the address that the gateway saw', async () => {
    const from = (forwarded: string) =>
      signIn({}, { email: 'her@msp.example', password: 'wrong' }, { 'X-Forwarded-For': forwarded }, behindGateway.url);
    for (let i = 0; i < FREE; i += 1) expect((await from(`203.0.113.${i}, 192.0.2.1`)).status).toBe(401);
    expect((await from('203.0.113.99, 192.0.2.1')).status).toBe(429);
    expect((await from('203.0.113.99, 192.0.2.2')).status).toBe(401);
  });

  test('leaves no address and no e-mail in any log', () => {
    const { orders, notifiers, web } = system.processes;
    const logs = [...orders, ...notifiers, web, behindGateway].map((process) => process.logs()).join('\n');
    expect(logs).toContain('listening');
    for (const word of ['198.51.100.', '203.0.113.', '192.0.2.', 'her@msp', 'owner@msp'])
      expect(logs).not.toContain(word);
  });
});

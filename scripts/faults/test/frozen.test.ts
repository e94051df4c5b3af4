import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, order } from '../../../services/orders/test/api.ts';
import { buildApp } from '../../../web/test/build-app.ts';
import { type TestDatabaseServer, testDatabaseServer } from '../../testing/database-server.ts';
import { startProcess, type TestProcess } from '../../testing/process.ts';
import { type TestRedis, testRedis } from '../../testing/redis.ts';
import { signIn, systemSettings, TEST_ADMIN } from '../../testing/system.ts';

const LIMIT_MS = 10_000;

let database: TestDatabaseServer;
let redis: TestRedis;
let orders: TestProcess;
let notifier: TestProcess;
let web: TestProcess;
let session: string;
/** To be ended. */
let otherSession: string;
let serviceToken: string;
let placed: { number: string; token: string };

beforeAll(async () => {
  [database, redis] = await Promise.all([testDatabaseServer(), testRedis()]);
  const settings = systemSettings({ databaseUrl: database.url, redisUrl: redis.url });
  serviceToken = settings.SERVICE_TOKEN;
  await startProcess('migrate', settings, { args: ['--demo'] });
  orders = await startProcess('orders', settings);
  notifier = await startProcess('notifier', { ...settings, ORDERS_URL: orders.url });
  web = await startProcess('web', { ORDERS_URL: orders.url, NOTIFIER_URL: notifier.url });
  const { body } = await ask<typeof placed>(`${orders.url}/orders`, {
    method: 'POST',
    json: order(),
    headers: { 'Idempotency-Key': randomUUID() },
  });
  placed = body;
});

beforeEach(async () => {
  // A sign-in among the calls takes the place of the session it came with.
  session = await signIn(orders.url, TEST_ADMIN);
  otherSession = await signIn(orders.url, TEST_ADMIN);
});

afterEach(async () => {
  for (const part of [database, orders, redis]) part.signal('SIGCONT');
  await expect.poll(async () => (await fetch(`${web.url}/readyz`)).status, { timeout: 20_000 }).toBe(200);
});

interface Call {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}

const fill = (path: string) =>
  path.replace(/[:{]number(?:\{[^}]*\})?\}?/, placed.number).replace(/[:{]token(?:\{[^}]*\})?\}?/, placed.token);
const hasBody = (method: string) => method !== 'GET' && method !== 'HEAD' && method !== 'DELETE';

/** Every call that the API describes, by whoever may make it. */
async function ordersCalls(): Promise<Call[]> {
  const { body } = await ask<{ paths: Record<string, Record<string, { security?: Record<string, unknown>[] }>> }>(
    `${orders.url}/openapi.json`,
  );
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security = [] }]): Call => {
      const isForAdmins = security.some((way) => 'session' in way);
      const token = method === 'delete' ? otherSession : isForAdmins ? session : serviceToken;
      return {
        method: method.toUpperCase(),
        url: `${orders.url}${fill(path)}`,
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': randomUUID(),
          ...(security.length === 0 ? {} : { Authorization: `Bearer ${token}` }),
        },
        ...(hasBody(method.toUpperCase()) ? { body: JSON.stringify(bodyFor(path)) } : {}),
      };
    }),
  );
}

function bodyFor(path: string): object {
  if (path === '/orders') return order();
  if (path === '/sessions') return TEST_ADMIN;
  return { status: 'en_cours', version: 1 };
}

/** Every page and form, as a signed-in admin's browser asks for it. */
async function webCalls(): Promise<Call[]> {
  const { routes } = await buildApp();
  const calls = new Map<string, Call>();
  for (const { method, path } of routes) {
    if (method === 'ALL' || path.includes('*') || path === '/admin/logout' || path === '/readyz') continue;
    calls.set(`${method} ${path}`, {
      method,
      url: `${web.url}${fill(path)}`,
      headers: {
        Accept: 'text/html',
        Cookie: `msp_session=${session}; msp_cart=1x1`,
        'Sec-Fetch-Site': 'same-origin',
        ...(hasBody(method) ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(hasBody(method) ? { body: formFor(path) } : {}),
    });
  }
  return [...calls.values()];
}

function formFor(path: string): string {
  const fields: Record<string, string> =
    path === '/checkout'
      ? { key: randomUUID(), lines: '1x1at100', name: 'Zoé', email: 'zoe@exemple.fr' }
      : { email: TEST_ADMIN.email, password: TEST_ADMIN.password, status: 'en_cours', version: '1', confirmed: '1' };
  return new URLSearchParams(fields).toString();
}

const notifierCalls = (): Call[] =>
  ['/healthz', '/readyz', '/metrics', '/live/order/none', '/nothing'].map((path) => ({
    method: 'GET',
    url: notifier.url + path,
    headers: {},
  }));

/** Makes all calls at once; each has to end in time, with an answer that is somebody's and no accident. */
async function expectAnswers(calls: readonly Call[]): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  await Promise.all(
    calls.map(async ({ method, url, headers, body }) => {
      const start = performance.now();
      const response = await fetch(url, {
        method,
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(2 * LIMIT_MS),
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      const call = `${method} ${new URL(url).pathname} ${response.status}`;
      expect(performance.now() - start, call).toBeLessThan(LIMIT_MS);
      expect([500, 502], call).not.toContain(response.status);
      // Whoever asked for a page gets one, in the shop's language.
      if (response.status >= 503 && headers.Accept === 'text/html') expect(text, call).toContain('<html lang="fr">');
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }),
  );
  return statuses;
}

describe('every request ends within ten seconds', () => {
  test('with the database frozen, at orders and at web', async () => {
    const calls = [...(await ordersCalls()), ...(await webCalls()), ...notifierCalls()];
    expect(calls.length).toBeGreaterThan(30);
    database.signal('SIGSTOP');
    const statuses = await expectAnswers(calls);
    expect(statuses.get(503)).toBeGreaterThan(10);
  });

  test('with the orders service frozen, at web and at the notifier', async () => {
    const calls = [...(await webCalls()), ...notifierCalls()];
    orders.signal('SIGSTOP');
    const statuses = await expectAnswers(calls);
    expect(statuses.get(503)).toBeGreaterThan(10);
  });

  test('with Redis frozen, as if nothing were', async () => {
    const calls = [...(await ordersCalls()), ...(await webCalls())].filter(({ method }) => method === 'GET');
    redis.signal('SIGSTOP');
    const statuses = await expectAnswers(calls);
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
  });
});

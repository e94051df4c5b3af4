import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import { signSessionToken } from '../../../shared/contracts/session-token.ts';
import { trustHops } from '../../../shared/process/client-address.ts';
import { createLogger } from '../../../shared/process/log.ts';
import { createMetrics } from '../../../shared/process/metrics.ts';
import { createApp } from '../app.ts';
import { createPasswordChecker } from '../check-password.ts';
import { connect, READS_POOL } from '../connect.ts';
import { createDurability } from '../durability.ts';
import { createIntake, INTAKE_DEFAULTS } from '../intake.ts';
import { createOrderMetrics } from '../metrics.ts';
import { ask, HONEY, order, PRODUCTS_SQL, place } from './api.ts';
import { type Schema, violations } from './conform.ts';

let orders: TestOrders;
let admin: string;
beforeAll(async () => {
  orders = await startOrders();
  await orders.db.query(PRODUCTS_SQL);
  admin = await signIn(orders.url, TEST_ADMIN);
});

/** The routes as they are mounted; nothing is asked of the app itself. */
function allRoutes(): { method: string; path: string }[] {
  const db = connect(orders.db.url, READS_POOL);
  const registry = createMetrics('orders');
  const app = createApp({
    reads: db,
    changes: db,
    intake: createIntake({ ...INTAKE_DEFAULTS, place: async () => [] }),
    durability: createDurability(db),
    announce: () => {},
    announceCatalogue: () => {},
    passwords: createPasswordChecker(),
    shop: { timeZone: 'UTC', currency: 'EUR', secret: '' },
    sessionSecret: '',
    serviceToken: '',
    trustsProxy: trustHops(0),
    registry,
    metrics: createOrderMetrics(registry),
    log: createLogger('orders', 'silent'),
  });
  const routes = new Map(
    app.routes
      .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
      .map(({ method, path }) => [`${method} ${path}`, { method, path }]),
  );
  return [...routes.values()];
}

const OPEN = new Set([
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'GET /openapi.json',
  'GET /products',
  'GET /pictures/:hash',
  'POST /orders',
  'GET /orders/by-token/:token',
  'POST /orders/by-token/:token/cancel',
  'POST /find-order',
  'POST /sessions',
  'POST /sessions/second-step',
  'POST /invitations/find',
  'POST /invitations/accept',
]);
const FOR_SERVICES_TOO = new Set(['GET /events']);
const FOR_SERVICES_ALONE = new Set(['GET /sessions/revoked']);
const withParameters = (path: string) =>
  path.replace(':number', 'CMD-20200101-ABC123').replace(':token', 'x').replace(':productId', '1');

describe('every route', () => {
  test('but the open ones is closed to strangers', async () => {
    const routes = allRoutes();
    expect(routes.length).toBeGreaterThan(OPEN.size);
    for (const { method, path } of routes) {
      const url = `${orders.url}${withParameters(path)}`;
      const strangers = [undefined, 'x', `${admin.slice(0, -2)}AA`];
      for (const token of strangers) {
        const { status } = await ask(url, { method, ...(token ? { token } : {}) });
        if (OPEN.has(`${method} ${path}`)) expect([path, status]).not.toEqual([path, 401]);
        else expect([method, path, status]).toEqual([method, path, 401]);
      }
      expect((await ask(url, { method, headers: { Cookie: `msp_session=${admin}` } })).status).toBe(
        OPEN.has(`${method} ${path}`) ? (await ask(url, { method })).status : 401,
      );
    }
  });

  test('that is closed is either for admins or for services', async () => {
    for (const { method, path } of allRoutes().filter(({ method, path }) => !OPEN.has(`${method} ${path}`))) {
      const route = `${method} ${path}`;
      const json = method === 'PATCH' ? { status: 'en_cours', version: 1 } : undefined;
      const token = path === '/sessions/current' ? await signIn(orders.url, TEST_ADMIN) : admin;
      const url = `${orders.url}${withParameters(path)}`;
      const asAdmin = await ask(url, { method, token, json });
      const asService = await ask(url, { method, token: orders.settings.SERVICE_TOKEN, json });
      expect([route, asAdmin.status === 403]).toEqual([route, FOR_SERVICES_ALONE.has(route)]);
      const servicesMay = FOR_SERVICES_ALONE.has(route) || FOR_SERVICES_TOO.has(route);
      expect([route, asService.status === 403]).toEqual([route, !servicesMay]);
    }
  });

  test('answers other methods with 405 and those it has', async () => {
    for (const [path, allow] of [
      ['/products', 'GET, HEAD, POST'],
      ['/orders', 'GET, HEAD, POST'],
      ['/orders/CMD-20200101-ABC123', 'GET, HEAD, PATCH'],
      ['/sessions', 'POST'],
    ] as const) {
      const answer = await ask(`${orders.url}${path}`, { method: 'PUT' });
      expect([answer.status, answer.body.code, answer.headers.get('allow')]).toEqual([
        405,
        'method_not_allowed',
        allow,
      ]);
    }
  });
});

describe('a session', () => {
  test('needs the right password, and tells nobody which part was wrong', async () => {
    const login = (email: string, password: string) =>
      ask(`${orders.url}/sessions`, { method: 'POST', json: { email, password } });
    const wrong = await login(TEST_ADMIN.email, 'wrong');
    const unknown = await login('nobody@msp.example', 'wrong');
    expect(wrong).toMatchObject({ status: 401, body: { code: 'bad_credentials' } });
    expect(unknown.body).toEqual(wrong.body);
    expect((await login(TEST_ADMIN.email, '')).status).toBe(400);
    expect((await login(TEST_ADMIN.email, TEST_ADMIN.password)).status).toBe(201);
  });

  test('ends when it is ended, for good, and is on the list of the ended', async () => {
    const token = await signIn(orders.url, TEST_ADMIN);
    const current = () => ask(`${orders.url}/sessions/current`, { token });
    expect(await current()).toMatchObject({ status: 200, body: { name: 'admin', email: TEST_ADMIN.email } });
    expect((await ask(`${orders.url}/sessions/current`, { method: 'DELETE', token })).status).toBe(204);
    expect((await current()).status).toBe(401);
    const list = await ask<{ revoked: string[] }>(`${orders.url}/sessions/revoked`, {
      token: orders.settings.SERVICE_TOKEN,
    });
    expect(list.body.revoked).toContain(token.split('.')[0]);
    expect((await ask(`${orders.url}/sessions/current`, { token: admin })).status).toBe(200);
  });

  test('that somebody signed with another secret is none', async () => {
    const sessionId = admin.split('.')[0]!;
    const forged = signSessionToken('x'.repeat(32), { sessionId, expiresAtMs: Date.now() + 1e6 });
    const expired = signSessionToken(orders.settings.SESSION_SECRET, { sessionId, expiresAtMs: Date.now() - 1000 });
    for (const token of [forged, expired]) expect((await ask(`${orders.url}/stats`, { token })).status).toBe(401);
  });

  test('cannot be opened by trying without end: what is too much is told 429, and orders go on', async () => {
    const tries = Array.from({ length: 60 }, () =>
      ask(`${orders.url}/sessions`, { method: 'POST', json: { email: 'nobody@msp.example', password: 'x' } }),
    );
    const placed = await place(orders.url);
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(placed.status).toBe(201);
  });
});

describe('hostile requests', () => {
  const send = (asking: Parameters<typeof ask>[1]) =>
    ask(`${orders.url}/orders`, { method: 'POST', ...asking, headers: { 'Idempotency-Key': 'k', ...asking?.headers } });

  test.each([
    ['no JSON', { raw: '{' }],
    ['nothing', { raw: '' }],
    ['null', { raw: 'null' }],
    ['a list', { raw: '[]' }],
    ['a number', { raw: '1' }],
    ['deep nesting', { raw: '['.repeat(30_000) }],
    ['a prototype', { raw: `{"__proto__":{"x":1},${JSON.stringify(order()).slice(1)}` }],
    ['an unknown field', { json: { ...order(), total: 1 } }],
    ['an unknown field of a line', { json: { ...order(), lines: [{ productId: 1, quantity: 1, price: 0 }] } }],
    ['half a unit', { json: { ...order(), lines: [{ productId: 1, quantity: 1.5 }] } }],
    ['less than nothing', { json: { ...order(), lines: [{ productId: 1, quantity: -1 }] } }],
    ['a number as text', { json: { ...order(), lines: [{ productId: '1', quantity: 1 }] } }],
    ['an object for a name', { json: { ...order(), name: { toString: 'x' } } }],
    ['a huge number', { raw: JSON.stringify(order()).replace('"productId":1', '"productId":1e400') }],
    [
      'more of a product than may be, in two lines',
      { json: order({ lines: [60, 60].map((quantity) => ({ productId: HONEY, quantity })) }) },
    ],
    ['a control character', { json: order({ name: 'a\0b' }) }],
    ['half a character', { raw: JSON.stringify(order()).replace('Zoé', '\\ud800') }],
    ['another encoding', { raw: new Uint8Array(Buffer.from(JSON.stringify(order()), 'latin1')) }],
    ['a long name', { json: order({ name: 'x'.repeat(121) }) }],
    ['a bad key', { json: order(), headers: { 'Idempotency-Key': 'a b' } }],
    ['an empty key', { json: order(), headers: { 'Idempotency-Key': '' } }],
    ['a long key', { json: order(), headers: { 'Idempotency-Key': 'k'.repeat(256) } }],
  ])('with %s are told 400', async (_, asking) => {
    const answer = await send(asking);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  test('of another type, size or site are refused', async () => {
    expect((await send({ json: order(), headers: { 'Content-Type': 'text/plain' } })).status).toBe(415);
    expect((await send({ json: order(), headers: { 'Content-Type': 'application/jsonp' } })).status).toBe(415);
    expect((await send({ json: order(), headers: { 'Content-Encoding': 'gzip' } })).status).toBe(415);
    expect((await send({ raw: ' '.repeat(65 * 1024) })).status).toBe(413);
    expect((await send({ json: order(), headers: { Origin: 'https://evil.example' } })).status).toBe(403);
  });

  test('are told nothing of what another site may do, because it may do nothing', async () => {
    const asked = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' };
    for (const path of ['/orders', '/sessions', '/events', '/stats']) {
      const { status, headers } = await ask(`${orders.url}${path}`, { method: 'OPTIONS', headers: asked });
      expect([path, status]).toEqual([path, 405]);
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  test('that do not say how long they are get the same answers as those that do', async () => {
    const streamed = async (body: string, key: string) => {
      const response = await fetch(`${orders.url}/orders`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
        body: new Blob([body]).stream(),
        duplex: 'half',
      });
      return response.status;
    };
    expect(await streamed(JSON.stringify(order()), randomUUID())).toBe(201);
    expect(await streamed(' '.repeat(65 * 1024), randomUUID())).toBe(413);
    expect(await streamed('{', randomUUID())).toBe(400);
  });

  test('for paths that nobody has are told 404', async () => {
    for (const path of [
      '/orders/by-token/a%00b',
      '/orders/by-token/%ff',
      '/orders/by-token/0',
      `/orders/by-token/${'A'.repeat(32)}`,
    ])
      expect((await ask(`${orders.url}${path}`)).status).toBe(404);
    for (const path of ['/orders/0', '/orders/%00', '/nothing', "/orders/CMD-20200101-ABC12'"])
      expect((await ask(`${orders.url}${path}`, { token: admin })).status).toBe(404);
  });
});

test('/openapi.json describes every route, and answers are as it says', async () => {
  interface Operation {
    responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
  }
  const { body: document } = await ask<{ openapi: string; paths: Record<string, Record<string, Operation>> }>(
    `${orders.url}/openapi.json`,
  );
  expect(document.openapi).toBe('3.1.0');
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/{(\w+)}/g, ':$1')}`),
  );
  const undescribed = new Set(['GET /healthz', 'GET /readyz', 'GET /metrics', 'GET /openapi.json']);
  const mounted = allRoutes().map(({ method, path }) => `${method} ${path}`);
  expect(described.sort()).toEqual(mounted.filter((route) => !undescribed.has(route)).sort());

  const { body: placed } = await place(orders.url, order({ phone: '06 12 34 56 78' }));
  const samples: [string, string, string, Parameters<typeof ask>[1]?][] = [
    ['get', '/products', '/products'],
    ['post', '/orders', '/orders', { json: order(), headers: { 'Idempotency-Key': 'sample' } }],
    ['post', '/orders', '/orders', { json: {}, headers: { 'Idempotency-Key': 'sample' } }],
    ['post', '/orders', '/orders', { json: order({ expectedTotalCents: 3 }), headers: { 'Idempotency-Key': 'other' } }],
    ['post', '/orders', '/orders', { json: order({ name: 'X' }), headers: { 'Idempotency-Key': 'sample' } }],
    ['get', '/orders/by-token/{token}', `/orders/by-token/${placed.token}`],
    ['get', '/orders/by-token/{token}', '/orders/by-token/x'],
    ['post', '/find-order', '/find-order', { json: { number: placed.number, email: order().email } }],
    ['post', '/find-order', '/find-order', { json: { number: placed.number, email: 'other@exemple.fr' } }],
    ['post', '/orders/by-token/{token}/cancel', '/orders/by-token/x/cancel', { json: { version: 1 } }],
    ['post', '/sessions', '/sessions', { json: TEST_ADMIN }],
    ['get', '/orders', '/orders', { token: admin }],
    ['get', '/orders', '/orders?limit=x', { token: admin }],
    ['get', '/orders/{number}', `/orders/${placed.number}`, { token: admin }],
    [
      'patch',
      '/orders/{number}',
      `/orders/${placed.number}`,
      { json: { status: 'en_cours', version: 1 }, token: admin },
    ],
    [
      'patch',
      '/orders/{number}',
      `/orders/${placed.number}`,
      { json: { status: 'annulee', version: 1 }, token: admin },
    ],
    ...(['find', 'export', 'erase'] as const).flatMap((what): typeof samples => [
      ['post', `/customers/${what}`, `/customers/${what}`, { json: { email: order().email }, token: admin }],
      ['post', `/customers/${what}`, `/customers/${what}`, { json: { email: 'x' }, token: admin }],
    ]),
    ['get', '/stats', '/stats', { token: admin }],
    ['get', '/stats', '/stats'],
    ['get', '/events', '/events', { token: admin }],
    ['get', '/events', '/events?after=abcdefghijkl.1', { token: admin }],
    ['get', '/sessions/current', '/sessions/current', { token: admin }],
    ['get', '/sessions/revoked', '/sessions/revoked', { token: orders.settings.SERVICE_TOKEN }],
  ];
  for (const [method, route, path, asking] of samples) {
    const answer = await ask(`${orders.url}${path}`, { method: method.toUpperCase(), ...asking });
    const content = document.paths[route]![method]!.responses[answer.status]?.content;
    const type = answer.headers.get('content-type')!;
    expect([method, path, answer.status, content && Object.keys(content)]).toEqual([
      method,
      path,
      answer.status,
      [type],
    ]);
    expect([method, path, violations(content![type]!.schema, answer.body)]).toEqual([method, path, []]);
  }
});

import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabaseServer, testDatabaseServer } from '../../scripts/testing/database-server.ts';
import { readDescription } from '../../scripts/testing/hostile/description.ts';
import { type AddressRecorder, recordAddresses } from '../../scripts/testing/hostile/record-addresses.ts';
import { HOSTILE_TEXTS } from '../../scripts/testing/hostile/text-cases.ts';
import { startProcess, type TestProcess } from '../../scripts/testing/process.ts';
import { type TestRedis, testRedis } from '../../scripts/testing/redis.ts';
import { signIn, systemSettings } from '../../scripts/testing/system.ts';
import { newShopperToken } from '../../shared/contracts/shopper-token.ts';

// A whole life of a shop, with everything said at LOG_LEVEL=trace, and failures of every kind; afterwards every log,
// every metric and every address is searched for whatever must not be there.

/** Nobody else in the world has these. */
const MARKED = {
  name: 'Zéphyrine Marquée-Nom',
  email: 'zephyrine.marquee@courriel.exemple',
  phone: '06 98 76 54 32',
  notes: 'sonnette Marquée-Notes',
  wrongName: 'Marquée\u0000Nulle',
  wrongEmail: 'marquee@@courriel',
  wrongPassword: 'marque-de-passe-faux',
  admin: 'gerante.marquee@boutique.exemple',
  password: 'marque-de-passe-vrai-et-long',
};
/** Marked too, but made while the shop lives. */
const made: Record<string, string> = {};
/** Shoppers' tokens: in the link itself they may be, and nowhere else. */
const tokens: string[] = [];
const numbers: string[] = [];

let server: TestDatabaseServer;
let redis: TestRedis;
let settings: Record<string, string>;
let processes: TestProcess[];
let recorders: AddressRecorder[];
let web: TestProcess;
let orders: TestProcess;
let notifier: TestProcess;
const led: string[] = [];

beforeAll(async () => {
  [server, redis] = await Promise.all([testDatabaseServer(), testRedis()]);
  settings = {
    ...systemSettings({ databaseUrl: server.url, redisUrl: redis.url }),
    ADMIN_EMAIL: MARKED.admin,
    ADMIN_PASSWORD: MARKED.password,
    LOG_LEVEL: 'trace',
  };
  const migrate = await startProcess('migrate', settings, { args: ['--demo'] });
  orders = await startProcess('orders', settings);
  const toOrders = await recordAddresses(orders.url);
  notifier = await startProcess('notifier', { ...settings, ORDERS_URL: toOrders.url });
  const toNotifier = await recordAddresses(notifier.url);
  web = await startProcess('web', { ...settings, ORDERS_URL: toOrders.url, NOTIFIER_URL: toNotifier.url });
  processes = [migrate, orders, notifier, web];
  recorders = [toOrders, toNotifier];
  await live();
});

/** A browser without a screen: follows nothing, and writes down where it would be led. */
async function visit(path: string, init: { form?: Record<string, string>; cookie?: string } = {}): Promise<Response> {
  const response = await fetch(web.url + path, {
    method: init.form ? 'POST' : 'GET',
    headers: {
      Accept: 'text/html',
      Origin: web.url,
      ...(init.cookie ? { Cookie: init.cookie } : {}),
    },
    ...(init.form ? { body: new URLSearchParams(init.form) } : {}),
    redirect: 'manual',
    signal: AbortSignal.timeout(20_000),
  });
  led.push(response.headers.get('location') ?? '');
  return response;
}

const customer = { name: MARKED.name, email: MARKED.email, phone: MARKED.phone, notes: MARKED.notes };
const lines = [{ productId: 1, quantity: 1 }];

function place(body: unknown, key: string = randomUUID()): Promise<Response> {
  return fetch(`${orders.url}/orders`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Opens a stream and reads its first bytes. */
async function listen(path: string, cookie = ''): Promise<void> {
  const controller = new AbortController();
  const response = await fetch(web.url + path, { headers: { Cookie: cookie }, signal: controller.signal });
  await response.body?.getReader().read();
  controller.abort();
}

async function live(): Promise<void> {
  const { products } = (await (await fetch(`${orders.url}/products`)).json()) as {
    products: { id: number; priceCents: number }[];
  };
  const seen = `1x1at${products.find(({ id }) => id === 1)!.priceCents}`;
  const checkOut = (fields: Record<string, string> = {}) =>
    visit('/checkout', { form: { key: randomUUID(), lines: seen, ...customer, ...fields } });
  const remember = async (response: Response) => {
    const { number, token } = (await response.json()) as { number: string; token: string };
    tokens.push(token);
    numbers.push(number);
    return { number, token };
  };

  // A shopper.
  await visit('/');
  await visit('/cart/lines', { form: { productId: '1' } });
  const confirmed = await checkOut();
  expect(confirmed.status).toBe(303);
  const token = confirmed.headers.get('location')!.split('/').at(-1)!;
  tokens.push(token);
  await visit(`/orders/${token}`);
  await visit(`/orders/${token}/status?version=0`);
  await listen(`/live/order/${token}`);
  made.key = randomUUID();
  const first = await remember(await place({ ...customer, lines }, made.key));

  // The admin.
  for (const password of [MARKED.wrongPassword, MARKED.password]) {
    await visit('/admin/login', { form: { email: MARKED.admin, password, next: '/admin/orders' } });
  }
  made.session = await signIn(orders.url, { email: MARKED.admin, password: MARKED.password });
  const cookie = `msp_session=${made.session}`;
  for (const path of ['/admin', '/admin/orders', '/admin/orders/rows', `/admin/orders/${first.number}`]) {
    expect((await visit(path, { cookie })).status).toBe(200);
  }
  await visit('/find-order', { form: { number: first.number, email: MARKED.wrongEmail } });
  await visit('/find-order', { form: { number: first.number, email: 'autre@courriel.exemple' } });
  const found = await visit('/find-order', { form: { number: first.number, email: MARKED.email } });
  expect(found.headers.get('location')).toBe(`/orders/${first.token}`);
  await visit(`/orders/${token}/cancel`);
  expect((await visit(`/orders/${token}/cancel`, { form: { version: '1' } })).status).toBe(303);
  await listen('/live/orders', cookie);
  await visit(`/admin/orders/${first.number}/status`, {
    cookie,
    form: { status: 'annulee', version: '1', confirmed: '1' },
  });
  const asAdmin = { headers: { Authorization: `Bearer ${made.session}` } };
  await fetch(`${orders.url}/events`, asAdmin);
  await visit('/admin/customers', { cookie, form: { email: MARKED.email } });
  await visit('/admin/customers/export', { cookie, form: { email: MARKED.email } });
  await visit('/admin/customers/erase', { cookie, form: { email: MARKED.email, confirmed: '1' } });

  // What is refused.
  const bodies = [
    { ...customer, name: MARKED.wrongName, lines },
    { ...customer, email: MARKED.wrongEmail, lines },
    { ...customer, lines: [] },
    { ...customer, lines: [{ productId: 999, quantity: 1 }] },
    { ...customer, lines, expectedTotalCents: 1 },
    { ...customer, lines, [MARKED.name]: MARKED.email },
    JSON.stringify({ ...customer, lines }).slice(0, -3),
    `${JSON.stringify(customer).slice(0, -1)},"name":${JSON.stringify(MARKED.name)}}`,
    MARKED.name,
    ...HOSTILE_TEXTS.slice(0, 5).map(({ text }) => ({ ...customer, phone: `${MARKED.phone}${text}`, lines })),
  ];
  for (const body of bodies) expect((await place(body)).status).toBeGreaterThanOrEqual(400);
  expect((await place({ ...customer, lines: [{ productId: 1, quantity: 2 }] }, made.key)).status).toBe(422);
  await checkOut({ email: MARKED.wrongEmail });
  await checkOut({ name: MARKED.wrongName });
  await visit(`/orders/${token.slice(1)}x`);
  await visit('/admin', { cookie: `${cookie}x` });
  await visit(`/admin/login?next=/admin/orders`);

  // What fails: the database gone, Redis gone, services gone, and orders asked for all the while.
  await redis.stop();
  await remember(await place({ ...customer, lines }));
  server.signal('SIGKILL');
  await server.exited();
  const failing = await Promise.all([
    place({ ...customer, lines }),
    checkOut(),
    visit(`/orders/${token}`),
    visit('/admin/orders', { cookie }),
    visit('/admin/login', { form: { email: MARKED.admin, password: MARKED.password } }),
    visit('/admin/customers', { cookie, form: { email: MARKED.email } }),
    fetch(`${orders.url}/orders/${first.number}`, asAdmin),
  ]);
  for (const { status } of failing) expect([503, 504]).toContain(status);
  await server.restart();
  await redis.restart();
  orders.signal('SIGSTOP');
  const frozen = visit(`/orders/${token}`);
  orders.signal('SIGCONT');
  await frozen;
  await orders.restart();
  await notifier.stop();
  await visit(`/live/order/${token}`);
  await remember(await place({ ...customer, lines }));
  await visit('/admin/logout', { cookie, form: {} });
  made.secret = settings.SESSION_SECRET!;
  made.service = settings.SERVICE_TOKEN!;
  made.databasePassword = new URL(server.url).password;
}

const metricsOf = async ({ url }: TestProcess) => (await fetch(`${url}/metrics`)).text();

/** Every form in which a text may stand in a log, a metric or an address. */
function forms(text: string): string[] {
  const spaceless = text.replaceAll(' ', '');
  const all = [text, spaceless, encodeURIComponent(text), new URLSearchParams({ x: text }).toString().slice(2)];
  return [...new Set([...all, JSON.stringify(text).slice(1, -1)])];
}

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

const secrets = () => Object.entries({ ...MARKED, ...made });

describe('after a whole life of a shop nothing personal and no secret', () => {
  test('stands in any log, though everything was said that there is to say', () => {
    const logs = processes.map((process) => [process.name, process.logs()] as const);
    for (const [name, log] of logs) {
      expect(log.length, name).toBeGreaterThan(50);
      for (const [what, text] of secrets()) {
        for (const form of forms(text)) expect([name, what, log.includes(form)]).toEqual([name, what, false]);
      }
      for (const token of tokens) expect([name, 'token', log.includes(token)]).toEqual([name, 'token', false]);
      // A line of log that somebody forged, or a colour for the terminal, would not be JSON.
      for (const line of log.trim().split('\n')) expect([name, isJson(line), line]).toEqual([name, true, line]);
    }
    // The life had failures to tell of, and they were told.
    expect(logs.map(([, log]) => log).join()).toContain('request failed');
  });

  test('stands in any metric', async () => {
    for (const process of [orders, web]) {
      const metrics = await metricsOf(process);
      for (const text of [...secrets().map(([, text]) => text), ...tokens, ...numbers]) {
        expect([process.name, text, metrics.includes(text)]).toEqual([process.name, text, false]);
      }
    }
  });

  test("stands in any address, but a shopper's token in the link itself", () => {
    const addresses = [...recorders.flatMap((recorder) => recorder.addresses), ...led];
    expect(addresses.length).toBeGreaterThan(30);
    for (const address of addresses) {
      for (const [what, text] of secrets()) {
        for (const form of forms(text)) expect([what, address, address.includes(form)]).toEqual([what, address, false]);
      }
      for (const token of tokens) {
        const isLink =
          /(^| )(\/orders\/by-token\/|\/orders\/|\/live\/order\/)[\w-]{32}(\/status|\/cancel)?(\?version=\d+)?$/.test(
            address,
          );
        expect([address, address.includes(token) && !isLink]).toEqual([address, false]);
      }
    }
  });
});

describe("a shopper's token", () => {
  test('has 128 bits of chance, each as likely as not', () => {
    const COUNT = 4000;
    const ones = new Array<number>(128).fill(0);
    const seen = new Set<string>();
    for (let i = 0; i < COUNT; i += 1) {
      const random = Buffer.from(newShopperToken('x'.repeat(32)), 'base64url').subarray(0, 16);
      seen.add(random.toString('hex'));
      for (let bit = 0; bit < 128; bit += 1) ones[bit]! += (random[bit >> 3]! >> (bit & 7)) & 1;
    }
    expect(seen.size).toBe(COUNT);
    // Six standard deviations: wrong once in a few million runs.
    for (const count of ones) expect(Math.abs(count - COUNT / 2)).toBeLessThan(6 * Math.sqrt(COUNT / 4));
  });

  test('cannot be done without: the number opens nothing, on any route of any service', async () => {
    const operations = await readDescription<unknown>(orders.url);
    const [number] = numbers as [string];
    const tried: [string, Response][] = [];
    for (const { method, path } of operations.filter((operation) => operation.path.includes('{'))) {
      const sent = path.endsWith('/cancel') ? { version: 1 } : { status: 'en_cours', version: 1 };
      const body = ['PATCH', 'POST'].includes(method) ? { body: JSON.stringify(sent) } : {};
      const headers = { 'Content-Type': 'application/json' };
      const target = path.replace(/\{\w+\}/g, number);
      tried.push([`${method} ${path}`, await fetch(orders.url + target, { method, headers, ...body })]);
    }
    for (const path of [
      '/orders/N',
      '/orders/N/status',
      '/admin/orders/N',
      '/admin/orders/N/detail',
      '/live/order/N',
    ]) {
      tried.push([path, await visit(path.replace('N', number))]);
    }
    tried.push([
      '/admin/orders/N/status',
      await visit(`/admin/orders/${number}/status`, { form: { status: 'en_cours', version: '1' } }),
    ]);
    await notifier.restart();
    tried.push(['notifier', await fetch(`${notifier.url}/live/order/${number}`)]);
    for (const [what, response] of tried) {
      const text = await response.text();
      const isSentAway = response.headers.get('location')?.startsWith('/admin/login') ?? false;
      // Where an address holds no number but a picture's hash, it says so.
      const refusals = what === 'GET /pictures/{hash}' ? [400] : [401, 404, 503];
      expect([what, refusals.includes(response.status) || isSentAway]).toEqual([what, true]);
      expect([what, /Marqu|marqu|priceCents|totalCents/.test(text)]).toEqual([what, false]);
    }
  });
});

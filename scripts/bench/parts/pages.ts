import { Agent } from 'node:http';
import { Visitor } from '../../smoke/visitor.ts';
import { get } from '../clients/get.ts';
import { letShoppersOrder } from '../clients/shoppers.ts';
import { type Figures, MSP } from '../figures.ts';
import { type Program, startProgram } from '../servers/program.ts';
import { HOT_PRODUCTS, PRODUCTS, type ShopSettings, startGround, startNotifier, startOrders } from '../servers/shop.ts';
import type { Workbench } from '../workbench.ts';

const REQUESTS = { full: 200, quick: 60, smoke: 20 } as const;
/** Of each page, before any is measured: a server that is open all day is warm. */
const WARM_UP = { full: 400, quick: 60, smoke: 10 } as const;
/** What the order table shows at most. */
const ROWS = 50;
const CART_LINES = 3;

interface Page {
  at: string;
  path: string;
  cookie: string;
  /** What must stand in it, so that no error page is measured. */
  shows: string;
}

/**
 * Pages one at a time, over one kept connection, compressed as browsers ask for them. The CPU is that of web and orders
 * together. Beside each stands the least that the same process can answer: `/healthz`, which draws nothing.
 */
export async function benchPages(bench: Workbench, figures: Figures): Promise<void> {
  const ground = await startGround(bench, 'other');
  try {
    const shop = await ground.newShop();
    const orders = await startOrders(bench, shop, 'measured');
    const notifier = await startNotifier(bench, shop, orders.url, 'measured');
    const env = { ORDERS_URL: orders.url, NOTIFIER_URL: notifier.url };
    const web = await startProgram(bench, { name: 'web', file: 'web.js', place: 'measured', env });
    const load = { connections: 1, seconds: 1, rate: ROWS, products: PRODUCTS, hot: HOT_PRODUCTS } as const;
    await letShoppersOrder(bench, { ...load, port: orders.port, place: 'other' });
    const pages = await visit(web, shop);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const count = REQUESTS[bench.extent];
    for (const page of [...pages, HEALTH]) await ask(agent, web, page, WARM_UP[bench.extent]);
    for (let round = 0; round < bench.rounds; round += 1) {
      for (const page of pages) {
        note(figures, page.at, MSP, await measure(agent, [web, orders], page, count));
        note(figures, page.at, '/healthz', await measure(agent, [web, orders], HEALTH, count));
      }
    }
    agent.destroy();
    await Promise.all([web.stop(), notifier.stop(), orders.stop()]);
  } finally {
    await ground.stop();
  }
}

const HEALTH: Page = { at: '/healthz', path: '/healthz', cookie: '', shows: '' };

/** A shopper with things in the cart, and an admin who has signed in. */
async function visit(web: Program, shop: ShopSettings): Promise<Page[]> {
  const shopper = new Visitor(web.url);
  await shopper.get('/');
  for (let id = 1; id <= CART_LINES; id += 1) await shopper.post('/cart/lines', { productId: String(id) });
  const admin = new Visitor(web.url);
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = shop;
  const answer = await admin.post('/admin/login', { email, password, next: '/admin/orders' });
  if (answer.status !== 303) throw new Error(`The admin's login was answered ${answer.status}.`);
  const table = '/admin/orders';
  const cursor = /data-cursor="([^"]+)"/.exec((await admin.get(table)).html)?.[1];
  const cookie = admin.cookieHeader;
  return [
    { at: '/', path: '/', cookie: '', shows: 'Miel de lavande' },
    { at: `/cart, ${CART_LINES} lines`, path: '/cart', cookie: shopper.cookieHeader, shows: 'Miel de lavande' },
    { at: `${table}, ${ROWS} rows`, path: table, cookie, shows: 'order-steps' },
    { at: `${table}, its ${ROWS} rows anew`, path: `${table}/rows`, cookie, shows: 'order-steps' },
    { at: `${table}, a poll without news`, path: `${table}/rows?after=${cursor}`, cookie, shows: '' },
    { at: '/admin', path: '/admin', cookie, shows: 'id="figures"' },
  ];
}

interface Sample {
  cpuMs: number;
  bytes: number;
  perSecond: number;
}

function note(figures: Figures, at: string, name: string, { cpuMs, bytes, perSecond }: Sample): void {
  figures.add(at, 'CPU a page', 'ms', name, cpuMs);
  figures.add(at, 'pages a second, one at a time', '', name, perSecond);
  figures.add(at, 'compressed', 'bytes', name, bytes);
}

async function measure(agent: Agent, servers: readonly Program[], page: Page, count: number): Promise<Sample> {
  const cpuUs = () => servers.reduce((sum, server) => sum + server.cost().cpuUs, 0);
  const before = cpuUs();
  const from = performance.now();
  const bytes = await ask(agent, servers[0]!, page, count);
  const ms = performance.now() - from;
  return { cpuMs: (cpuUs() - before) / 1000 / count, bytes, perSecond: (1000 * count) / ms };
}

/** @returns the bytes of the last body, as compressed */
async function ask(agent: Agent, { port }: Program, page: Page, count: number): Promise<number> {
  const { path, cookie } = page;
  const headers = { Accept: 'text/html', ...(cookie ? { Cookie: cookie } : {}) };
  const plain = await get(agent, port, path, headers);
  if (!plain.toString('utf8').includes(page.shows)) throw new Error(`${path} does not show «${page.shows}».`);
  const compressed = { ...headers, 'Accept-Encoding': 'br, gzip' };
  let bytes = 0;
  for (let i = 0; i < count; i += 1) bytes = (await get(agent, port, path, compressed)).length;
  return bytes;
}

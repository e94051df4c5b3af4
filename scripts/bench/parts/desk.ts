import { Agent } from 'node:http';
import { connect, READS_POOL } from '../../../services/orders/connect.ts';
import type { Durability } from '../../../services/orders/durability.ts';
import { listOrders } from '../../../services/orders/list-orders.ts';
import { addDays } from '../../../services/orders/shop-day.ts';
import { OrderListQuery } from '../../../shared/contracts/order.ts';
import { SESSION_COOKIE } from '../../../shared/contracts/session.ts';
import { PERIODS } from '../../../shared/contracts/stats.ts';
import { get } from '../clients/get.ts';
import { forgetPeak } from '../cost.ts';
import { type Figures, MSP } from '../figures.ts';
import { type Program, startProgram } from '../servers/program.ts';
import { type Ground, newOldShop, type ShopSettings, signIn, startGround, startOrders } from '../servers/shop.ts';
import { median } from '../statistics.ts';
import type { Workbench } from '../workbench.ts';

const STEPS = {
  full: { orders: 1_000_000, reads: 40 },
  quick: { orders: 20_000, reads: 10 },
  smoke: { orders: 1_000, reads: 2 },
} as const;
/** What many would write, straight to the database: without a service around it, and still slower. */
const PLAIN = 'plain SQL';

interface Question {
  path: string;
  /** What is asked at the database for the same, where there is a usual way. */
  plain?: string;
}

/**
 * Each question of the desk, as a request of its own to orders: session, snapshot, rows, lines and counts included. And
 * once the whole table as a file, through web.
 */
export async function benchDesk(bench: Workbench, figures: Figures): Promise<void> {
  const { orders, reads } = STEPS[bench.extent];
  const ground = await startGround(bench, 'other');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const shop = await newOldShop(ground, orders);
    const server = await startOrders(bench, shop, 'measured');
    const session = await signIn(server.url, shop);
    const headers = { Authorization: `Bearer ${session}` };
    const questions = await askable(ground, shop, orders);
    const at = `${orders.toLocaleString('en')} orders`;
    for (const { path } of Object.values(questions)) await get(agent, server.port, path, headers);
    for (let round = 0; round < bench.rounds; round += 1) {
      for (const [what, { path, plain }] of Object.entries(questions)) {
        figures.add(at, what, 'ms', MSP, await time(reads, () => get(agent, server.port, path, headers)));
        // It takes up to a second each time.
        if (plain) figures.add(at, what, 'ms', PLAIN, await time(3, () => ground.query(shop, plain)));
      }
      await timeQueries(figures, at, shop, questions, reads);
    }
    await exportAll(bench, figures, at, server, session);
    await server.stop();
  } finally {
    agent.destroy();
    await ground.stop();
  }
}

/** The pages of orders once more, without HTTP: what they cost in the database and its driver, rows made orders. */
async function timeQueries(
  figures: Figures,
  at: string,
  shop: ShopSettings,
  questions: Record<string, Question>,
  reads: number,
): Promise<void> {
  const db = connect(shop.DATABASE_URL, READS_POOL);
  // Nobody writes meanwhile, so what is read is durable.
  const durable = { ensure: async () => {} } as unknown as Durability;
  try {
    for (const [what, { path }] of Object.entries(questions)) {
      if (!path.startsWith('/orders?')) continue;
      const search = new URLSearchParams(path.slice('/orders?'.length));
      const query = OrderListQuery.parse(Object.fromEntries(search));
      const ask = () => listOrders(db, durable, query, { timeZone: 'Europe/Paris', adminId: 1 });
      await ask();
      figures.add(at, `${what}: its queries`, 'ms', MSP, await time(reads, ask));
    }
  } finally {
    await db.destroy();
  }
}

/** Both processes on the measured core; their memory is what they hold at most meanwhile. */
async function exportAll(bench: Workbench, figures: Figures, at: string, orders: Program, session: string) {
  const env = { ORDERS_URL: orders.url, NOTIFIER_URL: orders.url };
  const web = await startProgram(bench, { name: 'web', file: 'web.js', place: 'measured', env });
  const both = [orders, web];
  for (const { pid } of both) forgetPeak(pid);
  const cpuUs = () => both.reduce((sum, program) => sum + program.cost().cpuUs, 0);
  const [from, before] = [performance.now(), cpuUs()];
  const headers = { Cookie: `${SESSION_COOKIE}=${session}` };
  const response = await fetch(`${web.url}/admin/orders.csv`, { headers, redirect: 'manual' });
  if (response.status !== 200) throw new Error(`The export was answered ${response.status}.`);
  let rows = -1;
  for await (const chunk of response.body!) for (const byte of chunk) if (byte === LINE_FEED) rows += 1;
  const what = 'export: everything';
  figures.add(at, what, 'rows/s', MSP, rows / ((performance.now() - from) / 1000));
  figures.add(at, what, 'CPU µs a row, web and orders', MSP, (cpuUs() - before) / rows);
  for (const { name, cost } of both) figures.add(at, `${what}, ${name}`, 'MB at most', MSP, cost().peakBytes / 2 ** 20);
  await web.stop();
}

const LINE_FEED = 10;

/** @returns the median, in milliseconds */
async function time(times: number, ask: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const from = performance.now();
    await ask();
    took.push(performance.now() - from);
  }
  return median(took);
}

async function askable(ground: Ground, shop: ShopSettings, orders: number): Promise<Record<string, Question>> {
  const middle = Math.floor(orders / 2);
  const [one] = await ground.query<{ number: string; email: string; name: string; phone: string; day: string }>(
    shop,
    `select number, email, name, phone, date_format(placed_at, '%Y-%m-%d') as day from orders
      where id >= ${middle} and phone is not null order by id limit 1`,
  );
  const { number, email, name, phone, day } = one!;
  const list = (query: Record<string, string>) => `/orders?${new URLSearchParams(query)}`;
  const infix = (text: string) =>
    `select * from orders where name like '%${text}%' or email like '%${text}%' order by id desc limit 50`;
  const [first = '', last = ''] = name.split(' ');
  return {
    ...Object.fromEntries(
      PERIODS.map((period): [string, Question] => [`dashboard: ${period}`, { path: `/stats?period=${period}` }]),
    ),
    'dashboard: month': {
      path: '/stats?period=month',
      plain: `select date(placed_at) as day, status, count(*), sum(total_cents) from orders
        where placed_at >= now() - interval 30 day group by day, status`,
    },
    'an order with its history': { path: `/orders/${number}` },
    'audit: who did what': { path: '/audit' },
    'audit: changes of orders': { path: '/audit/orders' },
    'export: a page of 200': { path: list({ before: String(middle), limit: '200' }) },
    'newest 50': { path: list({}) },
    '50 in the middle': {
      path: list({ before: String(middle) }),
      plain: `select * from orders order by id desc limit 50 offset ${middle}`,
    },
    '50 newer': { path: list({ above: String(middle) }) },
    '50 of a status': { path: list({ status: 'annulee', before: String(middle) }) },
    'counts alone': { path: list({ limit: '1' }), plain: 'select status, count(*) from orders group by status' },
    'search: number': { path: list({ q: number }) },
    'search: half a number': { path: list({ q: number.slice(0, 10) }) },
    'search: e-mail': { path: list({ q: email }), plain: infix(email) },
    'search: name': { path: list({ q: name }) },
    'search: first name': { path: list({ q: first }) },
    'search: last name': { path: list({ q: last }), plain: infix(last) },
    'search: telephone': { path: list({ q: phone }) },
    'search: one letter': { path: list({ q: 'm' }) },
    'filter: a day': { path: list({ from: day, to: day }) },
    'filter: a month': { path: list({ from: addDays(day, -30), to: day }) },
    'filter: usual totals': { path: list({ minCents: '2000', maxCents: '5000' }) },
    'filter: rare totals': { path: list({ minCents: '60000' }) },
    'filter: all of them': {
      path: list({ q: last, status: 'terminee', from: addDays(day, -90), to: day, minCents: '2000' }),
    },
    'filter: free to be taken': { path: list({ claim: 'free' }) },
    'filter: a product': { path: list({ product: '5' }) },
    'filter: a product in 30 days': {
      path: list({ product: '5', stage: 'sold', from: addDays(day, -30), to: day }),
    },
    // Conditions that many orders fulfil, and few together.
    'seldom: a name, cancelled': {
      path: list({ q: last, status: 'annulee' }),
      plain: `select * from orders where status = 'annulee' and (name like '${last}%' or name like '% ${last}%')
        order by id desc limit 50`,
    },
    'seldom: a name, cancelled, costly': { path: list({ q: last, status: 'annulee', minCents: '30000' }) },
    'seldom: the same, newer': { path: list({ q: last, status: 'annulee', above: String(middle) }) },
    'seldom: a telephone, cancelled, costly': { path: list({ q: '06', status: 'annulee', minCents: '30000' }) },
    'seldom: a letter, very costly': { path: list({ q: 'm', minCents: '60000' }) },
    'seldom: a product, a name, cancelled': { path: list({ product: '5', q: last, status: 'annulee' }) },
    'seldom: a year, cancelled, costly': {
      path: list({ from: addDays(day, -365), to: day, status: 'annulee', minCents: '30000' }),
    },
  };
}

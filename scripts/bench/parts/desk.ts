import { Agent } from 'node:http';
import { addDays } from '../../../services/orders/shop-day.ts';
import { get } from '../clients/get.ts';
import { type Figures, MSP } from '../figures.ts';
import { type Ground, newOldShop, type ShopSettings, signIn, startGround, startOrders } from '../servers/shop.ts';
import { median } from '../statistics.ts';
import type { Workbench } from '../workbench.ts';

const STEPS = {
  full: { orders: 1_000_000, reads: 40 },
  quick: { orders: 100_000, reads: 15 },
  smoke: { orders: 1_000, reads: 2 },
} as const;
/** What many would write, straight to the database: without a service around it, and still slower. */
const PLAIN = 'plain SQL';

interface Question {
  path: string;
  /** What is asked at the database for the same, where there is a usual way. */
  plain?: string;
}

/** Each question of the order table, as a request of its own to orders: session, snapshot, rows, lines and counts included. */
export async function benchDesk(bench: Workbench, figures: Figures): Promise<void> {
  const { orders, reads } = STEPS[bench.extent];
  const ground = await startGround(bench, 'other');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const shop = await newOldShop(ground, orders);
    const server = await startOrders(bench, shop, 'measured');
    const headers = { Authorization: `Bearer ${await signIn(server.url, shop)}` };
    const questions = await askable(ground, shop, orders);
    const at = `${orders.toLocaleString('en')} orders`;
    for (const { path } of Object.values(questions)) await get(agent, server.port, path, headers);
    for (let round = 0; round < bench.rounds; round += 1) {
      for (const [what, { path, plain }] of Object.entries(questions)) {
        figures.add(at, what, 'ms', MSP, await time(reads, () => get(agent, server.port, path, headers)));
        // It takes up to a second each time.
        if (plain) figures.add(at, what, 'ms', PLAIN, await time(3, () => ground.query(shop, plain)));
      }
    }
    await server.stop();
  } finally {
    agent.destroy();
    await ground.stop();
  }
}

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
    'dashboard: today': { path: '/stats' },
    'dashboard: 30 days': {
      path: '/stats?period=month',
      plain: `select date(placed_at) as day, status, count(*), sum(total_cents) from orders
        where placed_at >= now() - interval 30 day group by day, status`,
    },
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
  };
}

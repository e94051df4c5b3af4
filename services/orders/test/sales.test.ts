import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import { PERIODS, type Period, type Stats } from '../../../shared/contracts/stats.ts';
import { connect, MIGRATION_POOL } from '../connect.ts';
import type { Db } from '../database.ts';
import { sumUp } from '../sales/sum-up.ts';
import { medianSeconds, waitClass } from '../sales/waits.ts';
import { addDays, dayOf, startOfDay } from '../shop-day.ts';
import { ask, CARD, HONEY, order, type Placed, PRODUCTS_SQL, place } from './api.ts';

const ZONE = 'Europe/Paris';
const today = dayOf(new Date(), ZONE);
let orders: TestOrders;
let admin: string;
let db: Db;
const placed: Placed[] = [];

beforeAll(async () => {
  orders = await startOrders();
  await orders.db.query(PRODUCTS_SQL);
  admin = await signIn(orders.url, TEST_ADMIN);
  db = connect(orders.db.url, MIGRATION_POOL);
  const lines = [
    [{ productId: HONEY, quantity: 2 }],
    [
      { productId: HONEY, quantity: 1 },
      { productId: CARD, quantity: 1 },
    ],
    [{ productId: CARD, quantity: 3 }],
  ];
  for (let i = 0; i < 24; i += 1) placed.push((await place(orders.url, order({ lines: lines[i % 3]! }))).body);
  // Three on each day, the first one at its first instant, the last one at its last.
  for (const [i, { number }] of placed.entries()) {
    const day = addDays(today, -4 * Math.floor(i / 3));
    const [start, end] = [startOfDay(day, ZONE).getTime(), startOfDay(addDays(day, 1), ZONE).getTime()];
    const at = new Date([start, (start + end) / 2, end - 1][i % 3]!);
    await orders.db.query('update orders set placed_at = ? where number = ?', [at, number]);
  }
});

afterAll(() => db.destroy());

const stats = async (period: Period) =>
  (await ask<Stats>(`${orders.url}/stats?period=${period}`, { token: admin })).body;
const allStats = () => Promise.all(PERIODS.map(stats));

async function move(i: number, ...statuses: string[]): Promise<void> {
  for (const status of statuses) {
    const url = `${orders.url}/orders/${placed[i]!.number}`;
    const { body } = await ask<{ order: { version: number } }>(url, { token: admin });
    const { version } = body.order;
    const { status: answer } = await (status === 'undo'
      ? ask(`${url}/undo`, { method: 'POST', json: { version }, token: admin })
      : ask(url, { method: 'PATCH', json: { status, version }, token: admin }));
    expect([status, answer]).toEqual([status, 200]);
  }
}

async function sumAllUp(batch = 1_000): Promise<void> {
  while ((await sumUp(db, ZONE, 1, batch)) !== 'done');
}

/** The same, read from the orders themselves. */
async function counted(from: string, to: string) {
  const within = [startOfDay(from, ZONE), startOfDay(addDays(to, 1), ZONE)];
  const where = 'placed_at >= ? and placed_at < ?';
  const statuses = await orders.db.query<{ status: string; count: number; cents: string }>(
    `select status, count(*) as count, sum(total_cents) as cents from orders where ${where} group by status`,
    within,
  );
  const products = await orders.db.query<{ productId: number; quantity: string; revenueCents: string }>(
    `select product_id as productId, sum(quantity) as quantity, sum(quantity * unit_price_cents) as revenueCents
      from order_lines join orders on orders.id = order_id where ${where} and status <> 'annulee'
      group by product_id order by sum(quantity * unit_price_cents) desc, product_id`,
    within,
  );
  return {
    statuses: {
      ...{ en_attente: 0, en_cours: 0, terminee: 0, annulee: 0 },
      ...Object.fromEntries(statuses.map(({ status, count }) => [status, count])),
    },
    revenueCents: statuses.reduce((sum, { status, cents }) => sum + (status === 'annulee' ? 0 : Number(cents)), 0),
    products: products.map(({ productId, quantity, revenueCents }) => ({
      productId,
      quantity: Number(quantity),
      revenueCents: Number(revenueCents),
    })),
  };
}

async function expectExact(): Promise<void> {
  for (const { period } of await allStats()) {
    const { from, to, statuses, revenueCents, products } = period;
    const figures = { statuses, revenueCents, products: products.map(({ name: _, ...sold }) => sold) };
    expect({ from, to, ...figures }).toEqual({ from, to, ...(await counted(from, to)) });
    expect(period.orders).toBe(Object.values(statuses).reduce((sum, count) => sum + count, 0));
  }
}

describe('the figures', () => {
  test('are those of the orders of the shop’s days, wherever in the log their sums end', async () => {
    await expectExact();
    expect((await stats('today')).period).toMatchObject({ from: today, to: today, orders: 3 });
    expect((await stats('yesterday')).period).toMatchObject({ to: addDays(today, -1), orders: 0, averageCents: null });
    expect((await stats('week')).period).toMatchObject({ from: addDays(today, -6), orders: 6 });
    expect((await stats('month')).period).toMatchObject({ from: addDays(today, -29), orders: 24 });

    await move(0, 'en_cours', 'terminee');
    await move(1, 'annulee');
    await move(4, 'en_cours', 'undo');
    await move(7, 'en_cours');
    await expectExact();
    const before = await allStats();
    await sumUp(db, ZONE, 1, 25);
    expect(await allStats()).toEqual(before);
    await sumAllUp(3);
    expect(await allStats()).toEqual(before);

    // Of orders whose sums are written down by now.
    await move(7, 'undo', 'annulee');
    await move(3, 'annulee', 'undo', 'en_cours', 'terminee');
    await move(8, 'en_cours');
    await expectExact();
    const after = await allStats();
    await sumAllUp();
    expect(await allStats()).toEqual(after);
    expect(after.map(({ behind }) => behind)).toEqual([0, 0, 0, 0]);
  });

  test('count every event once, however many processes add them up, and in whichever zone', async () => {
    const before = await allStats();
    await sumUp(db, 'Pacific/Kiritimati');
    expect(await allStats(), 'read with sums of other days').toEqual(before);
    await Promise.all(Array.from({ length: 6 }, () => sumUp(db, ZONE, 1, 5)));
    for (let i = 0; i < 20; i += 1) await Promise.all([sumUp(db, ZONE, 1, 5), sumUp(db, ZONE, 1, 5)]);
    expect(await allStats()).toEqual(before);
    await expectExact();
    const [row] = await orders.db.query('select seq, (select head from event_head) as head from sales_progress');
    expect(row).toMatchObject({ seq: (row as { head: number }).head });
  });

  test('say how long the orders of a period waited for each status', async () => {
    // Alone on their day but for one that is not begun. Whoever waited for what was cancelled waits no more.
    await move(22, 'en_cours', 'terminee');
    await move(23, 'en_cours', 'annulee');
    const numbers = [placed[22]!.number, placed[23]!.number];
    const wait = (number: string, status: string, seconds: number) =>
      orders.db.query(
        `update order_events join orders on orders.id = order_id set at = placed_at + interval ? second
          where number = ? and order_events.status = ?`,
        [seconds, number, status],
      );
    await wait(numbers[0]!, 'en_cours', 600);
    await wait(numbers[0]!, 'terminee', 90_000);
    await wait(numbers[1]!, 'en_cours', 1);
    for (const number of numbers) {
      await orders.db.query('update orders set placed_at = placed_at + interval 27 day where number = ?', [number]);
      await orders.db.query(
        'update order_events join orders on orders.id = order_id set at = at + interval 27 day where number = ?',
        [number],
      );
    }
    // For another zone, so that what was added up before the clocks were turned is added up anew.
    await sumUp(db, 'UTC');
    const before = (await stats('yesterday')).period;
    expect(before.orders).toBe(2);
    expect(before.medianSeconds.en_cours! / 600).toBeCloseTo(1, 1);
    expect(before.medianSeconds.terminee! / 90_000).toBeCloseTo(1, 1);
    await sumAllUp();
    expect((await stats('yesterday')).period).toEqual(before);
  });

  test('are refused for a period that there is not', async () => {
    for (const bad of ['year', '', 'today&period=week'])
      expect((await ask(`${orders.url}/stats?period=${bad}`, { token: admin })).status).toBe(400);
  });
});

test('a median of waits is within 5 % of the middle one', () => {
  const of = (...seconds: number[]) => {
    const waits = new Map<number, number>();
    for (const one of seconds) {
      const wait = waitClass(0, one * 1000);
      waits.set(wait, (waits.get(wait) ?? 0) + 1);
    }
    return medianSeconds(waits);
  };
  expect(of()).toBeNull();
  for (const middle of [2, 61, 700, 5_000, 250_000]) {
    expect(Math.abs(of(middle)! / middle - 1)).toBeLessThan(0.05);
    expect(Math.abs(of(1, middle, middle * 3)! / middle - 1)).toBeLessThan(0.05);
  }
  expect(of(0, 0, 0)).toBeLessThan(1.1);
});

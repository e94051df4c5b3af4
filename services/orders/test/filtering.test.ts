import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { growOld } from '../../../scripts/testing/old-shop.ts';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { AdminOrder, OrderList } from '../../../shared/contracts/order.ts';
import { matches, type OrderFilter } from '../../../shared/contracts/order-filter.ts';
import { STATUSES } from '../../../shared/contracts/status.ts';
import { ask, PRODUCTS_SQL } from './api.ts';

const ZONE = 'Europe/Paris';
/** More than what counts as rare for some conditions, and fewer for others. */
const ORDERS = 8_000;
const UNTIL = new Date('2026-11-22T12:00:00Z');

let orders: TestOrders;
let admin: string;
let all: AdminOrder[];

beforeAll(async () => {
  orders = await startOrders();
  await orders.db.query(PRODUCTS_SQL);
  await growOld(orders.db.url, { orders: ORDERS, seed: 4, until: UNTIL, days: 60 });
  await orders.db.query(
    "update orders set phone = null, name = '', email = '', erased_at = placed_at where id % 500 = 7",
  );
  admin = await signIn(orders.url, TEST_ADMIN);
  all = await readAll({});
});

const list = (query: Record<string, string | number | undefined>) => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return ask<OrderList>(`${orders.url}/orders?${search}`, { token: admin });
};

async function readAll(filter: OrderFilter): Promise<AdminOrder[]> {
  const found: AdminOrder[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const { status, body } = await list({ ...filter, before, limit: 200 });
    expect(status).toBe(200);
    found.push(...body.orders);
    before = body.next;
  }
  return found;
}

/** Beginnings of what stands in the tables, and of what nearly does. */
const beginnings = fc
  .record({
    of: fc.nat(ORDERS - 1),
    field: fc.constantFrom('number', 'email', 'name', 'last', 'phone', 'digits', 'international'),
    length: fc.integer({ min: 1, max: 16 }),
    shape: fc.constantFrom('as it is', 'capitals', 'small', 'plain'),
  })
  .map(({ of, field, length, shape }) => {
    const { number, email, name, phone } = all[of]!;
    const digits = (phone ?? '0612345678').replace(/\D/g, '').replace(/^330?/, '0');
    const text = {
      number,
      email,
      name,
      last: name.slice(name.indexOf(' ') + 1),
      phone: phone ?? '06',
      digits,
      international: `+33 ${digits.slice(1)}`,
    }[field]!.slice(0, length);
    if (shape === 'capitals') return text.toUpperCase();
    if (shape === 'small') return text.toLowerCase();
    return shape === 'plain' ? text.normalize('NFD').replace(/\p{M}/gu, '') : text;
  });
const day = fc
  .integer({ min: -2, max: 63 })
  .map((days) => new Date(UNTIL.getTime() - days * 86_400_000).toISOString().slice(0, 10));
const cents = fc.oneof(
  fc.integer({ min: 0, max: 30_000 }),
  fc.nat(ORDERS - 1).map((of) => all[of]!.totalCents),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const filters = fc.record<OrderFilter>({
  status: maybe(fc.constantFrom(...STATUSES)),
  q: maybe(beginnings.map((text) => text.trim()).filter((text) => text !== '')),
  from: maybe(day),
  to: maybe(day),
  minCents: maybe(cents),
  maxCents: maybe(cents),
});

describe('a filter', () => {
  test('leaves the very orders that it leaves on an open page, whatever it asks', async () => {
    expect(all).toHaveLength(ORDERS);
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const expected = all.filter((order) => matches(filter, order, ZONE)).map(({ id }) => id);
        const { body } = await list({ ...filter, limit: 200 });
        expect(body.orders.map(({ id }) => id)).toEqual(expected.slice(0, 200));
        expect(body.next).toBe(expected.length > 200 ? expected[199] : null);
      }),
      { numRuns: 150 },
    );
  });

  test('is gone through page by page, there and back again, with every order on one page', async () => {
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 60 }), async (filter, limit) => {
        const whole = all.filter((order) => matches(filter, order, ZONE)).map(({ id }) => id);
        const start = whole[Math.floor(whole.length / 2)] ?? 1;
        const there = (await list({ ...filter, limit, before: start })).body;
        expect(there.orders.map(({ id }) => id)).toEqual(whole.filter((id) => id < start).slice(0, limit));
        expect(there.newest).toBe(ORDERS);
        const back = (await list({ ...filter, limit, above: there.previous! })).body;
        const newer = whole.filter((id) => id > there.previous!);
        // Where a page would not be full, the first page is.
        const page = newer.length > limit ? newer.slice(-limit) : whole.slice(0, limit);
        expect(back.orders.map(({ id }) => id)).toEqual(page);
        expect(back.previous).toBe(newer.length > limit ? page[0] : null);
      }),
      { numRuns: 50 },
    );
  });

  test.each([['06'], ['+33 6'], ['0033 6'], ['(06)'], ['06.'], ['+33 (0)6']])(
    'finds every telephone that begins with 06, however it was written, by %s',
    async (q) => {
      const mobile = all.filter(({ phone }) => phone && /^(?:0|\+33 (?:\(0\))?)6/.test(phone));
      expect(mobile.length).toBeGreaterThan(1_000);
      expect((await readAll({ q })).map(({ id }) => id)).toEqual(mobile.map(({ id }) => id));
    },
  );

  test('finds nobody who was erased', async () => {
    const erased = all.filter(({ erasedAt }) => erasedAt);
    expect(erased).toHaveLength(ORDERS / 500);
    for (const q of ['a', '0', '3', '@']) expect((await readAll({ q })).filter(({ erasedAt }) => erasedAt)).toEqual([]);
  });

  test('without sense is refused', async () => {
    for (const bad of ['minCents=-1', 'maxCents=1e3', 'minCents=4950000001', 'above=-1', `q=${'x'.repeat(201)}`]) {
      const { status } = await ask(`${orders.url}/orders?${bad}`, { token: admin });
      expect([bad, status]).toEqual([bad, 400]);
    }
  });
});

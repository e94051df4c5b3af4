import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { growOld } from '../../../scripts/testing/old-shop.ts';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import { type AdminOrder, type OrderList, OrderListQuery } from '../../../shared/contracts/order.ts';
import { CLAIM_FILTERS, matches, type OrderFilter, STAGE_NAMES } from '../../../shared/contracts/order-filter.ts';
import { STATUSES } from '../../../shared/contracts/status.ts';
import { connect, READS_POOL } from '../connect.ts';
import type { Db } from '../database.ts';
import type { Durability } from '../durability.ts';
import { listOrders } from '../list-orders.ts';
import { PATIENCE, type Patience } from '../patience.ts';
import { ask, CARD, HONEY, PRODUCTS_SQL, RARE } from './api.ts';

const ZONE = 'Europe/Paris';
/** The id of the only admin. */
const ME = 1;
/** More than what counts as rare for some conditions, and fewer for others. */
const ORDERS = 8_000;
const UNTIL = new Date('2026-11-22T12:00:00Z');

let orders: TestOrders;
let admin: string;
let all: AdminOrder[];
let db: Db;

beforeAll(async () => {
  orders = await startOrders();
  await orders.db.query(PRODUCTS_SQL);
  await growOld(orders.db.url, { orders: ORDERS, seed: 4, until: UNTIL, days: 60 });
  await orders.db.query(
    "update orders set phone = null, name = '', email = '', erased_at = placed_at where id % 500 = 7",
  );
  await orders.db.query(
    `insert into order_claims select id, id % 3 + 1, 'Marie', placed_at, utc_timestamp() + interval 1 day from orders
      where status in ('en_attente', 'en_cours') and id % 4 > 0`,
  );
  admin = await signIn(orders.url, TEST_ADMIN);
  all = await readAll({});
  db = connect(orders.db.url, READS_POOL);
});

afterAll(() => db.destroy());

const list = (query: Record<string, string | number | undefined>) => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return ask<OrderList>(`${orders.url}/orders?${search}`, { token: admin });
};

const readAll = (filter: OrderFilter) => read(filter, ORDERS);

/** Page by page, until it has so many. */
async function read(filter: OrderFilter, least: number): Promise<AdminOrder[]> {
  const found: AdminOrder[] = [];
  for (let before: number | null | undefined; before !== null && found.length < least; ) {
    const { status, body } = await list({ ...filter, before, limit: 200 });
    expect(status).toBe(200);
    found.push(...body.orders);
    before = body.next;
  }
  return found;
}

/** A page as it is found by another patience than the usual one. */
async function page(filter: OrderFilter, patience: Patience, place: Partial<z.infer<typeof OrderListQuery>>) {
  const durable = { ensure: async () => {} } as unknown as Durability;
  const query = { ...OrderListQuery.parse({}), ...filter, ...place };
  const { orders, ...rest } = await listOrders(db, durable, query, { timeZone: ZONE, adminId: ME, patience });
  return { ids: orders.map(({ id }) => id), ...rest };
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
  stage: maybe(fc.constantFrom(...STAGE_NAMES)),
  claim: fc.option(fc.constantFrom(...CLAIM_FILTERS), { nil: undefined, freq: 3 }),
  product: fc.option(fc.constantFrom(HONEY, CARD, RARE, 99), { nil: undefined, freq: 3 }),
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
        const expected = all.filter((order) => matches(filter, order, ZONE, ME)).map(({ id }) => id);
        const found = (await read(filter, 200)).map(({ id }) => id);
        expect(found).toEqual(expected.slice(0, found.length));
        expect(found.length).toBeGreaterThanOrEqual(Math.min(expected.length, 200));
      }),
      { numRuns: 150 },
    );
  });

  test('is gone through page by page, there and back again, with every order on one page', async () => {
    await fc.assert(
      fc.asyncProperty(filters, fc.nat(ORDERS), fc.integer({ min: 1, max: 60 }), async (filter, rare, limit) => {
        const whole = all.filter((order) => matches(filter, order, ZONE, ME)).map(({ id }) => id);
        const start = whole[Math.floor(whole.length / 2)] ?? 1;
        const patience = { rare, named: ORDERS, passed: ORDERS, read: ORDERS, unpacked: ORDERS };
        const there = await page(filter, patience, { limit, before: start });
        expect(there.ids).toEqual(whole.filter((id) => id < start).slice(0, limit));
        expect(there.newest).toBe(ORDERS);
        const back = await page(filter, patience, { limit, above: there.previous! });
        const newer = whole.filter((id) => id > there.previous!);
        // Where a page would not be full, the first page is.
        expect(back.ids).toEqual(newer.length > limit ? newer.slice(-limit) : whole.slice(0, limit));
        expect(back.previous).toBe(newer.length > limit ? back.ids[0] : null);
      }),
      { numRuns: 60 },
    );
  });

  test('whose orders hardly ever meet ends early, says so, and goes on to every order, there and back', async () => {
    const little = fc.record<Patience>({
      rare: fc.integer({ min: 100, max: 3_000 }),
      named: fc.integer({ min: 20, max: 300 }),
      passed: fc.integer({ min: 500, max: 2_000 }),
      read: fc.integer({ min: 500, max: 2_000 }),
      unpacked: fc.integer({ min: 500, max: 2_000 }),
    });
    let early = 0;
    await fc.assert(
      fc.asyncProperty(filters, little, fc.integer({ min: 20, max: 60 }), async (filter, patience, limit) => {
        const whole = all.filter((order) => matches(filter, order, ZONE, ME)).map(({ id }) => id);
        const there: number[] = [];
        for (let before: number | null | undefined; before !== null; ) {
          const { ids, next, searchedUntil } = await page(filter, patience, { limit, before });
          expect(searchedUntil !== null).toBe(ids.length < limit && next !== null);
          if (searchedUntil) early += 1;
          there.push(...ids);
          before = next;
        }
        expect(there).toEqual(whole);
        const back = new Set<number>();
        for (let above: number | null = 0; above !== null; ) {
          const { ids, previous } = await page(filter, patience, { limit, above });
          for (const id of ids) back.add(id);
          above = previous;
        }
        expect([...back].sort((a, b) => b - a)).toEqual(whole);
      }),
      {
        numRuns: 30,
        // Where nearly every order is meant, none at the end of a stretch may be left out; nor where some of what is
        // searched for is rare, and some is common; nor where somebody is on more orders than may be looked at.
        examples: [
          [{ stage: 'sold', from: '2026-11-19' }, { ...PATIENCE, passed: 15 }, 60],
          [{ status: 'terminee', stage: 'started', to: '2026-09-26' }, { ...PATIENCE, passed: 15, named: 15 }, 60],
          [{ product: HONEY, from: '2026-11-19' }, { ...PATIENCE, unpacked: 15 }, 60],
          [{ product: HONEY, minCents: 1, from: '2026-11-19' }, { ...PATIENCE, rare: 1, named: 15 }, 60],
          [{ q: 'l', from: '2026-11-15' }, { ...PATIENCE, rare: 850, read: 40 }, 60],
          [{ claim: 'others' }, { ...PATIENCE, named: 15 }, 60],
        ],
      },
    );
    expect(early).toBeGreaterThan(0);
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

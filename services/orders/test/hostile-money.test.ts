import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import {
  MAX_LINE_QUANTITY,
  MAX_ORDER_CENTS,
  MAX_ORDER_LINES,
  MAX_PRICE_CENTS,
} from '../../../shared/contracts/money.ts';
import type { AdminOrder, OrderDetail, ShopperOrder } from '../../../shared/contracts/order.ts';
import type { Stats } from '../../../shared/contracts/stats.ts';
import { ask, order, place } from './api.ts';

// Money is integer cents: an order's total is the sum of its lines, reckoned by the server from what the shelf says,
// from nothing to 4,950,000,000 cents.

const SEED = Number(process.env.HOSTILE_SEED ?? 20261122);
/** Prices of products 1 to 60: both edges, their neighbours, and what lies between. */
const PRICES = [
  0,
  1,
  99,
  100,
  101,
  999_999,
  MAX_PRICE_CENTS,
  ...Array.from({ length: 53 }, (_, i) => (i * 18_773) % MAX_PRICE_CENTS),
];
const DEAREST = Array.from({ length: MAX_ORDER_LINES }, (_, i) => ({
  productId: 101 + i,
  quantity: MAX_LINE_QUANTITY,
}));

let orders: TestOrders;
let session: string;
beforeAll(async () => {
  orders = await startOrders();
  const rows = [
    ...PRICES.map((price, i) => [i + 1, price]),
    ...DEAREST.map(({ productId }) => [productId, MAX_PRICE_CENTS]),
  ];
  await orders.db.query(
    `insert into products (id, slug, name, description, price_cents, stock) values
     ${rows.map(([id, price]) => `(${id}, 'p${id}', 'P${id}', '', ${price}, null)`).join(', ')}`,
  );
  session = await signIn(orders.url, TEST_ADMIN);
});

const sumOf = (lines: { quantity: number; unitPriceCents: number }[]) =>
  lines.reduce((sum, { quantity, unitPriceCents }) => sum + BigInt(quantity) * BigInt(unitPriceCents), 0n);

/** The total of an order wherever it is told: in every answer and in the tables. */
async function totalsOf({ number, token }: { number: string; token: string }): Promise<bigint[]> {
  const detail = await ask<OrderDetail>(`${orders.url}/orders/${number}`, { token: session });
  const shopper = await ask<ShopperOrder>(`${orders.url}/orders/by-token/${token}`);
  const list = await ask<{ orders: AdminOrder[] }>(`${orders.url}/orders?q=${number}`, { token: session });
  const [row] = await orders.db.query<{ total: string; lines_total: string }>(
    `select cast(o.total_cents as char) as total, cast(sum(l.quantity * l.unit_price_cents) as char) as lines_total
     from orders o join order_lines l on l.order_id = o.id where o.number = ? group by o.id`,
    [number],
  );
  const told = [detail.body.order, shopper.body, list.body.orders[0]!];
  return [
    ...told.flatMap((one) => [BigInt(one.totalCents), sumOf(one.lines)]),
    BigInt(row!.total),
    BigInt(row!.lines_total),
  ];
}

describe('the total of an order', () => {
  test('is the sum of its lines at the prices of the shelf, wherever it is told', async () => {
    const lines = fc.uniqueArray(
      fc.record({ productId: fc.integer({ min: 1, max: PRICES.length }), quantity: fc.integer({ min: 1, max: 99 }) }),
      { minLength: 1, maxLength: MAX_ORDER_LINES, selector: ({ productId }) => productId },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (lines) => {
        const expected = sumOf(lines.map((line) => ({ ...line, unitPriceCents: PRICES[line.productId - 1]! })));
        const { status, body } = await place(orders.url, order({ lines, expectedTotalCents: Number(expected) }));
        expect([status, BigInt(body.totalCents)]).toEqual([201, expected]);
        expect(new Set(await totalsOf(body))).toEqual(new Set([expected]));
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  test('is exact at the largest order of all, and in the sums of the day', async () => {
    const before = await ask<Stats>(`${orders.url}/stats`, { token: session });
    for (let i = 0; i < 3; i += 1) {
      const { status, body } = await place(orders.url, order({ lines: DEAREST, expectedTotalCents: MAX_ORDER_CENTS }));
      expect([status, body.totalCents]).toEqual([201, 4_950_000_000]);
      expect(new Set(await totalsOf(body))).toEqual(new Set([4_950_000_000n]));
    }
    const after = await ask<Stats>(`${orders.url}/stats`, { token: session });
    expect(after.body.today.revenueCents - before.body.today.revenueCents).toBe(3 * MAX_ORDER_CENTS);
  });

  test('may be nothing', async () => {
    const { status, body } = await place(
      orders.url,
      order({ lines: [{ productId: 1, quantity: 99 }], expectedTotalCents: 0 }),
    );
    expect([status, body.totalCents]).toEqual([201, 0]);
  });

  test('that a shopper saw is compared to the cent, and is never what is charged', async () => {
    const lines = [{ productId: 4, quantity: 3 }];
    for (const expectedTotalCents of [299, 301, 0, MAX_ORDER_CENTS]) {
      const { status, body } = await place(orders.url, order({ lines, expectedTotalCents }));
      expect([status, body.code, body.totalCents]).toEqual([409, 'price_changed', 300]);
    }
    expect((await place(orders.url, order({ lines, expectedTotalCents: 300 }))).body.totalCents).toBe(300);
  });

  test.each([
    '"300"',
    '300.5',
    '299.99999999999997',
    '-300',
    'true',
    '[300]',
    '{"valueOf":300}',
    'null',
    '1e400',
    '"3,00 €"',
    '9007199254740993',
  ])('that is written %s is no total', async (text) => {
    const raw = JSON.stringify(order({ lines: [{ productId: 4, quantity: 3 }] })).replace(
      /}$/,
      `,"expectedTotalCents":${text}}`,
    );
    const answer = await ask(`${orders.url}/orders`, {
      method: 'POST',
      raw,
      headers: { 'Idempotency-Key': randomUUID() },
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'validation']);
  });
});

test('a price out of range cannot be put on the shelf at all', async () => {
  for (const price of ['-1', '1000001']) {
    await expect(orders.db.query(`update products set price_cents = ${price} where id = 1`)).rejects.toThrow();
  }
});

test('a price that changes later changes no order', async () => {
  const { body } = await place(orders.url, order({ lines: [{ productId: 5, quantity: 7 }] }));
  const before = await totalsOf(body);
  await orders.db.query('update products set price_cents = 12345 where id = 5');
  expect(await totalsOf(body)).toEqual(before);
});

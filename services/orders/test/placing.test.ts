import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { ask, CARD, HIDDEN, HONEY, order, PRODUCTS_SQL, place, RARE, RARE_STOCK } from './api.ts';

let orders: TestOrders;
beforeAll(async () => {
  orders = await startOrders({ processes: 2 });
  await orders.db.query(PRODUCTS_SQL);
});

const urls = () => orders.processes.map(({ url }) => url);
const anyUrl = (i: number) => urls()[i % 2]!;
const count = async (sql: string) =>
  Number((await orders.db.query<{ n: number }>(`select count(*) as n from ${sql}`))[0]!.n);
const stockOf = async (id: number) =>
  (await orders.db.query<{ stock: number | null }>(`select stock from products where id = ${id}`))[0]!.stock;

describe('one key, one order', () => {
  test('fifty repeats at once, at two processes, make one order and get one answer', async () => {
    const before = await count('orders');
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => place(anyUrl(i), order(), key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await count('orders')).toBe(before + 1);
  });

  test('the answer stays the same after the order has moved on', async () => {
    const key = randomUUID();
    const first = await place(orders.url, order(), key);
    await orders.db.query(`update orders set status = 'terminee', version = 3 where number = '${first.body.number}'`);
    expect((await place(orders.url, order(), key)).body).toEqual(first.body);
  });

  test('another body under the same key is refused, at once and later', async () => {
    const key = randomUUID();
    // The first two take the lanes; those of one key wait together, and so come into one group.
    const lanes = [place(orders.url), place(orders.url)];
    const both = await Promise.all([place(orders.url, order(), key), place(orders.url, order({ name: 'Autre' }), key)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422]);
    const later = await place(orders.url, order({ name: 'Encore autre' }), key);
    expect([later.status, later.body.code]).toEqual([422, 'key_reused']);
    await Promise.all(lanes);
  });

  test('a repeat gets its answer even beside another body that comes first', async () => {
    const key = randomUUID();
    const first = await place(orders.url, order(), key);
    const lanes = [place(orders.url), place(orders.url)];
    const bodies = [{ name: 'Autre' }, {}, { name: 'Autre' }, {}].map(order);
    const answers = await Promise.all(bodies.map((body) => place(orders.url, body, key)));
    expect(answers.map(({ status }) => status)).toEqual([422, 201, 422, 201]);
    expect([answers[1]!.body, answers[3]!.body]).toEqual([first.body, first.body]);
    await Promise.all(lanes);
  });

  test('spacing and the order of fields make no other body', async () => {
    const key = randomUUID();
    const first = await place(orders.url, order({ phone: '', notes: '  ' }), key);
    const { name, ...rest } = order({ name: '  Zoé Lambert ' });
    expect((await place(orders.url, { ...rest, name }, key)).body).toEqual(first.body);
  });
});

describe('stock', () => {
  test('many buyers of the last units get exactly those', async () => {
    const buy = (i: number) => place(anyUrl(i), order({ lines: [{ productId: RARE, quantity: 1 }] }));
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => buy(i)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(RARE_STOCK);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(40 - RARE_STOCK);
    expect(refused[0]!.body).toMatchObject({
      code: 'out_of_stock',
      lines: [{ productId: RARE, requested: 1, available: 0, unitPriceCents: 900 }],
    });
    expect(await stockOf(RARE)).toBe(0);
  });

  test('what is not limited stays so, and what is limited goes down by what was sold', async () => {
    const before = (await stockOf(HONEY))!;
    const lines = [
      { productId: HONEY, quantity: 2 },
      { productId: CARD, quantity: 99 },
      { productId: HONEY, quantity: 3 },
    ];
    const answer = await place(orders.url, order({ lines }));
    expect(answer).toMatchObject({ status: 201, body: { totalCents: 5 * 1250 + 99 * 5000 } });
    expect([await stockOf(HONEY), await stockOf(CARD)]).toEqual([before - 5, null]);
  });

  test('what is hidden cannot be bought, and is as unknown as what never was', async () => {
    const [hidden, unknown] = await Promise.all(
      [HIDDEN, 999].map((productId) => place(orders.url, order({ lines: [{ productId, quantity: 1 }] }))),
    );
    expect(hidden).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'lines.0.productId', message: 'unknown' }] },
    });
    expect(hidden!.body).toEqual(unknown!.body);
  });
});

test('who orders what is not limited waits for nobody who orders it too', async () => {
  const holder = await createConnection({ uri: orders.db.url });
  try {
    await holder.query('set session transaction isolation level read uncommitted');
    await holder.query('begin');
    await holder.query(`update products set stock = 1 where id = ${RARE}`);
    const key = randomUUID();
    // Another one with each attempt, so that it tells whether the first has given its locks up in between.
    const attempt = async () =>
      (await holder.query('select group_id from idempotency_keys where key_text = ?', [key]))[0] as unknown[];
    const both = [CARD, RARE].map((productId) => ({ productId, quantity: 1 }));
    const first = place(anyUrl(0), order({ lines: both }), key);
    await expect.poll(attempt).toHaveLength(1);
    const waiting = await attempt();
    const second = await place(anyUrl(1), order({ lines: [{ productId: CARD, quantity: 1 }] }));
    expect([second.status, await attempt()]).toEqual([201, waiting]);
    await holder.query('commit');
    expect((await first).status).toBe(201);
  } finally {
    holder.destroy();
  }
});

test('a program’s request and one that a browser could have sent are answered alike', async () => {
  const bodies = [order(), order({ lines: [{ productId: 999, quantity: 1 }] }), order({ name: '' }), { name: 1 }];
  for (const body of bodies) {
    const key = randomUUID();
    const ways: Record<string, string>[] = [{}, { 'Sec-Fetch-Site': 'same-origin' }];
    const answers = [];
    for (const way of ways) {
      const headers = { 'Idempotency-Key': key, ...way };
      answers.push(await ask(`${orders.url}/orders`, { method: 'POST', json: body, headers }));
    }
    const [plain, framed] = answers.map(({ status, body, headers }) => {
      const shown = ['content-type', 'cache-control', 'x-content-type-options', 'connection'];
      return { status, body, headers: shown.map((name) => headers.get(name)) };
    });
    expect(plain).toEqual(framed);
  }
});

describe('a refusal', () => {
  test('leaves nothing behind, and the same key is judged afresh', async () => {
    const tables = ['orders', 'order_lines', 'order_events', 'idempotency_keys'];
    const before = await Promise.all(tables.map(count));
    const key = randomUUID();
    const stale = await place(orders.url, order({ expectedTotalCents: 1 }), key);
    expect(stale).toMatchObject({
      status: 409,
      body: { code: 'price_changed', totalCents: 1250, lines: [{ productId: HONEY, unitPriceCents: 1250 }] },
    });
    expect(await Promise.all(tables.map(count))).toEqual(before);
    expect((await place(orders.url, order({ expectedTotalCents: 1250 }), key)).status).toBe(201);
  });

  test('names the line of a product that does not exist', async () => {
    const lines = [
      { productId: HONEY, quantity: 1 },
      { productId: 999, quantity: 1 },
    ];
    const answer = await place(orders.url, order({ lines }));
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'validation', errors: [{ path: 'lines.1.productId', message: 'unknown' }] },
    });
  });

  test('of some orders of a group harms none of the others', async () => {
    const kinds = [
      { body: order(), status: 201 },
      { body: order({ lines: [{ productId: 999, quantity: 1 }] }), status: 400 },
      { body: order({ expectedTotalCents: 1 }), status: 409 },
      { body: order({ lines: [{ productId: HIDDEN, quantity: 1 }] }), status: 400 },
    ];
    const keys = Array.from({ length: 80 }, () => randomUUID());
    const answers = await Promise.all(keys.map((key, i) => place(orders.url, kinds[i % 4]!.body, key)));
    for (const [i, { status }] of answers.entries()) expect(status).toBe(kinds[i % 4]!.status);
    // Nor are the refused held to what they asked for first.
    const again = await Promise.all(
      keys.map((key, i) => place(orders.url, i % 4 === 0 ? kinds[0]!.body : order(), key)),
    );
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await count('idempotency_keys where order_id is null')).toBe(0);
  });

  test('that nobody foresaw is that order’s alone', async () => {
    await orders.db.query(`create trigger refuse_one before insert on orders for each row
      if new.name = 'Boum' then signal sqlstate '45000' set message_text = 'no'; end if`);
    try {
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, i) => place(orders.url, order(i === 17 ? { name: 'Boum' } : {}))),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, (_, i) => (i === 17 ? 500 : 201)));
      expect(JSON.stringify(answers[17]!.body)).not.toMatch(/45000|trigger|insert/i);
    } finally {
      await orders.db.query('drop trigger refuse_one');
    }
  });
});

test('orders that arrive together share a transaction', async () => {
  await Promise.all(Array.from({ length: 200 }, () => place(orders.url)));
  const metrics = await (await fetch(`${orders.url}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name}{.*} (\\d+)$`, 'm').exec(metrics)![1]);
  expect(value('intake_group_size_sum')).toBeGreaterThan(2 * value('intake_group_size_count'));
});

import { hash } from '@node-rs/argon2';
import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { OrderDetail, ShopperOrder } from '../../../shared/contracts/order.ts';
import { STATUSES, type Status, TRANSITIONS } from '../../../shared/contracts/status.ts';
import { ask, CARD, HONEY, order, PRODUCTS_SQL, place } from './api.ts';

let orders: TestOrders;
let admin: string;
let marie: string;
beforeAll(async () => {
  orders = await startOrders({ processes: 2 });
  await orders.db.query(PRODUCTS_SQL);
  const password = 'une phrase de passe';
  await orders.db.query('insert into admins (email, name, password_hash, created_at) values (?, ?, ?, ?)', [
    'marie@msp.example',
    'Marie',
    await hash(password),
    new Date(),
  ]);
  admin = await signIn(orders.url, TEST_ADMIN);
  marie = await signIn(orders.url, { email: 'Marie@MSP.example', password });
});

/** The order after the change, or why there was none. */
type ChangeAnswer = Record<'status' | 'changedBy' | 'changedAt' | 'code', unknown>;

const change = (number: string, status: Status, version: number, token = admin, process = 0) =>
  ask<ChangeAnswer>(`${orders.processes[process]!.url}/orders/${number}`, {
    method: 'PATCH',
    json: { status, version },
    token,
  });
const detail = async (number: string) =>
  (await ask<OrderDetail>(`${orders.url}/orders/${number}`, { token: admin })).body;
const stockOf = async (id: number) =>
  (await orders.db.query<{ stock: number | null }>(`select stock from products where id = ${id}`))[0]!.stock;

test('an order goes its way, and its history tells who moved it and when', async () => {
  const { number, token } = (await place(orders.url)).body;
  const started = await change(number, 'en_cours', 1);
  expect(started).toMatchObject({ status: 200, body: { status: 'en_cours', version: 2, changedBy: 'admin' } });
  expect(await change(number, 'terminee', 2, marie)).toMatchObject({ status: 200, body: { changedBy: 'Marie' } });
  const { history, order: now } = await detail(number);
  expect(now).toMatchObject({ status: 'terminee', version: 3 });
  expect(history.map(({ status, by }) => [status, by])).toEqual([
    ['en_attente', null],
    ['en_cours', 'admin'],
    ['terminee', 'Marie'],
  ]);
  const shopper = await ask<ShopperOrder>(`${orders.url}/orders/by-token/${token}`);
  expect(shopper.body.history.map(({ status }) => status)).toEqual(['en_attente', 'en_cours', 'terminee']);
  expect(JSON.stringify(shopper.body)).not.toMatch(/Marie|admin/);
});

test('only the ways that exist are open', async () => {
  for (const from of STATUSES) {
    for (const to of STATUSES) {
      const { number } = (await place(orders.url)).body;
      await orders.db.query(`update orders set status = '${from}' where number = '${number}'`);
      const answer = await change(number, to, 1);
      if (TRANSITIONS[from].includes(to)) expect([from, to, answer.status]).toEqual([from, to, 200]);
      else expect(answer).toMatchObject({ status: 409, body: { code: 'bad_transition', current: { status: from } } });
    }
  }
});

describe('two admins at once', () => {
  test('one is told that the other was faster, by whom and when', async () => {
    for (let i = 0; i < 10; i += 1) {
      const { number } = (await place(orders.url)).body;
      const answers = await Promise.all([
        change(number, 'en_cours', 1, admin, 0),
        change(number, 'annulee', 1, marie, 1),
      ]);
      const [done, late] = answers.toSorted((a, b) => a.status - b.status);
      expect([done!.status, late!.status]).toEqual([200, 409]);
      expect(late!.body).toMatchObject({
        code: 'stale_version',
        current: {
          status: done!.body.status,
          version: 2,
          changedBy: done!.body.changedBy,
          changedAt: done!.body.changedAt,
        },
      });
      expect((await detail(number)).history).toHaveLength(2);
    }
  });

  test('the very same change by another admin is stale too', async () => {
    const { number } = (await place(orders.url)).body;
    await change(number, 'en_cours', 1, admin);
    expect((await change(number, 'en_cours', 1, marie)).status).toBe(409);
  });
});

test('a change sent again by the same admin is answered as the first was, and made once', async () => {
  const { number } = (await place(orders.url)).body;
  const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => change(number, 'annulee', 1, admin, i % 2)));
  for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: answers[0]!.body });
  expect((await detail(number)).history).toHaveLength(2);
});

test('cancelling gives the stock back once, and leaves what is not limited alone', async () => {
  const before = (await stockOf(HONEY))!;
  const lines = [
    { productId: HONEY, quantity: 7 },
    { productId: CARD, quantity: 1 },
  ];
  const { number } = (await place(orders.url, order({ lines }))).body;
  expect(await stockOf(HONEY)).toBe(before - 7);
  await change(number, 'en_cours', 1);
  await change(number, 'annulee', 2);
  await change(number, 'annulee', 2);
  await change(number, 'annulee', 3);
  expect([await stockOf(HONEY), await stockOf(CARD)]).toEqual([before, null]);
});

test('an order that does not exist cannot be moved, and a change without sense is refused', async () => {
  expect((await change('CMD-20200101-ABC123', 'en_cours', 1)).status).toBe(404);
  expect((await change("CMD-1' or 1=1", 'en_cours', 1)).status).toBe(404);
  const { number } = (await place(orders.url)).body;
  for (const json of [
    {},
    { status: 'en_cours' },
    { status: 'x', version: 1 },
    { status: 'en_cours', version: '1' },
    [],
  ])
    expect((await ask(`${orders.url}/orders/${number}`, { method: 'PATCH', json, token: admin })).status).toBe(400);
});

test('cancelling and buying the same products at once never deadlocks into an error', async () => {
  const lines = [
    { productId: CARD, quantity: 1 },
    { productId: HONEY, quantity: 1 },
  ];
  const placed = await Promise.all(Array.from({ length: 30 }, () => place(orders.url, order({ lines }))));
  const before = (await stockOf(HONEY))!;
  const cancelled = placed.map(({ body }, i) => change(body.number, 'annulee', 1, admin, i % 2));
  const bought = placed.map((_, i) => place(orders.processes[i % 2]!.url, order({ lines })));
  expect((await Promise.all(cancelled)).every(({ status }) => status === 200)).toBe(true);
  expect((await Promise.all(bought)).every(({ status }) => status === 201)).toBe(true);
  expect(await stockOf(HONEY)).toBe(before);
});

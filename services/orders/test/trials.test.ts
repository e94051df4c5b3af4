import { beforeAll, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { createAdmin, signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { EventPage } from '../../../shared/contracts/event.ts';
import type { OrderDetail, OrderList } from '../../../shared/contracts/order.ts';
import type { TrialOrder } from '../../../shared/contracts/trial-order.ts';
import { ask, HONEY, order, PRODUCTS_SQL, place } from './api.ts';

let orders: TestOrders;
let ali: string;
let marie: string;
beforeAll(async () => {
  orders = await startOrders({ processes: 2 });
  const credentials = { email: 'marie@msp.example', password: 'une phrase de passe' };
  await createAdmin(orders.db, { ...credentials, name: 'Marie', role: 'staff' });
  ali = await signIn(orders.url, TEST_ADMIN);
  marie = await signIn(orders.url, credentials);
});

const tryOrder = (token: string, process = 0) =>
  ask<TrialOrder & { code: string }>(`${orders.processes[process]!.url}/trial-orders`, { method: 'POST', token });
const list = async () => (await ask<OrderList>(`${orders.url}/orders`, { token: ali })).body;
const eventsAfter = async (cursor: string) =>
  (await ask<EventPage>(`${orders.url}/events?after=${cursor}`, { token: ali })).body.events;
/** Whatever orders leave behind, the log aside. */
const tables = async () => [
  await orders.db.query('select * from orders order by id'),
  await orders.db.query('select * from order_lines order by order_id, position'),
  await orders.db.query('select * from idempotency_keys order by key_text'),
  await orders.db.query('select * from products order by id'),
];
/** As if the last trials had been a while ago. */
const passTime = () =>
  orders.db.query("update order_events set at = at - interval 1 minute where type = 'order.tested'");

test('tells that nothing can be ordered when nothing is for sale', async () => {
  const answer = await tryOrder(ali);
  expect([answer.status, answer.body.code]).toEqual([409, 'out_of_stock']);
  await orders.db.query(PRODUCTS_SQL);
});

test('a trial leaves its event in the log, and nothing anywhere else', async () => {
  await place(orders.url, order());
  const [before, were] = [await list(), await tables()];
  const { status, body } = await tryOrder(ali);
  expect(status).toBe(201);
  expect(body.number).toMatch(/^CMD-\d{8}-\w{6}$/);
  expect(await tables()).toEqual(were);
  const after = await list();
  expect({ ...after, cursor: '' }).toEqual({ ...before, cursor: '' });
  const [event, ...more] = await eventsAfter(before.cursor);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    type: 'order.tested',
    counts: before.counts,
    order: { number: body.number, name: '', email: '', lines: [], totalCents: 0 },
  });
  expect((await ask(`${orders.url}/orders/${body.number}`, { token: ali })).status).toBe(404);

  // The log goes on, and the next order has a history of its own.
  const { number } = (await place(orders.url)).body;
  const next = (await ask<OrderDetail>(`${orders.url}/orders/${number}`, { token: ali })).body;
  expect(next.history.map(({ type }) => type)).toEqual(['order.placed']);
  expect((await eventsAfter(after.cursor)).map(({ seq, type }) => [seq, type])).toEqual([
    [event!.seq + 1, 'order.placed'],
  ]);
});

test('one admin tries once in three seconds, whatever process is asked; another need not wait', async () => {
  await passTime();
  const answers = await Promise.all([tryOrder(ali), tryOrder(ali, 1), tryOrder(ali), tryOrder(ali, 1)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 429, 429, 429]);
  expect(answers.find(({ status }) => status === 429)!.headers.get('retry-after')).toBe('3');
  expect((await tryOrder(marie)).status).toBe(201);
  await passTime();
  expect((await tryOrder(ali)).status).toBe(201);
});

test('orders that wait with a trial are placed as ever', async () => {
  await passTime();
  const before = await list();
  const sent = await Promise.all([
    ...Array.from({ length: 20 }, () => place(orders.url, order({ lines: [{ productId: HONEY, quantity: 2 }] }))),
    tryOrder(ali),
    ...Array.from({ length: 20 }, () => place(orders.url)),
  ]);
  expect(sent.map(({ status }) => status)).toEqual(Array(41).fill(201));
  expect(new Set(sent.map(({ body }) => body.number)).size).toBe(41);
  expect((await list()).counts.en_attente).toBe(before.counts.en_attente + 40);
  const events = await eventsAfter(before.cursor);
  expect(events).toHaveLength(41);
  expect(events.filter(({ type }) => type === 'order.tested')).toHaveLength(1);
});

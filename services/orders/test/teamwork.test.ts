import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { createAdmin, signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { CustomerExport } from '../../../shared/contracts/customer.ts';
import type { EventPage } from '../../../shared/contracts/event.ts';
import type { AdminOrder, OrderDetail, OrderList, ShopperOrder } from '../../../shared/contracts/order.ts';
import type { Problem } from '../../../shared/contracts/problem.ts';
import type { Status } from '../../../shared/contracts/status.ts';
import { ask, order, PRODUCTS_SQL, place, RARE, RARE_STOCK } from './api.ts';

/** For what a job does within some seconds. */
const LONG = { timeout: 30_000, interval: 100 };

let orders: TestOrders;
let ali: string;
let marie: string;
beforeAll(async () => {
  orders = await startOrders({ processes: 2 });
  await orders.db.query(PRODUCTS_SQL);
  const credentials = { email: 'marie@msp.example', password: 'une phrase de passe' };
  await createAdmin(orders.db, { ...credentials, name: 'Marie' });
  ali = await signIn(orders.url, TEST_ADMIN);
  marie = await signIn(orders.url, credentials);
});

type Answered = AdminOrder & Omit<Problem, 'status'>;

const send = (method: string, path: string, json: unknown, token = ali, process = 0) =>
  ask<Answered>(`${orders.processes[process]!.url}${path}`, { method, json, token });
const claim = (number: string, token = ali, takeOver = false) =>
  send('PUT', `/orders/${number}/claim`, { takeOver }, token, 1);
const release = (number: string, token = ali) => send('DELETE', `/orders/${number}/claim`, undefined, token);
const move = (number: string, status: Status, version: number, token = ali) =>
  send('PATCH', `/orders/${number}`, { status, version }, token);
const undo = (number: string, version: number, token = ali) =>
  send('POST', `/orders/${number}/undo`, { version }, token);
const note = (number: string, text: string, id: string = randomUUID(), token = marie) =>
  send('POST', `/orders/${number}/notes`, { id, text }, token);
const newOrder = async (body = order()) => (await place(orders.url, body)).body;
const detail = async (number: string) =>
  (await ask<OrderDetail>(`${orders.url}/orders/${number}`, { token: ali })).body;
const historyOf = async (number: string) =>
  (await detail(number)).history.map(({ type, previousStatus, status, by }) => [type, previousStatus, status, by]);
const numbersOf = async (query: string, token = ali) =>
  (await ask<OrderList>(`${orders.url}/orders?${query}`, { token })).body.orders.map(({ number }) => number);
/** As if its page had been gone for long. */
const runOut = (number: string) =>
  orders.db.query(
    `update order_claims set until = utc_timestamp(3) - interval 1 second
      where order_id = (select id from orders where number = ?)`,
    [number],
  );
const rareStock = async () =>
  (await orders.db.query<{ stock: number }>(`select stock from products where id = ${RARE}`))[0]!.stock;

describe('a claim', () => {
  test('shows in the list and in the log, keeps others off without their will, and can be taken over', async () => {
    const { number } = await newOrder();
    const first = await claim(number);
    expect(first).toMatchObject({ status: 200, body: { version: 2, claim: { by: 'admin' } } });
    expect(await claim(number)).toMatchObject({ status: 200, body: first.body });
    expect(await claim(number, marie)).toMatchObject({
      status: 409,
      body: { code: 'already_claimed', claim: first.body.claim },
    });
    const over = await claim(number, marie, true);
    expect(over.body).toMatchObject({ version: 3, changedBy: null, claim: { by: 'Marie' } });
    expect((await release(number)).body).toMatchObject({ code: 'already_claimed', claim: { by: 'Marie' } });
    expect((await release(number, marie)).body).toMatchObject({ version: 4 });
    expect((await release(number, marie)).body.version).toBe(4);
    expect(await historyOf(number)).toEqual([
      ['order.placed', null, 'en_attente', null],
      ['order.claimed', 'en_attente', 'en_attente', 'admin'],
      ['order.taken_over', 'en_attente', 'en_attente', 'Marie'],
      ['order.released', 'en_attente', 'en_attente', 'Marie'],
    ]);
    const { body } = await ask<EventPage>(`${orders.url}/events?limit=500`, { token: ali });
    const own = body.events.filter(({ order }) => order.number === number).map(({ order }) => order.claim?.by);
    expect(own).toEqual([undefined, 'admin', 'Marie', undefined]);
    const sum = Object.values(body.events.at(-1)!.counts).reduce((total, count) => total + count, 0);
    expect([{ n: sum }]).toEqual(await orders.db.query('select count(*) as n from orders'));
  });

  test('narrows the list to what is free, one’s own, or the others’', async () => {
    const [free, mine, others, over] = await Promise.all(Array.from({ length: 4 }, () => newOrder()));
    await claim(mine!.number);
    await claim(others!.number, marie);
    await move(over!.number, 'annulee', 1);
    const among = (list: string[]) =>
      [free!, mine!, others!, over!].map(({ number }) => number).filter((number) => list.includes(number));
    expect(among(await numbersOf('claim=free&limit=200'))).toEqual([free!.number]);
    expect(among(await numbersOf('claim=free&status=en_attente&limit=200'))).toEqual([free!.number]);
    expect(await numbersOf('claim=free&status=annulee')).toEqual([]);
    expect(among(await numbersOf('claim=mine'))).toEqual([mine!.number]);
    expect(among(await numbersOf('claim=mine', marie))).toEqual([others!.number]);
    expect(among(await numbersOf('claim=others'))).toEqual([others!.number]);
    expect(await numbersOf(`claim=mine&q=${mine!.number}&minCents=1`)).toEqual([mine!.number]);
    expect(await numbersOf('claim=mine&status=en_cours')).toEqual([]);
  });

  test('is over when its page renews it no more: any process ends it, once, and the log tells', async () => {
    const [kept, left] = [await newOrder(), await newOrder()];
    await claim(kept.number);
    await claim(left.number);
    await runOut(left.number);
    await orders.db.query(
      'update order_claims set until = utc_timestamp(3) + interval 30 second where until > utc_timestamp(3)',
    );
    // What is nobody's, or another's, is not held.
    const renew = (numbers: string[], token: string) =>
      ask(`${orders.url}/claims/renew`, { method: 'POST', json: { numbers }, token });
    expect((await renew([kept.number, 'CMD-20200101-ABC123', 'é', ''], ali)).body).toEqual({ held: [kept.number] });
    expect((await renew([kept.number], marie)).body).toEqual({ held: [] });
    expect(
      await orders.db.query(
        `select number from orders o join order_claims c on c.order_id = o.id
          where until > utc_timestamp(3) + interval 60 second and number = ?`,
        [kept.number],
      ),
    ).toEqual([{ number: kept.number }]);
    await expect.poll(async () => (await detail(left.number)).order.claim, LONG).toBeUndefined();
    expect(await historyOf(left.number)).toEqual([
      ['order.placed', null, 'en_attente', null],
      ['order.claimed', 'en_attente', 'en_attente', 'admin'],
      ['order.released', 'en_attente', 'en_attente', null],
    ]);
    expect((await detail(kept.number)).order.claim).toMatchObject({ by: 'admin' });
  });

  test('that has run out is anybody’s to take', async () => {
    const { number } = await newOrder();
    await claim(number);
    await runOut(number);
    expect(await claim(number, marie)).toMatchObject({ status: 200, body: { claim: { by: 'Marie' } } });
  });

  test('ends with the order, and begins on none that has ended', async () => {
    const { number } = await newOrder();
    await claim(number);
    expect((await move(number, 'annulee', 2, marie)).body.claim).toBeUndefined();
    expect((await claim(number)).body.code).toBe('bad_transition');
    expect((await detail(number)).order.claim).toBeUndefined();
    expect(await orders.db.query('select * from order_claims where order_id = (select max(id) from orders)')).toEqual(
      [],
    );
  });

  test('is won by one of many who reach for it at once', async () => {
    const { number } = await newOrder();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => claim(number, i % 2 ? marie : ali)));
    const winners = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.claim?.by));
    expect(winners.size).toBe(1);
    expect(await historyOf(number)).toHaveLength(2);
  });
});

describe('a change of status', () => {
  test('is not stale because of a claim or a note, and is because of a move', async () => {
    const { number } = await newOrder();
    await claim(number, marie);
    await note(number, 'Appeler avant de passer.');
    const moved = await move(number, 'en_cours', 1);
    expect(moved).toMatchObject({ status: 200, body: { version: 4, changedBy: 'admin', claim: { by: 'Marie' } } });
    // An answer was lost: the same again, by who made it.
    expect(await move(number, 'en_cours', 1)).toMatchObject({ status: 200, body: moved.body });
    expect((await move(number, 'annulee', 3, marie)).body).toMatchObject({
      code: 'stale_version',
      current: { status: 'en_cours', changedBy: 'admin', version: 4 },
    });
    expect((await move(number, 'annulee', 7)).body.code).toBe('stale_version');
    expect(await historyOf(number)).toHaveLength(4);
  });

  test('can be taken back by who made it, once, and the shopper never hears of it again', async () => {
    const { number, token } = await newOrder();
    await move(number, 'en_cours', 1);
    expect((await undo(number, 2, marie)).body.code).toBe('undo_expired');
    await claim(number, marie);
    const undone = await undo(number, 2);
    expect(undone).toMatchObject({ status: 200, body: { status: 'en_attente', version: 4 } });
    expect(await undo(number, 2)).toMatchObject({ status: 200, body: undone.body });
    expect((await undo(number, 4)).body.code).toBe('undo_expired');
    expect((await historyOf(number)).at(-1)).toEqual(['order.status_undone', 'en_cours', 'en_attente', 'admin']);
    const shopper = await ask<ShopperOrder>(`${orders.url}/orders/by-token/${token}`);
    expect(shopper.body).toMatchObject({ status: 'en_attente', history: [{ status: 'en_attente' }] });
  });

  test('cannot be taken back after ten seconds, or when somebody has gone on', async () => {
    const { number } = await newOrder();
    await move(number, 'en_cours', 1);
    await move(number, 'terminee', 2, marie);
    expect((await undo(number, 2)).body).toMatchObject({ code: 'stale_version', current: { changedBy: 'Marie' } });
    await orders.db.query('update orders set changed_at = changed_at - interval 11 second where number = ?', [number]);
    expect((await undo(number, 3, marie)).body.code).toBe('undo_expired');
    expect((await undo('CMD-20200101-ABC123', 1)).status).toBe(404);
  });

  test('that cancelled takes its stock again when it is undone, or is refused when that is sold', async () => {
    const lines = [{ productId: RARE, quantity: RARE_STOCK }];
    const { number } = await newOrder(order({ lines }));
    await move(number, 'annulee', 1);
    expect(await rareStock()).toBe(RARE_STOCK);
    await undo(number, 2);
    expect(await rareStock()).toBe(0);
    await move(number, 'annulee', 3);
    await newOrder(order({ lines: [{ productId: RARE, quantity: 1 }] }));
    expect((await undo(number, 4)).body).toMatchObject({
      code: 'out_of_stock',
      lines: [{ productId: RARE, requested: RARE_STOCK, available: RARE_STOCK - 1 }],
    });
    expect((await detail(number)).order).toMatchObject({ status: 'annulee', version: 4 });
    expect(await rareStock()).toBe(RARE_STOCK - 1);
  });
});

describe('a note', () => {
  test('stands in the history for the team, once however often it is sent, and nowhere else', async () => {
    const { number, token } = await newOrder();
    const id = randomUUID();
    await note(number, '  Client pressé\r\net aimable ', id);
    await note(number, 'Client pressé', id);
    await note(number, 'Colis fragile');
    const { history } = await detail(number);
    expect(history.map(({ type, by, note }) => [type, by, note])).toEqual([
      ['order.placed', null, undefined],
      ['order.noted', 'Marie', 'Client pressé\net aimable'],
      ['order.noted', 'Marie', 'Colis fragile'],
    ]);
    const others = [
      await ask(`${orders.url}/orders/by-token/${token}`),
      await ask(`${orders.url}/events?limit=500`, { token: ali }),
      await ask(`${orders.url}/orders?q=${number}`, { token: ali }),
    ];
    expect(JSON.stringify(others)).not.toMatch(/pressé|fragile/);
  });

  test.each([
    ['', 'required'],
    [' \n ', 'required'],
    ['x'.repeat(1001), 'too_long'],
    ['a\u0000b', 'invalid'],
  ])('of no use is refused: %j', async (text, message) => {
    const { number } = await newOrder();
    expect(await note(number, text)).toMatchObject({ status: 400, body: { errors: [{ path: 'text', message }] } });
    expect((await detail(number)).order.version).toBe(1);
  });

  test('is the two hundredth at most', async () => {
    const { number } = await newOrder();
    const [row] = await orders.db.query<{ id: number }>('select id from orders where number = ?', [number]);
    const rows = Array.from({ length: 199 }, (_, i) => `(${row!.id}, ${i + 2}, '${i}', '')`);
    await orders.db.query(`insert into order_notes (order_id, version, note_id, text) values ${rows}`);
    await orders.db.query('update orders set version = 200 where number = ?', [number]);
    expect((await note(number, 'la dernière')).status).toBe(200);
    expect((await note(number, 'une de trop')).body.code).toBe('too_many_notes');
  });

  test('is in the customer’s export, and goes with the customer', async () => {
    const email = `noted-${randomUUID().slice(0, 8)}@exemple.fr`;
    const { number } = await newOrder(order({ email }));
    await note(number, 'Habite au 3e, sonner deux fois');
    await claim(number);
    await move(number, 'annulee', 3);
    const file = await ask<CustomerExport>(`${orders.url}/customers/export`, {
      method: 'POST',
      json: { email },
      token: ali,
    });
    expect(file.body.orders[0]).toMatchObject({ teamNotes: ['Habite au 3e, sonner deux fois'] });
    expect(file.body.orders[0]!.history.map(({ type }) => type)).toEqual(['order.placed', 'order.status_changed']);
    await ask(`${orders.url}/customers/erase`, { method: 'POST', json: { email }, token: ali });
    const { history } = await detail(number);
    expect(history.map(({ type, note }) => [type, note])).toContainEqual(['order.noted', '']);
    const left = await orders.db.query("select * from order_notes where text like '%sonner%'");
    expect(left).toEqual([]);
  });
});

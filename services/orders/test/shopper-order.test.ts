import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { EventPage } from '../../../shared/contracts/event.ts';
import type { OrderDetail, ShopperOrder } from '../../../shared/contracts/order.ts';
import type { Problem } from '../../../shared/contracts/problem.ts';
import type { FoundOrder } from '../../../shared/contracts/shopper-order.ts';
import { ask, CARD, HONEY, order, PRODUCTS_SQL, place } from './api.ts';

/** What one number, or one e-mail, takes of wrong guesses before it is slowed down. */
const FREE = 10;

let orders: TestOrders;
let admin: string;
beforeAll(async () => {
  orders = await startOrders({ processes: 2, env: { TRUST_PROXY: '1' } });
  await orders.db.query(PRODUCTS_SQL);
  admin = await signIn(orders.url, TEST_ADMIN);
});

const stockOf = async (id: number) =>
  (await orders.db.query<{ stock: number | null }>(`select stock from products where id = ${id}`))[0]!.stock;
const shown = async (token: string) => (await ask<ShopperOrder>(`${orders.url}/orders/by-token/${token}`)).body;
const move = (number: string, status: string, version: number) =>
  ask(`${orders.url}/orders/${number}`, { method: 'PATCH', json: { status, version }, token: admin });

describe('a shopper who cancels', () => {
  const cancel = (token: string, version = 1, process = 0) =>
    ask<Problem>(`${orders.processes[process]!.url}/orders/by-token/${token}/cancel`, {
      method: 'POST',
      json: { version },
    });

  test('gets the order cancelled and the stock given back, in an event that names no admin', async () => {
    const before = (await stockOf(HONEY))!;
    const lines = [
      { productId: HONEY, quantity: 7 },
      { productId: CARD, quantity: 1 },
    ];
    const { number, token } = (await place(orders.url, order({ lines }))).body;
    const { head, epoch } = (
      await ask<EventPage>(`${orders.url}/events?limit=0`, { token: orders.settings.SERVICE_TOKEN })
    ).body;
    expect((await cancel(token)).status).toBe(204);
    expect([await stockOf(HONEY), await stockOf(CARD)]).toEqual([before, null]);
    const { events } = (
      await ask<EventPage>(`${orders.url}/events?after=${epoch}.${head}`, { token: orders.settings.SERVICE_TOKEN })
    ).body;
    expect(events).toMatchObject([
      {
        seq: head + 1,
        type: 'order.status_changed',
        previousStatus: 'en_attente',
        order: { number, status: 'annulee', version: 2, changedBy: null },
      },
    ]);
    const { body } = await ask<OrderDetail>(`${orders.url}/orders/${number}`, { token: admin });
    expect(body.history.map(({ status, by }) => [status, by])).toEqual([
      ['en_attente', null],
      ['annulee', null],
    ]);
    expect((await shown(token)).history.map(({ status }) => status)).toEqual(['en_attente', 'annulee']);
  });

  test('may say so as often as it takes to hear the answer: it happens once', async () => {
    const before = (await stockOf(HONEY))!;
    const { token } = (await place(orders.url)).body;
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => cancel(token, 1, i % 2)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(204));
    expect(await stockOf(HONEY)).toBe(before);
    expect((await shown(token)).version).toBe(2);
  });

  test('is too late once somebody has begun, and is told where the order stands, but not who moved it', async () => {
    for (const [status, version] of [
      ['en_cours', 1],
      ['annulee', 1],
    ] as const) {
      const { number, token } = (await place(orders.url)).body;
      await move(number, status, version);
      const stock = await stockOf(HONEY);
      const answer = await cancel(token, 2);
      expect(answer).toMatchObject({
        status: 409,
        body: { code: 'bad_transition', current: { status, version: 2, changedBy: null } },
      });
      expect(JSON.stringify(answer.body)).not.toContain('admin');
      expect(await stockOf(HONEY)).toBe(stock);
      expect((await shown(token)).version).toBe(2);
    }
  });

  test('and an admin who begins, at the same moment: one of them is told that the other was faster', async () => {
    for (let i = 0; i < 10; i += 1) {
      const before = (await stockOf(HONEY))!;
      const { number, token } = (await place(orders.url)).body;
      const [cancelled, begun] = await Promise.all([cancel(token, 1, i % 2), move(number, 'en_cours', 1)]);
      expect([cancelled.status, begun.status]).toSatisfy(
        ([one, other]) => (one === 204 && other === 409) || (one === 409 && other === 200),
      );
      expect(await stockOf(HONEY)).toBe(before - (cancelled.status === 204 ? 0 : 1));
    }
  });

  test('has to have seen the order as it is, and needs its token', async () => {
    const { number, token } = (await place(orders.url)).body;
    // Begun and put back: waiting again, but not as it was seen.
    await move(number, 'en_cours', 1);
    const undone = await ask(`${orders.url}/orders/${number}/undo`, {
      method: 'POST',
      json: { version: 2 },
      token: admin,
    });
    expect(undone.status).toBe(200);
    expect(await cancel(token, 1)).toMatchObject({ status: 409, body: { code: 'stale_version' } });
    expect((await cancel(token, (await shown(token)).version)).status).toBe(204);
    for (const other of ['x', number, 'A'.repeat(32), `${token.slice(1)}A`])
      expect([other, (await cancel(other)).status]).toEqual([other, 404]);
    for (const version of [0, 1.5, '1', null]) expect((await cancel(token, version as number)).status).toBe(400);
  });
});

describe('an order is found again', () => {
  let last = 0;
  /** A network that nobody has asked from. */
  const network = () => {
    last += 1;
    return `203.0.113.${last}`;
  };
  const find = (number: string, email: string, from = network(), process = 0) =>
    ask<FoundOrder & Problem>(`${orders.processes[process]!.url}/find-order`, {
      method: 'POST',
      json: { number, email },
      headers: { 'X-Forwarded-For': from },
    });

  test('by number and e-mail together, in whatever letters, and by neither alone', async () => {
    const { number, token } = (await place(orders.url, order({ email: 'Zoe.Lambert@exemple.fr' }))).body;
    for (const email of ['zoe.lambert@exemple.fr', ' ZOE.Lambert@exemple.fr '])
      expect(await find(number, email)).toMatchObject({ status: 200, body: { token } });
    const other = (await place(orders.url, order({ email: 'autre@exemple.fr' }))).body;
    const answers = [
      await find(number, 'autre@exemple.fr'),
      await find(other.number, 'zoe.lambert@exemple.fr'),
      await find('CMD-20200101-ABC123', 'zoe.lambert@exemple.fr'),
      await find('x', 'nobody@exemple.fr'),
      await find('𓧑', 'nobody@exemple.fr'),
    ];
    for (const { status, body, headers } of answers)
      expect([status, body, [...headers.keys()]]).toEqual([404, answers[0]!.body, [...answers[0]!.headers.keys()]]);
    expect(answers[0]!.body.code).toBe('not_found');
  });

  test('as often as its shopper wants', async () => {
    const { number } = (await place(orders.url, order({ email: 'souvent@exemple.fr' }))).body;
    const from = network();
    for (let i = 0; i < 40; i += 1) expect((await find(number, 'souvent@exemple.fr', from)).status).toBe(200);
  });

  test('by nobody who guesses the e-mail of a number, the number of an e-mail, or both', async () => {
    const { number } = (await place(orders.url, order({ email: 'visee@exemple.fr' }))).body;
    const guesses = async (count: number, guess: (i: number) => ReturnType<typeof find>) => {
      const answers = await Promise.all(Array.from({ length: count }, (_, i) => guess(i)));
      return answers.filter(({ status }) => status === 404).length;
    };
    expect(await guesses(16, (i) => find(number, `essai${i}@exemple.fr`, network(), i % 2))).toBe(FREE);
    // Who knows both, too, for a minute at most.
    const slowed = await find(number, 'visee@exemple.fr');
    expect(slowed).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect(Number(slowed.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    await orders.db.query('update sign_in_failures set clears_at = clears_at - interval 60 second');
    expect((await find(number, 'visee@exemple.fr')).status).toBe(200);

    const unknown = (i: number) => `CMD-20200101-ABC1${10 + i}`;
    expect(await guesses(16, (i) => find(unknown(i), 'cible@exemple.fr', network(), i % 2))).toBe(FREE);
    const from = network();
    expect(await guesses(40, (i) => find(unknown(i + 20), `n${i}@exemple.fr`, from, i % 2))).toBe(30);
  });

  test('by nobody once its customer was erased', async () => {
    const email = 'oubliee@exemple.fr';
    const { number } = (await place(orders.url, order({ email }))).body;
    await move(number, 'annulee', 1);
    await ask(`${orders.url}/customers/erase`, { method: 'POST', json: { email }, token: admin });
    expect((await find(number, email)).status).toBe(404);
  });
});

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { OrderList } from '../../../shared/contracts/order.ts';
import type { Stats } from '../../../shared/contracts/stats.ts';
import { addDays, dayOf, startOfDay } from '../shop-day.ts';
import { ask, order, type Placed, PRODUCTS_SQL, place } from './api.ts';

const ZONE = 'Europe/Paris';
let orders: TestOrders;
let admin: string;
let placed: Placed[];
beforeAll(async () => {
  orders = await startOrders();
  await orders.db.query(PRODUCTS_SQL);
  admin = await signIn(orders.url, TEST_ADMIN);
  const people = [
    { name: 'Hélène Durand', email: 'helene@exemple.fr', phone: '06 12 34 56 78' },
    { name: 'Jean 100%', email: 'jean_d@exemple.fr' },
    { name: '李小龍', email: 'li@exemple.fr', phone: '+33 6 11 22 33 44' },
  ];
  placed = [];
  for (let i = 0; i < 45; i += 1) placed.push((await place(orders.url, order(people[i % 3]!))).body);
});

const list = (query = '') => ask<OrderList & { code: string }>(`${orders.url}/orders?${query}`, { token: admin });
const numbers = async (query: string) => (await list(query)).body.orders.map(({ number }) => number);
const search = async (q: string) => (await list(`limit=200&q=${encodeURIComponent(q)}`)).body.orders;

describe('pages', () => {
  test('begin with the newest', async () => {
    const { body } = await list();
    expect(body.orders.map(({ number }) => number)).toEqual(placed.map(({ number }) => number).reverse());
    expect(body).toMatchObject({ next: null, counts: { en_attente: 45, en_cours: 0, terminee: 0, annulee: 0 } });
  });

  test('of any size, one after the other, are the whole list once', async () => {
    const whole = await numbers('limit=200');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (limit) => {
        const all: string[] = [];
        for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null; ) {
          const { body }: { body: OrderList } = await list(`limit=${limit}&before=${before}`);
          all.push(...body.orders.map(({ number }) => number));
          before = body.next;
        }
        expect(all).toEqual(whole);
      }),
      { numRuns: 8 },
    );
  });

  test('bring the saved views of who asks along, if they are asked to, whether or not there are orders', async () => {
    const view = { name: 'Paniers', query: 'min=100' };
    await ask(`${orders.url}/views`, { method: 'POST', json: view, token: admin });
    for (const query of ['limit=3', 'limit=3&status=annulee']) {
      expect((await list(`${query}&with=views`)).body.views).toEqual([{ id: expect.any(Number), ...view }]);
      expect((await list(query)).body).not.toHaveProperty('views');
    }
    expect((await list('with=else')).status).toBe(400);
  });

  test('of a status hold that status alone', async () => {
    const { number } = placed[7]!;
    await ask(`${orders.url}/orders/${number}`, {
      method: 'PATCH',
      json: { status: 'en_cours', version: 1 },
      token: admin,
    });
    expect(await numbers('status=en_cours')).toEqual([number]);
    expect(await numbers('status=en_attente&limit=200')).not.toContain(number);
    expect(await numbers('status=all&limit=200')).toHaveLength(45);
  });

  test('asked for without sense are refused', async () => {
    for (const bad of [
      'limit=0',
      'limit=201',
      'limit=x',
      'before=0',
      'before=1.5',
      'status=x',
      'from=2025-13-01',
      'to=1',
    ])
      expect([bad, (await list(bad)).status]).toEqual([bad, 400]);
    expect((await list('limit=1&limit=2')).status).toBe(400);
  });
});

describe('the search', () => {
  test('finds by the beginning of name, last name, e-mail, telephone and number, without regard to accents and case', async () => {
    expect(await search('helene d')).toHaveLength(15);
    expect(await search('HÉL')).toHaveLength(15);
    expect(await search('durand')).toHaveLength(15);
    expect(await search('li@ex')).toHaveLength(15);
    expect(await search('06 12')).toHaveLength(15);
    expect(await search('李')).toHaveLength(15);
    expect((await search(placed[3]!.number.toLowerCase())).map(({ number }) => number)).toEqual([placed[3]!.number]);
    expect(await search('cmd-')).toHaveLength(45);
  });

  test('takes every character as it is', async () => {
    expect(await search('jean 100%')).toHaveLength(15);
    for (const nothing of ['%', '_', 'jean_100', 'urand', '\\', "' or 1=1 -- ", '\0', '😀'])
      expect([nothing, (await search(nothing)).length]).toEqual([nothing, 0]);
    expect(await search('jean_d')).toHaveLength(15);
    expect(await search('jeanxd')).toHaveLength(0);
  });

  test('goes page by page like the list', async () => {
    const all = (await search('helene')).map(({ number }) => number);
    const { body: first } = await list('q=helene&limit=10');
    const { body: second } = await list(`q=helene&limit=10&before=${first.next}`);
    expect([...first.orders, ...second.orders].map(({ number }) => number)).toEqual(all);
    expect(second.next).toBeNull();
  });
});

describe('days', () => {
  const today = dayOf(new Date(), ZONE);
  const move = (number: string, at: Date) =>
    orders.db.query('update orders set placed_at = ? where number = ?', [at, number]);

  test('begin and end at the midnight of the shop', async () => {
    const day = addDays(today, -3);
    const start = startOfDay(day, ZONE).getTime();
    const end = startOfDay(addDays(day, 1), ZONE).getTime();
    const [a, b, c, d] = placed.slice(20, 24).map(({ number }) => number) as [string, string, string, string];
    await move(a, new Date(start - 1));
    await move(b, new Date(start));
    await move(c, new Date(end - 1));
    await move(d, new Date(end));
    expect((await numbers(`from=${day}&to=${day}`)).sort()).toEqual([b, c].sort());
    expect(await numbers(`to=${addDays(day, -1)}`)).toEqual([a]);

    const { body } = await ask<Stats>(`${orders.url}/stats`, { token: admin });
    expect(body.days.map((stats) => stats.day)).toEqual(Array.from({ length: 7 }, (_, i) => addDays(today, i - 6)));
    expect(body.days.map((stats) => stats.orders)).toEqual([0, 0, 1, 2, 1, 0, 41]);
    expect(body.today).toEqual(body.days[6]);
    expect(body.days[3]!.revenueCents).toBe(2 * 1250);
  });

  test('count cancelled orders, but no money for them', async () => {
    const before = (await ask<Stats>(`${orders.url}/stats`, { token: admin })).body;
    const json = { status: 'annulee', version: 1 };
    await ask(`${orders.url}/orders/${placed[44]!.number}`, { method: 'PATCH', json, token: admin });
    const after = (await ask<Stats>(`${orders.url}/stats`, { token: admin })).body;
    expect(after.today.orders).toBe(before.today.orders);
    expect(after.today.revenueCents).toBe(before.today.revenueCents - 1250);
    expect(after.counts.annulee).toBe(before.counts.annulee + 1);
    expect(after.cursor).not.toBe(before.cursor);
  });
});

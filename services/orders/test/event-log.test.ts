import fc from 'fast-check';
import { Redis } from 'ioredis';
import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import { ChannelMessage, EVENTS_CHANNEL, EventPage, type OrderEvent } from '../../../shared/contracts/event.ts';
import type { OrderList } from '../../../shared/contracts/order.ts';
import { ask, order, PRODUCTS_SQL, place } from './api.ts';

let orders: TestOrders;
let admin: string;
beforeAll(async () => {
  orders = await startOrders({ processes: 2 });
  await orders.db.query(PRODUCTS_SQL);
  admin = await signIn(orders.url, TEST_ADMIN);
});

const urls = () => orders.processes.map(({ url }) => url);
const anyUrl = (i: number) => urls()[i % 2]!;
const events = (query: string, url = orders.url) =>
  ask<EventPage & { code: string; cursor: string }>(`${url}/events?${query}`, { token: orders.settings.SERVICE_TOKEN });
const head = async () => (await events('limit=0')).body;
const cursor = async () => {
  const { epoch, head: seq } = await head();
  return `${epoch}.${seq}`;
};

/** Follows the log to its end, in pages. */
async function readAll(after: string, limit = 100, url = orders.url): Promise<OrderEvent[]> {
  const all: OrderEvent[] = [];
  for (let from = after; ; ) {
    const { body } = await events(`after=${from}&limit=${limit}`, url);
    if (body.events.length === 0) return all;
    all.push(...body.events);
    from = `${body.epoch}.${all.at(-1)!.seq}`;
  }
}

async function changeSomething(i: number): Promise<void> {
  const { body } = await place(anyUrl(i));
  if (i % 3 !== 0) return;
  const json = { status: i % 2 ? 'en_cours' : 'annulee', version: 1 };
  await ask(`${anyUrl(i + 1)}/orders/${body.number}`, { method: 'PATCH', json, token: admin });
}

test('two processes that write at once make one dense log, with exact counts at every place', async () => {
  const start = await head();
  const { rows } = await countsNow();
  await Promise.all(Array.from({ length: 120 }, (_, i) => changeSomething(i)));
  const log = await readAll(`${start.epoch}.${start.head}`);
  expect(log).toHaveLength(160);
  const counts = { ...rows };
  const seen = new Set<number>();
  for (const [i, event] of log.entries()) {
    expect(event.seq).toBe(start.head + 1 + i);
    if (event.previousStatus === null) seen.add(event.order.id);
    else expect(seen.has(event.order.id)).toBe(true);
    if (event.previousStatus) counts[event.previousStatus] = counts[event.previousStatus]! - 1;
    counts[event.order.status] = counts[event.order.status]! + 1;
    expect(event.counts).toEqual(counts);
  }
  expect((await countsNow()).rows).toEqual(counts);
});

async function countsNow() {
  const rows = { en_attente: 0, en_cours: 0, terminee: 0, annulee: 0 } as Record<string, number>;
  const found = await orders.db.query<{ status: string; n: number }>(
    'select status, count(*) as n from orders group by status',
  );
  for (const { status, n } of found) rows[status] = Number(n);
  return { rows };
}

test('a page is what the log made it up to its cursor, whenever the page was read', async () => {
  const writing = Promise.all(Array.from({ length: 60 }, (_, i) => changeSomething(i)));
  const pages = await Promise.all(
    Array.from({ length: 40 }, (_, i) => ask<OrderList>(`${anyUrl(i)}/orders?limit=200`, { token: admin })),
  );
  await writing;
  const { epoch, floor } = await head();
  const log = await readAll(`${epoch}.${floor - 1}`, 500);
  for (const { body: page } of pages) {
    const seen = log.slice(0, Number(page.cursor.split('.')[1]));
    const table = new Map(seen.map((event) => [event.order.id, event.order]));
    expect(page.orders).toEqual([...table.values()].sort((a, b) => b.id - a.id).slice(0, 200));
    expect(page.counts).toEqual(seen.at(-1)!.counts);
  }
  expect(new Set(pages.map(({ body }) => body.cursor)).size).toBeGreaterThan(1);
});

test('however the log is cut into pages, it is the same log', async () => {
  const { epoch, floor } = await head();
  const whole = await readAll(`${epoch}.${floor - 1}`, 500);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 40 }), async (limit, skip) => {
      expect(await readAll(`${epoch}.${floor - 1 + skip}`, limit)).toEqual(whole.slice(skip));
    }),
    { numRuns: 8 },
  );
});

test('what another process committed is shown only after a commit of one’s own, and one is enough', async () => {
  const commits = async () =>
    Number((await orders.db.query<{ n: string }>('select coalesce(sum(beat), 0) as n from durability_guard'))[0]!.n);
  await place(urls()[0]!);
  const before = await commits();
  const { body: placed } = await place(urls()[0]!);
  const answers = await Promise.all(Array.from({ length: 20 }, () => events('limit=0', urls()[1]!)));
  expect(placed.number).toBeTruthy();
  expect(new Set(answers.map(({ body }) => body.head)).size).toBe(1);
  // One for all who asked at once, and perhaps one more for those who came a moment later.
  expect(await commits()).toBeGreaterThan(before);
  const after = await commits();
  expect(after).toBeLessThanOrEqual(before + 3);
  await Promise.all(urls().map((url) => events('limit=0', url)));
  expect(await commits()).toBe(after);
});

test('events come in the promised form', async () => {
  const { body } = await events('limit=500');
  expect(EventPage.parse(body)).toEqual(body);
});

describe('a cursor', () => {
  test('of another epoch, beyond the head or before the floor is told 410 and where the log stands', async () => {
    const { epoch, head: seq } = await head();
    for (const bad of ['abcdefghijkl.1', `${epoch}.${seq + 1}`]) {
      const answer = await events(`after=${bad}`);
      expect([answer.status, answer.body.code, answer.body.cursor]).toEqual([410, 'cursor_expired', `${epoch}.${seq}`]);
    }
    await orders.db.query('update event_head set floor = 11');
    try {
      expect((await events(`after=${epoch}.9`)).status).toBe(410);
      expect((await events(`after=${epoch}.10&limit=1`)).body).toMatchObject({ floor: 11, events: [{ seq: 11 }] });
      expect((await events('limit=1')).body.events[0]!.seq).toBe(11);
    } finally {
      await orders.db.query('update event_head set floor = 1');
    }
  });

  test('that is none is told 400', async () => {
    for (const bad of ['after=x', 'after=', 'after=abcd.-1', 'after=abcd.01', 'limit=501', 'limit=-1', 'after=a%00.1'])
      expect((await events(bad)).status).toBe(400);
  });
});

describe('Redis', () => {
  test('is told every committed event once, and every second how far the log reaches', async () => {
    const messages: ChannelMessage[] = [];
    const subscriber = new Redis(orders.redis.url);
    subscriber.on('message', (_, text) => messages.push(ChannelMessage.parse(JSON.parse(text))));
    await subscriber.subscribe(EVENTS_CHANNEL);
    const start = await head();
    await Promise.all(Array.from({ length: 50 }, (_, i) => place(anyUrl(i))));
    const told = () => messages.flatMap((message) => ('events' in message ? message.events : []));
    await expect.poll(() => told().length, { timeout: 5000 }).toBe(50);
    expect(told().sort((a, b) => a.seq - b.seq)).toEqual(await readAll(`${start.epoch}.${start.head}`));
    const isCurrent = (message: ChannelMessage) => 'head' in message && message.head === start.head + 50;
    // From each of the two processes, though each appended only a part.
    await expect.poll(() => messages.filter(isCurrent).length, { timeout: 5000 }).toBeGreaterThanOrEqual(2);
    subscriber.disconnect();
  });

  test('stopped, frozen or back again: orders are taken all the same, and heads are told again', async () => {
    const before = await head();
    orders.redis.signal('SIGSTOP');
    expect(
      (await Promise.all(Array.from({ length: 20 }, () => place(orders.url)))).every((a) => a.status === 201),
    ).toBe(true);
    orders.redis.signal('SIGCONT');
    await orders.redis.stop();
    expect((await place(orders.url)).status).toBe(201);
    expect((await ask(`${orders.url}/readyz`)).status).toBe(200);
    await orders.redis.restart();
    const subscriber = new Redis(orders.redis.url);
    const heads: number[] = [];
    subscriber.on('message', (_, text) => heads.push((JSON.parse(text) as { head?: number }).head ?? 0));
    await subscriber.subscribe(EVENTS_CHANNEL);
    await expect.poll(() => heads.includes(before.head + 21), { timeout: 8000 }).toBe(true);
    subscriber.disconnect();
  });
});

describe('a database that was put back', () => {
  const putBack = async (to: number) => {
    await orders.db.query(`delete from order_events where seq > ${to}`);
    await orders.db.query(`update event_head set head = ${to}`);
  };

  test('is noticed without an order, and the log goes on in a new epoch', async () => {
    await place(orders.url);
    const lost = await head();
    await putBack(lost.head - 1);
    await expect.poll(async () => (await head()).epoch, { timeout: 5000 }).not.toBe(lost.epoch);
    const now = await head();
    expect(now.head).toBe(lost.head - 1);
    expect((await events(`after=${lost.epoch}.${lost.head - 1}`)).status).toBe(410);
    await place(orders.url);
    expect((await readAll(`${now.epoch}.${now.head}`)).map(({ seq }) => seq)).toEqual([lost.head]);
  });

  test('never gives a number twice in one epoch, even if an order comes first', async () => {
    await place(orders.url);
    const lost = await head();
    await putBack(lost.head - 1);
    const [first] = await Promise.all([place(orders.url, order({ name: 'Après' }))]);
    expect(first!.status).toBe(201);
    const now = await head();
    expect(now.epoch).not.toBe(lost.epoch);
    const last = (await readAll(`${now.epoch}.${lost.head - 1}`)).at(-1)!;
    expect(last.order.name).toBe('Après');
    expect(await cursor()).toBe(`${now.epoch}.${now.head}`);
  });
});

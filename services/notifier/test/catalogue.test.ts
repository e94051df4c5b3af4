import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestRedis, testRedis } from '../../../scripts/testing/redis.ts';
import { factsOf, stampOf } from '../../../web/fragments/product-facts.tsx';
import { openStream, type TestStream } from './read-stream.ts';
import { type Desk, eventually, startDesk } from './start-notifier.ts';

/** Reads follow each other without a pause, and only when something wakes the follower, unless a test says so. */
const LIMITS = { catalogueReadMs: 1, catalogueIdleMs: 3600_000, tickMs: 10 };

let redis: TestRedis;
let desk: Desk;
const streams: TestStream[] = [];

beforeAll(async () => {
  redis = await testRedis();
});
beforeEach(() => {
  streams.length = 0;
});
afterEach(async () => {
  for (const stream of streams) stream.close();
  await desk.close();
});

async function start(limits: Parameters<typeof startDesk>[1] & object = {}) {
  desk = await startDesk(redis.url, { ...limits, limits: { ...LIMITS, ...limits.limits } });
  desk.orders.products = [
    { id: 1, priceCents: 1250, stock: 100 },
    { id: 2, priceCents: 900, stock: 3 },
    { id: 3, priceCents: 5000, stock: null },
  ];
}

const stamp = () => stampOf(desk.orders.products.map(factsOf));

/** A page of the shop that shows the catalogue as it is, without a session. */
async function look(after = stamp(), headers: Record<string, string> = {}): Promise<TestStream> {
  const stream = await openStream(`${desk.notifier.url}/live/catalogue?after=${after}`, headers);
  streams.push(stream);
  return stream;
}

const wake = () => desk.publisher.raw('{"catalogue":"changed"}');
const changes = (stream: TestStream) => stream.updates.map(({ data }) => JSON.parse(data) as unknown);

test('whoever looks is told what changed of what they see, once, and nothing of what they do not', async () => {
  await start();
  const pages = await Promise.all([look(), look()]);
  for (const page of pages) await page.until('a word', () => page.frames.length === 1);
  // From plenty to plenty; to the last two; a new price; gone; another that nobody had.
  desk.orders.products = [
    { id: 1, priceCents: 1250, stock: 99 },
    { id: 2, priceCents: 900, stock: 2 },
    { id: 4, priceCents: 100, stock: 0 },
  ];
  await wake();
  for (const page of pages) {
    await page.until('the change', () => page.updates.length === 1);
    expect(changes(page)).toEqual([
      [
        { id: 2, priceCents: 900, left: 2 },
        { id: 4, priceCents: 100, left: 0 },
        { id: 3, priceCents: null, left: 0 },
      ],
    ]);
    expect(page.updates[0]!.id).toBe(stamp());
  }
  // What is woken for nothing says nothing.
  const reads = desk.orders.productReads;
  await wake();
  await eventually('the catalogue was read again', () => desk.orders.productReads > reads);
  desk.orders.products[0]!.stock = 0;
  await wake();
  await pages[0]!.until('the next change', () => pages[0]!.updates.length === 2);
  expect(changes(pages[0]!)[1]).toEqual([{ id: 1, priceCents: 1250, left: 0 }]);
});

test('any order wakes it; and without Redis it finds out by itself', async () => {
  await start();
  const page = await look();
  await page.until('a word', () => page.frames.length === 1);
  desk.orders.products[1]!.stock = 1;
  await desk.publisher.events(desk.log.place(1));
  await page.until('what the order took', () => page.updates.length === 1);

  await desk.close();
  await start({ redisVia: 'redis://127.0.0.1:9', limits: { catalogueIdleMs: 50 } });
  const deaf = await look();
  await deaf.until('a word', () => deaf.frames.length === 1);
  desk.orders.products[1]!.stock = 0;
  await deaf.until('what nobody said', () => deaf.updates.length === 1);
  expect(changes(deaf)).toEqual([[{ id: 2, priceCents: 900, left: 0 }]]);
});

test('a hundred orders while the catalogue is being read are one more reading', async () => {
  await start();
  const page = await look();
  await page.until('a word', () => page.frames.length === 1);
  let release = () => {};
  desk.orders.hold = new Promise((resolve) => {
    release = resolve;
  });
  const reads = desk.orders.productReads;
  await wake();
  await eventually('a reading is under way', () => desk.orders.productReads === reads + 1);
  desk.orders.products[1]!.stock = 0;
  for (let order = 0; order < 100; order += 1) await wake();
  desk.orders.hold = undefined;
  release();
  await page.until('what is true in the end', () => page.updates.length > 0);
  expect(changes(page).at(-1)).toEqual([{ id: 2, priceCents: 900, left: 0 }]);
  expect(desk.orders.productReads).toBeLessThanOrEqual(reads + 3);
});

test('who comes back is told nothing when nothing changed, and else everything, whoever of the two was behind', async () => {
  await start();
  const same = await look();
  await same.until('a word', () => same.frames.length === 1);
  expect(same.frames[0]).toMatchObject({ event: 'head', id: stamp() });
  // The page is newer than what the notifier has read: it reads before it answers.
  desk.orders.products[1]!.stock = 0;
  const ahead = await look();
  await ahead.until('a word', () => ahead.frames.length === 1);
  expect(ahead.frames[0]).toMatchObject({ event: 'head', id: stamp() });

  for (const older of ['0123456789abcdef', 'x'.repeat(5000), '']) {
    const page = await look(older);
    await page.until('everything', () => page.frames.length === 1);
    expect(page.frames[0]).toMatchObject({ event: 'all', id: stamp() });
    expect(JSON.parse(page.frames[0]!.data)).toHaveLength(3);
  }
  // What the stream said last is newer than the address.
  const again = await look('0123456789abcdef', { 'Last-Event-ID': stamp() });
  await again.until('a word', () => again.frames.length === 1);
  expect(again.frames[0]!.event).toBe('head');
});

test('there is room for so many, who take nobody else’s; nobody comes from another site; and all are told when it ends', async () => {
  await start({ limits: { catalogueStreams: 2, streams: 1, heartbeatMs: 20 } });
  const pages = await Promise.all([look(), look()]);
  for (const page of pages) await page.until('a sign of life', () => page.frames.length >= 3);
  const third = await look();
  await third.until('the end', () => third.isEnded());
  expect([third.status, third.frames, third.retries.length]).toEqual([200, [], 1]);
  // The one place for a desk is still free.
  const admin = await openStream(desk.live());
  streams.push(admin);
  await admin.until('a head', () => admin.frames.length > 0);
  expect(
    (await fetch(`${desk.notifier.url}/live/catalogue`, { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status,
  ).toBe(403);
  expect((await fetch(`${desk.notifier.url}/live/catalogue`, { method: 'POST' })).status).toBe(405);

  const closed = desk.notifier.close();
  for (const page of pages) await page.until('the goodbye', () => page.isEnded() && page.retries.length === 2);
  await closed;
});

test('while orders do not answer, pages keep what they have, and learn the rest afterwards', async () => {
  await start();
  const page = await look();
  await page.until('a word', () => page.frames.length === 1);
  desk.orders.isDown = true;
  desk.orders.products[1]!.stock = 0;
  await wake();
  await eventually('orders were asked in vain', () => desk.orders.refused > 0);
  expect([page.updates.length, page.isEnded()]).toEqual([0, false]);
  desk.orders.isDown = false;
  await page.until('what they missed', () => page.updates.length === 1);
});

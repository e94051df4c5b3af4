import { beforeAll, describe, expect, test } from 'vitest';
import { startProcess, type TestProcess } from '../../../scripts/testing/process.ts';
import { type TestRedis, testRedis } from '../../../scripts/testing/redis.ts';
import { type FakeOrders, SERVICE_TOKEN, startFakeOrders } from './fake-orders.ts';
import { OrderLog, SESSION_SECRET } from './order-log.ts';
import { openStream, type TestStream } from './read-stream.ts';
import { startPublisher } from './start-notifier.ts';

let redis: TestRedis;
let orders: FakeOrders;
let log: OrderLog;

beforeAll(async () => {
  redis = await testRedis();
  log = new OrderLog();
  orders = await startFakeOrders(log);
  const publisher = startPublisher(redis.url, log);
  return async () => {
    publisher.close();
    await orders.close();
  };
});

const start = (env: Record<string, string> = {}): Promise<TestProcess> =>
  startProcess('notifier', { REDIS_URL: redis.url, ORDERS_URL: orders.url, SESSION_SECRET, SERVICE_TOKEN, ...env });

describe('the notifier as a process', () => {
  test('writes the HTML that pages swap in', async () => {
    const notifier = await start();
    const [order] = log.place();
    const publisher = startPublisher(redis.url, log);
    const all = await openStream(`${notifier.url}/live/orders?after=${log.epoch}.0`);
    await publisher.events([order as NonNullable<typeof order>]);
    const shopper = await openStream(`${notifier.url}/live/order/${log.tokens.get(1)}`);
    await all.until('the row', () => all.updates.length > 0);
    expect(all.updates[0]?.data).toMatch(/^<hx-partial .*CMD-20251126-000001/);
    expect(all.updates[0]?.data).toContain('&lt;b&gt;Martin');
    await publisher.events([log.change(1, 'en_cours')]);
    await shopper.until('the step', () => shopper.updates.length > 0);
    expect(shopper.updates[0]?.data).toMatch(/^<hx-partial .*En cours/s);
    publisher.close();
    for (const stream of [all, shopper]) stream.close();
    await notifier.stop();
  });

  test('told to go, ends 500 streams within its time and spreads their return', async () => {
    const notifier = await start();
    const streams: TestStream[] = [];
    for (let batch = 0; batch < 10; batch += 1)
      streams.push(...(await Promise.all(Array.from({ length: 50 }, () => openStream(`${notifier.url}/live/orders`)))));
    for (const stream of streams) await stream.until('a head', () => stream.frames.length > 0);
    const frozen = streams[7] as TestStream;
    frozen.response.pause();

    notifier.signal('SIGTERM');
    expect(await notifier.exited()).toBe(0);

    const retries = streams.filter((stream) => stream !== frozen).map((stream) => stream.retries.at(-1) as number);
    for (const stream of streams) expect(stream === frozen || stream.retries.length).toBe(stream === frozen || 2);
    expect(Math.min(...retries)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...retries)).toBeLessThanOrEqual(5000);
    // Ten equal parts of the time: none is left out and none is crowded.
    const parts = new Array(10).fill(0);
    for (const ms of retries) parts[Math.min(9, Math.floor((ms - 500) / 450))] += 1;
    expect(Math.min(...parts)).toBeGreaterThan(10);
    expect(Math.max(...parts)).toBeLessThan(120);
    expect(notifier.logs()).toContain('"closed"');
  });

  test('shares its port with another where it is told to, and either brings every row to its own', async () => {
    const shared = { NOTIFIER_REUSE_PORT: 'true' };
    const one = await start(shared);
    const two = await start({ ...shared, NOTIFIER_PORT: new URL(one.url).port });
    const crowd: TestStream[] = await Promise.all(
      Array.from({ length: 40 }, () => openStream(`${one.url}/live/orders`)),
    );
    for (const stream of crowd) await stream.until('a head', () => stream.frames.length > 0);
    const publisher = startPublisher(redis.url, log);
    await publisher.events(log.place());
    for (const stream of crowd) await stream.until('the row', () => stream.updates.length === 1);
    // With one of them gone, its browsers come back to the other, which is the only one that listens.
    await one.stop();
    for (const stream of crowd.filter((stream) => stream.isEnded())) {
      const back = await openStream(`${one.url}/live/orders?after=${stream.frames.at(-1)?.id}`);
      crowd[crowd.indexOf(stream)] = back;
      await back.until('a head', () => back.frames.length > 0);
    }
    await publisher.events(log.place());
    for (const stream of crowd) await stream.until('the next row', () => stream.updates.at(-1)?.id === log.cursor);
    publisher.close();
    for (const stream of crowd) stream.close();
    await two.stop();
    await expect(start({ NOTIFIER_PORT: new URL(orders.url).port })).rejects.toThrow(/is taken by another program/);
  });

  test('says all that is wrong with its settings', async () => {
    const failure = startProcess('notifier', { REDIS_URL: 'http://x', SESSION_SECRET: 'short' });
    await expect(failure).rejects.toThrow(/REDIS_URL: must be.*SESSION_SECRET: must have.*SERVICE_TOKEN: is required/s);
  });
});

import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { EVENTS_CHANNEL } from '../../../shared/contracts/event.ts';
import { ask, order, PRODUCTS_SQL, place } from './api.ts';

const ORDERS = 30;
/** A command to Redis may take half a second. Nobody is to wait for one; a busy machine may hold up an order or two. */
const COMMAND_MS = 450;
const MAX_HELD_UP = 3;

let orders: TestOrders;
beforeAll(async () => {
  orders = await startOrders();
  await orders.db.query(PRODUCTS_SQL);
});

async function tell(...commands: [string, ...string[]][]): Promise<void> {
  const redis = new Redis(orders.redis.url, { maxRetriesPerRequest: 0, retryStrategy: null });
  redis.on('error', () => {});
  try {
    for (const [command, ...args] of commands) await redis.call(command, ...args);
  } finally {
    redis.disconnect();
  }
}

async function failures(): Promise<number> {
  const text = await (await fetch(`${orders.url}/metrics`)).text();
  return Number(/^publish_failures_total\S* (\S+)$/m.exec(text)?.[1]);
}

/** Returns once orders are heard over Redis. */
async function heard(): Promise<void> {
  const redis = new Redis(orders.redis.url);
  await redis.subscribe(EVENTS_CHANNEL);
  await once(redis, 'message');
  redis.disconnect();
}

/** One after the other, so that each would wait for Redis by itself. */
async function expectOrdersAsEver(): Promise<void> {
  let heldUp = 0;
  for (let i = 0; i < ORDERS; i += 1) {
    const start = performance.now();
    expect((await place(orders.url, order())).status).toBe(201);
    if (performance.now() - start > COMMAND_MS) heldUp += 1;
  }
  expect(heldUp).toBeLessThanOrEqual(MAX_HELD_UP);
  expect((await ask(`${orders.url}/readyz`)).status).toBe(200);
}

describe('orders are taken as ever', () => {
  afterEach(async () => {
    orders.redis.signal('SIGCONT');
    await orders.redis.restart();
    await heard();
  });

  test('with Redis down', async () => {
    await orders.redis.stop();
    await expectOrdersAsEver();
    expect(await failures()).toBeGreaterThanOrEqual(ORDERS);
  });

  test('with Redis frozen', async () => {
    orders.redis.signal('SIGSTOP');
    await expectOrdersAsEver();
  });

  test('with Redis full', async () => {
    await tell(['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxclients', '1']);
    await expectOrdersAsEver();
  });

  test('with a Redis that lets nobody publish', async () => {
    const before = await failures();
    await tell(['ACL', 'SETUSER', 'default', '-publish']);
    await expectOrdersAsEver();
    expect((await failures()) - before).toBeGreaterThanOrEqual(ORDERS);
  });

  test('with a Redis that wants a password which we do not have', async () => {
    const before = await failures();
    await tell(['CONFIG', 'SET', 'requirepass', 'another'], ['CLIENT', 'KILL', 'TYPE', 'normal']);
    await expectOrdersAsEver();
    expect((await failures()) - before).toBeGreaterThanOrEqual(ORDERS);
  });
});

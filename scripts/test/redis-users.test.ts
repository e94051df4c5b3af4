import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { resolve } from 'node:path';
import { Redis } from 'ioredis';
import { beforeAll, expect, test } from 'vitest';
import { EVENTS_CHANNEL } from '../../shared/contracts/event.ts';
import { REDIS_RIGHTS, redisUrlOf } from '../servers/redis-users.ts';
import { startOrders } from '../testing/orders.ts';
import { startProcess } from '../testing/process.ts';
import { type TestRedis, testRedis } from '../testing/redis.ts';

const PASSWORDS = { orders: 'the-publisher', notifier: 'the-listener' };

let redis: TestRedis;
beforeAll(async () => {
  redis = await testRedis({ passwords: PASSWORDS });
});

/** What Redis answers to one command: its reply, or the first word of its refusal. */
async function say(as: keyof typeof PASSWORDS, command: string, ...words: string[]): Promise<unknown> {
  const client = new Redis(redisUrlOf(as, PASSWORDS, redis.port), {
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return await client.call(command, ...words);
  } catch (error) {
    return (error as Error).message.split(' ')[0];
  } finally {
    client.disconnect();
  }
}

test('Redis lets each process do its own part, and nobody else anything', async () => {
  expect(await say('orders', 'publish', EVENTS_CHANNEL, 'x')).toBe(0);
  expect(await say('notifier', 'subscribe', EVENTS_CHANNEL)).toBeTruthy();
  for (const [as, command, ...words] of [
    ['orders', 'subscribe', EVENTS_CHANNEL],
    ['orders', 'publish', 'another', 'x'],
    ['orders', 'set', 'a', '1'],
    ['notifier', 'publish', EVENTS_CHANNEL, 'x'],
    ['notifier', 'subscribe', 'another'],
    ['notifier', 'psubscribe', '*'],
    ['notifier', 'get', 'a'],
    ...(['orders', 'notifier'] as const).flatMap((as) => [
      [as, 'config', 'get', '*'] as const,
      [as, 'acl', 'list'] as const,
      [as, 'flushall'] as const,
      [as, 'shutdown'] as const,
      [as, 'eval', 'return 1', '0'] as const,
      [as, 'client', 'list'] as const,
    ]),
  ] as const)
    expect([as, command, await say(as, command, ...words)]).toEqual([as, command, 'NOPERM']);
  const stranger = createConnection({ port: redis.port, host: '127.0.0.1' });
  stranger.write(`PUBLISH ${EVENTS_CHANNEL} x\r\n`);
  const [answer] = (await once(stranger, 'data')) as [Buffer];
  stranger.destroy();
  expect(answer.toString()).toMatch(/^-NOAUTH /);
});

test('orders and notifier work with these rights', async () => {
  const orders = await startOrders({ env: { REDIS_URL: redisUrlOf('orders', PASSWORDS, redis.port) } });
  const notifier = await startProcess('notifier', {
    ...orders.settings,
    ORDERS_URL: orders.url,
    REDIS_URL: redisUrlOf('notifier', PASSWORDS, redis.port),
  });
  const figure = async (url: string, name: string) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return new RegExp(`^${name}(?:{.*})? (\\d+)$`, 'm').exec(text)?.[1];
  };
  // It has heard the head of the log, which orders say every second.
  await expect.poll(() => figure(notifier.url, 'redis_mode'), { timeout: 20_000 }).toBe('1');
  expect(await figure(orders.url, 'publish_failures_total')).toBe('0');
});

test('compose.yaml gives the same rights', () => {
  const compose = readFileSync(resolve(import.meta.dirname, '../../compose.yaml'), 'utf8');
  for (const [name, rights] of Object.entries(REDIS_RIGHTS))
    expect(compose).toMatch(new RegExp(`^ +user ${name} on >\\$\\$\\w+ ${rights.replace(/[+]/g, '\\+')}$`, 'm'));
  expect(compose).toMatch(/^ +user default off$/m);
});

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createConnection } from 'mysql2/promise';
import { beforeAll, describe, expect, test } from 'vitest';
import { order } from '../../../services/orders/test/api.ts';
import type { TestProcess } from '../../testing/process.ts';
import { startSystem, type TestSystem } from '../../testing/system.ts';

const CLIENTS = 8;
const EVENTUALLY = { timeout: 20_000 };

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ orders: 2 });
  await system.db.query('update products set stock = null');
});

/**
 * One request on a connection of its own, as a gateway makes it that opens another when it is refused.
 * @returns the status; undefined when nobody listens; `reset` when the connection was made and never taken
 */
async function send(url: string, options: { key?: string } = {}): Promise<number | 'reset' | undefined> {
  const isOrder = options.key !== undefined;
  const sent = request(url, {
    agent: false,
    method: isOrder ? 'POST' : 'GET',
    headers: isOrder
      ? { 'Content-Type': 'application/json', 'Idempotency-Key': options.key }
      : { Accept: 'text/html', 'Accept-Encoding': 'br' },
  });
  sent.end(isOrder ? JSON.stringify(order()) : undefined);
  try {
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    for await (const _ of answer);
    return answer.statusCode;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED') return undefined;
    if (code === 'ECONNRESET') return 'reset';
    throw error;
  }
}

/**
 * Clients that go on all the while `work` lasts; what they were answered, refused connections left out. One that
 * connects in the very instant in which listening ends is reset, which can be made rare and not impossible: without
 * care it happens to all of them at each restart.
 */
async function whileAsking(ask: (turn: number) => Promise<number | 'reset' | undefined>, work: () => Promise<unknown>) {
  const statuses: number[] = [];
  let resets = 0;
  let over = false;
  const client = async (first: number) => {
    for (let turn = first; !over; turn += 1) {
      const status = await ask(turn);
      if (status === 'reset') resets += 1;
      else if (status === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
      else statuses.push(status);
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, i) => client(i));
  try {
    await expect.poll(() => statuses.length, EVENTUALLY).toBeGreaterThan(5 * CLIENTS);
    await work();
  } finally {
    over = true;
  }
  await Promise.all(clients);
  expect(resets).toBeLessThan(CLIENTS / 2);
  return statuses;
}

const endAndStartAgain = async (process: TestProcess) => {
  expect(await process.stop()).toBe(0);
  await process.restart();
};

describe('every request in flight is answered', () => {
  test('when orders processes are ended and started again, one after the other', async () => {
    const { orders } = system.processes;
    const statuses = await whileAsking(
      (turn) => send(`${orders[turn % 2]!.url}/orders`, { key: randomUUID() }),
      async () => {
        for (const process of orders) await endAndStartAgain(process);
      },
    );
    expect(new Set(statuses)).toEqual(new Set([201]));
  });

  test('when web is ended and started again', async () => {
    const { web } = system.processes;
    const statuses = await whileAsking(
      () => send(web.url),
      () => endAndStartAgain(web),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

test('an order that was taken is placed before its process ends, though its shopper has hung up', async () => {
  const process = system.processes.orders[0]!;
  const place = async () => (await system.db.query('select id from orders')).length;
  const before = await place();
  // Whoever has the head row holds up every order at its last statements.
  const holder = await createConnection({ uri: system.db.url });
  await holder.query('set session transaction isolation level read uncommitted');
  await holder.query('begin');
  await holder.query('select * from event_head for update');

  const key = randomUUID();
  const sent = request(`${process.url}/orders`, {
    agent: false,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
  });
  sent.on('error', () => {});
  sent.end(JSON.stringify(order()));
  const keys = async () => (await holder.query('select 1 from idempotency_keys where key_text = ?', [key]))[0];
  await expect.poll(keys, EVENTUALLY).toHaveLength(1);
  sent.destroy();
  process.signal('SIGTERM');
  await expect.poll(() => process.logs().includes('"closing"'), EVENTUALLY).toBe(true);
  // Long enough for a process that does not wait for its orders to be gone.
  await new Promise((resolve) => setTimeout(resolve, 500));
  await holder.query('rollback');
  await holder.end();
  expect(await process.exited()).toBe(0);
  expect(await place()).toBe(before + 1);
});

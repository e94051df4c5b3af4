import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabaseServer, testDatabaseServer } from '../../../scripts/testing/database-server.ts';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { EventPage, OrderEvent } from '../../../shared/contracts/event.ts';
import { ask, order, type Placed, PRODUCTS_SQL, place } from './api.ts';

let server: TestDatabaseServer;
let orders: TestOrders;
beforeAll(async () => {
  server = await testDatabaseServer();
  orders = await startOrders({ processes: 2, databaseUrl: server.url });
  await server.query(PRODUCTS_SQL);
});

const url = (i: number) => orders.processes[i]!.url;

async function wholeLog(): Promise<OrderEvent[]> {
  const all: OrderEvent[] = [];
  for (let after = ''; ; ) {
    const { body } = await ask<EventPage>(`${url(0)}/events?limit=500${after}`, {
      token: orders.settings.SERVICE_TOKEN,
    });
    if (body.events.length === 0) return all;
    all.push(...body.events);
    after = `&after=${body.epoch}.${all.at(-1)!.seq}`;
  }
}

interface Shopper {
  key: string;
  answer?: Placed;
  /** How often there was no answer, or none that settled it. */
  failures: number;
}

/**
 * Shoppers who order one thing each, at these processes in turn, and ask again with the same key until they have an
 * answer that settles it. While `fault` runs, new ones keep coming.
 */
async function shopDuring(
  fault: () => Promise<unknown>,
  at: readonly number[] = [0, 1],
  clients = 24,
): Promise<Shopper[]> {
  const shoppers: Shopper[] = [];
  let over = false;
  const shop = async (client: number) => {
    for (let turn = client; !over || turn === client; turn += 1) {
      const shopper: Shopper = { key: randomUUID(), failures: 0 };
      shoppers.push(shopper);
      for (let attempt = 0; !shopper.answer; attempt += 1) {
        const answer = await place(url(at[(turn + attempt) % at.length]!), order(), shopper.key).catch(() => undefined);
        if (answer?.status === 201) shopper.answer = answer.body;
        // 408: the process had been frozen while the request came, so it never saw it in time.
        else expect([undefined, 408, 503, 504]).toContain(answer?.status);
        if (shopper.answer) continue;
        shopper.failures += 1;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  const shopping = Array.from({ length: clients }, (_, i) => shop(i));
  // Some orders first, so that the fault strikes in the middle of the work.
  await expect.poll(() => shoppers.filter(({ answer }) => answer).length, { timeout: 10_000 }).toBeGreaterThan(clients);
  await fault();
  over = true;
  await Promise.all(shopping);
  return shoppers;
}

/** Every answer is an order of its own in the table and in the log; and there is nothing else. */
async function expectAllOnce(shoppers: readonly Shopper[], before: number): Promise<void> {
  const numbers = shoppers.map(({ answer }) => answer!.number);
  expect(new Set(numbers).size).toBe(numbers.length);
  const rows = await server.query<{ number: string }>('select number from orders order by id');
  expect(new Set(rows.slice(before).map(({ number }) => number))).toEqual(new Set(numbers));
  expect(rows).toHaveLength(before + numbers.length);
  const log = await wholeLog();
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
  const placed = log.filter(({ type }) => type === 'order.placed').map((event) => event.order.number);
  expect(placed.toSorted()).toEqual(rows.map(({ number }) => number).toSorted());
}

const countOrders = async () => (await server.query('select id from orders')).length;
const settle = () => expect.poll(async () => (await ask(`${url(0)}/readyz`)).status, { timeout: 20_000 }).toBe(200);

test('a process killed in the middle of its work loses no order and doubles none', async () => {
  const before = await countOrders();
  const shoppers = await shopDuring(async () => {
    for (let i = 0; i < 3; i += 1) {
      orders.processes[0]!.signal('SIGKILL');
      await orders.processes[0]!.exited();
      await orders.processes[0]!.restart();
    }
  });
  await expectAllOnce(shoppers, before);
});

test('a process frozen in the middle of its work holds the others up for seconds only', async () => {
  const before = await countOrders();
  const meanwhile: Shopper = { key: randomUUID(), failures: 0 };
  const shoppers = await shopDuring(async () => {
    orders.processes[0]!.signal('SIGSTOP');
    try {
      // Whatever lock it holds, the other one gets it: this order goes through before the frozen one wakes.
      const answer = await place(url(1), order(), meanwhile.key);
      expect(answer.status).toBe(201);
      meanwhile.answer = answer.body;
    } finally {
      orders.processes[0]!.signal('SIGCONT');
    }
  });
  await expectAllOnce([...shoppers, meanwhile], before);
});

test('whatever statement a writer freezes in, its locks are free again within seconds', async () => {
  // A session that behaves like ours, and falls silent with the head row locked.
  const frozen = await createConnection({ uri: server.url });
  frozen.on('error', () => {});
  await frozen.query('set session wait_timeout = 3');
  await frozen.query('begin');
  await frozen.query('select * from event_head for update');
  const answers = await Promise.all([place(url(0)), place(url(1))]);
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  frozen.destroy();
});

describe('the database', () => {
  test('killed and started again under load: every answer holds, nothing is doubled', async () => {
    const before = await countOrders();
    const shoppers = await shopDuring(async () => {
      server.signal('SIGKILL');
      await server.exited();
      await server.restart();
      await settle();
    });
    await expectAllOnce(shoppers, before);
  });

  test('frozen: requests are answered 503 or 504 in time, and afterwards all is well', async () => {
    const before = await countOrders();
    server.signal('SIGSTOP');
    const key = randomUUID();
    const [placing, listing] = await Promise.all([
      place(url(0), order(), key),
      ask(`${url(0)}/products`),
      ask(`${url(0)}/readyz`).then(({ status }) => expect(status).toBe(503)),
    ]);
    expect([503, 504]).toContain(placing.status);
    expect(listing.status).toBe(503);
    server.signal('SIGCONT');
    await settle();
    await expect.poll(async () => (await place(url(0), order(), key)).status, { timeout: 20_000 }).toBe(201);
    expect(await countOrders()).toBe(before + 1);
  });

  test('that cuts every connection costs nobody an error', async () => {
    const cut = async () => {
      for (let i = 0; i < 5; i += 1) {
        const sessions = await server.query<{ Id: number; Command: string }>('show processlist');
        const ours = await server.query<{ id: number }>('select connection_id() as id');
        for (const { Id } of sessions) if (Id !== ours[0]!.id) await server.query(`kill ${Id}`).catch(() => {});
      }
    };
    const before = await countOrders();
    const shoppers = await shopDuring(cut);
    expect(shoppers.filter(({ failures }) => failures > 0)).toEqual([]);
    await expectAllOnce(shoppers, before);
  });
});

test('told to end under load, a process answers what it took and goes by itself', async () => {
  const before = await countOrders();
  const shoppers = await shopDuring(async () => {
    expect(await orders.processes[1]!.stop()).toBe(0);
    await orders.processes[1]!.restart();
  });
  await expectAllOnce(shoppers, before);
  expect(await signIn(url(1), TEST_ADMIN)).toBeTruthy();
});

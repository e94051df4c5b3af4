import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { startProcess, type TestProcess } from '../../../scripts/testing/process.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { AdminOrder, PlacedOrder } from '../../../shared/contracts/order.ts';
import { openStream, type TestStream } from './read-stream.ts';
import { eventually } from './start-notifier.ts';

let orders: TestOrders;
let notifiers: TestProcess[];
let session: string;

beforeAll(async () => {
  orders = await startOrders({ processes: 2 });
  await startProcess('migrate', orders.settings, { args: ['--demo'] });
  notifiers = await Promise.all(
    orders.processes.map(({ url }) => startProcess('notifier', { ...orders.settings, ORDERS_URL: url })),
  );
  session = await signIn(orders.url, TEST_ADMIN);
});

/** So few that what they place without Redis fits into one frame, whose rows are bounded. */
const BUYERS = 6;

const asAdmin = () => ({ Authorization: `Bearer ${session}` });

async function place(ordersUrl: string): Promise<PlacedOrder | undefined> {
  const products = await orders.db.query<{ id: number }>('select id from products where stock is null limit 1');
  const response = await fetch(`${ordersUrl}/orders`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    body: JSON.stringify({
      name: 'Élise Martin',
      email: 'elise@msp.example',
      lines: [{ productId: products[0]?.id, quantity: 1 }],
    }),
  }).catch(() => undefined);
  return response?.status === 201 ? ((await response.json()) as PlacedOrder) : undefined;
}

const numbersOn = (stream: TestStream) =>
  new Set(stream.updates.flatMap(({ data }) => data.match(/CMD-\d{8}-[0-9A-Z]{6}/g) ?? []));

test('what two orders processes take, one of them killed and Redis gone for a while, is on the stream of each notifier', async () => {
  const streams = await Promise.all(
    notifiers.map(({ url }) => openStream(`${url}/live/orders?view=en_attente`, asAdmin())),
  );
  const [first, second] = orders.processes as [TestProcess, TestProcess];
  const placed: string[] = [];
  const buy = async (times: number) => {
    for (let i = 0; i < times; i += 1) {
      const order = await place((i % 2 ? first : second).url);
      if (order) placed.push(order.number);
    }
  };
  const buyers = (times: number) => Promise.all(Array.from({ length: BUYERS }, () => buy(times)));

  await buyers(4);
  await orders.redis.stop();
  await buyers(2);
  const shopping = buyers(4);
  second.signal('SIGKILL');
  await orders.redis.restart();
  await shopping;
  await second.restart();
  await buyers(2);

  const inLog = await orders.db.query<{ number: string }>('select number from orders');
  const all = new Set(inLog.map(({ number }) => number));
  for (const stream of streams) {
    await stream.until('every order', () => numbersOn(stream).size >= all.size);
    expect(numbersOn(stream)).toEqual(all);
    expect(placed.filter((number) => !numbersOn(stream).has(number))).toEqual([]);
    expect(stream.frames.filter(({ event }) => event === 'reset')).toEqual([]);
    stream.close();
  }
});

test("a change of status reaches the admins' views and the shopper's page", async () => {
  const url = notifiers[1]?.url as string;
  const { token, number } = (await place(orders.url)) as PlacedOrder;
  const shopper = await openStream(`${url}/live/order/${token}`);
  const inProgress = await openStream(`${url}/live/orders?view=en_cours`, asAdmin());
  await Promise.all([shopper, inProgress].map((stream) => stream.until('a head', () => stream.frames.length > 0)));
  const response = await fetch(`${orders.url}/orders/${number}`, {
    method: 'PATCH',
    headers: { ...asAdmin(), 'Content-Type': 'application/json' },
    body: JSON.stringify({ status: 'en_cours', version: 1 } satisfies Partial<AdminOrder>),
  });
  expect(response.status).toBe(200);
  // The order itself may still be on its way to this notifier when the stream opens, and then comes first.
  await shopper.until('the step', () => shopper.updates.at(-1)?.data.includes('En cours') === true);
  await inProgress.until('the row', () => numbersOn(inProgress).has(number));
  for (const stream of [shopper, inProgress]) stream.close();
});

test('logging out ends the streams of the session, and it opens none again', async () => {
  const leaving = await signIn(orders.url, TEST_ADMIN);
  const headers = { Authorization: `Bearer ${leaving}` };
  const stream = await openStream(`${notifiers[0]?.url}/live/orders`, headers);
  await stream.until('a head', () => stream.frames.length > 0);
  expect((await fetch(`${orders.url}/sessions/current`, { method: 'DELETE', headers })).status).toBe(204);
  await stream.until('the end', stream.isEnded);
  await eventually('both know', async () => {
    const answers = await Promise.all(notifiers.map(({ url }) => openStream(`${url}/live/orders`, headers)));
    for (const answer of answers) answer.close();
    return answers.every(({ status }) => status === 401);
  });
});

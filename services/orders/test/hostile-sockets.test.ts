import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { errorsIn } from '../../../scripts/testing/hostile/complaints.ts';
import { goodOrder } from '../../../scripts/testing/hostile/hostile-case.ts';
import { exchange } from '../../../scripts/testing/hostile/wire.ts';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { order, PRODUCTS_SQL, place } from './api.ts';

let orders: TestOrders;
beforeAll(async () => {
  orders = await startOrders();
  await orders.db.query(PRODUCTS_SQL);
});

const BODY = JSON.stringify(goodOrder({ name: 'Zoe' }));
const head = (key: string, more = '') =>
  `POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: ${key}\r\n${more}Content-Length: ${BODY.length}\r\n\r\n`;
const ordersOf = async (key: string) =>
  (await orders.db.query('select order_id from idempotency_keys where key_text = ?', [key])).length;

describe('requests one behind the other on a connection', () => {
  test('are answered each by itself and in their order', async () => {
    const keys = Array.from({ length: 20 }, () => randomUUID());
    const bytes = keys.map((key) => head(key) + BODY).join('');
    const answers = await exchange(orders.url, { bytes, answers: 20 });
    expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 201));
    for (const [i, key] of keys.entries()) {
      const { body } = await place(orders.url, order({ name: 'Zoe' }), key);
      expect(JSON.parse(answers[i]!.body)).toEqual(body);
    }
  });

  test('do not take the refusal of what comes behind them for their own answer', async () => {
    for (const noise of [
      'NOISE\r\n\r\n',
      '\0\0\0\0',
      'GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n',
      `${'x'.repeat(20_000)}`,
    ]) {
      const key = randomUUID();
      const [answer] = await exchange(orders.url, { bytes: head(key) + BODY + noise });
      // Silence says nothing; 4xx would say that there is no order.
      expect([undefined, 201]).toContain(answer?.status);
      expect((await place(orders.url, order({ name: 'Zoe' }), key)).status).toBe(201);
      expect(await ordersOf(key)).toBe(1);
    }
  });
});

test('a client that closes its half once it has asked gets the right answer or none, and has one order', async () => {
  const key = randomUUID();
  const socket = connect({ port: Number(new URL(orders.url).port), host: '127.0.0.1', allowHalfOpen: true });
  socket.end(head(key, 'Connection: close\r\n') + BODY);
  let text = '';
  for await (const chunk of socket) text += chunk;
  expect(text.split('\r\n')[0]).toMatch(/^(HTTP\/1\.1 201 Created)?$/);
  expect((await place(orders.url, order({ name: 'Zoe' }), key)).status).toBe(201);
  expect(await ordersOf(key)).toBe(1);
});

test('a client that hangs up in the middle leaves nothing, and one that hangs up at the end leaves one order at most', async () => {
  const cut = randomUUID();
  const whole = randomUUID();
  for (const bytes of [head(cut) + BODY.slice(0, -10), head(whole) + BODY]) {
    const socket = await connected();
    await new Promise((resolve) => socket.write(bytes, resolve));
    socket.resetAndDestroy();
  }
  expect((await place(orders.url, order({ name: 'Other' }), cut)).status).toBe(201);
  expect((await place(orders.url, order({ name: 'Zoe' }), whole)).status).toBe(201);
  expect(await ordersOf(whole)).toBe(1);
});

test('three hundred clients that dawdle, each in another way, hold up nobody and are sent away', async () => {
  const ways = [
    '',
    'POST /orders HTTP/1.1\r\nHost: x\r\nX-Slow: ',
    head(randomUUID()),
    `${head(randomUUID())}${BODY.slice(0, 20)}`,
    'POST /orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n5\r\n{',
    'POST /orders HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 500\r\nContent-Type: application/json\r\n\r\n',
  ];
  const sockets = await Promise.all(Array.from({ length: 300 }, () => connected()));
  const ended = sockets.map((socket) => once(socket, 'close'));
  for (const [i, socket] of sockets.entries()) socket.write(ways[i % ways.length]!);
  // A byte now and then keeps each of them awake.
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('x');
  }, 500);
  // Whoever comes in the very turn of the loop that reads all of them may be told to come again.
  await expect.poll(async () => (await place(orders.url)).status).toBe(201);
  for (let i = 0; i < 20; i += 1) expect((await place(orders.url)).status).toBe(201);
  await Promise.all(ended);
  clearInterval(drip);
  expect((await place(orders.url)).status).toBe(201);
});

test('after all of it the process is the same and has no error to tell of', () => {
  expect(orders.processes[0]!.isRunning()).toBe(true);
  expect(errorsIn(orders.processes[0]!.logs())).toEqual([]);
});

async function connected(): Promise<Socket> {
  const socket = connect(Number(new URL(orders.url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.on('data', () => {});
  await once(socket, 'connect');
  return socket;
}

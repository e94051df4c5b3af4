import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A server that says back what it hears in capitals, and a proxy before it. */
async function line() {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      heard.push(data.toString());
      socket.write(data.toString().toUpperCase());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startTcpProxy(() => (server.address() as AddressInfo).port);
  ends.push(
    () => server.close(),
    () => proxy.close(),
  );
  return { proxy, heard };
}

async function client(proxy: TcpProxy) {
  const socket: Socket = createConnection({ port: proxy.port, host: '127.0.0.1' });
  let said = '';
  let ended: string | undefined;
  socket.on('data', (data) => {
    said += data;
  });
  socket.on('error', ({ message }) => {
    ended ??= message;
  });
  socket.on('close', () => {
    ended ??= 'closed';
  });
  ends.push(() => socket.destroy());
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
  return { socket, said: () => said, ended: () => ended };
}

test('a line that is well carries bytes both ways, and ends', async () => {
  const { proxy } = await line();
  const near = await client(proxy);
  near.socket.end('hello');
  await expect.poll(near.said).toBe('HELLO');
  await expect.poll(near.ended).toBe('closed');
  await expect.poll(proxy.connections).toBe(0);
});

test('a stalled direction goes on where it stopped', async () => {
  const { proxy, heard } = await line();
  const near = await client(proxy);
  near.socket.write('one');
  await expect.poll(near.said).toBe('ONE');
  proxy.set({ kind: 'stall', directions: ['down'] });
  near.socket.write('two');
  await expect.poll(() => heard).toEqual(['one', 'two']);
  expect(near.said()).toBe('ONE');
  proxy.set(undefined);
  await expect.poll(near.said).toBe('ONETWO');
});

test('half open: the near side hears nothing, and what it sends after healing is answered with a reset', async () => {
  const { proxy, heard } = await line();
  const near = await client(proxy);
  near.socket.write('one');
  await expect.poll(near.said).toBe('ONE');
  proxy.set({ kind: 'half-open' });
  expect([proxy.dead(), proxy.connections()]).toEqual([1, 0]);
  near.socket.write('two');
  const late = await client(proxy);
  late.socket.write('three');
  proxy.set(undefined);
  await expect.poll(late.said).toBe('THREE');
  expect(near.ended()).toBeUndefined();
  expect(heard).toEqual(['one', 'three']);
  near.socket.write('four');
  await expect.poll(near.ended).toMatch(/ECONNRESET/);
  expect(proxy.dead()).toBe(0);
});

test.each(['before', 'after'] as const)('a connection breaks %s the bytes have arrived', async (when) => {
  const { proxy, heard } = await line();
  const near = await client(proxy);
  proxy.set({ kind: 'reset-on', direction: 'up', patterns: [Buffer.from('mm')], when, chance: () => true });
  near.socket.write('begin');
  await expect.poll(near.said).toBe('BEGIN');
  near.socket.write('commit');
  await expect.poll(near.ended).toMatch(/ECONNRESET/);
  expect(near.said()).toBe('BEGIN');
  expect(heard).toEqual(when === 'before' ? ['begin'] : ['begin', 'commit']);
});

test('it refuses, cuts after so many bytes, and lets only so many in', async () => {
  const { proxy } = await line();
  const open = await client(proxy);
  proxy.set({ kind: 'limit', connections: 1 });
  const second = await client(proxy);
  await expect.poll(second.ended).toBeDefined();
  open.socket.write('x');
  await expect.poll(open.said).toBe('X');
  proxy.set({ kind: 'reset-after', direction: 'up', bytes: 3 });
  open.socket.write('xxxx');
  await expect.poll(open.ended).toMatch(/ECONNRESET/);
  proxy.set({ kind: 'refuse' });
  const refused = await client(proxy);
  await expect.poll(refused.ended).toBeDefined();
});

test('latency keeps the order, though it grows less and ends', async () => {
  const { proxy } = await line();
  const near = await client(proxy);
  const pieces = Array.from({ length: 50 }, (_, i) => `${i} `);
  for (const [i, piece] of pieces.entries()) {
    proxy.set(i < 40 ? { kind: 'latency', ms: 40 - i } : undefined);
    near.socket.write(piece);
    // Turns of the loop, so that not all of them travel as one.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(near.said).toBe(pieces.join(''));
});

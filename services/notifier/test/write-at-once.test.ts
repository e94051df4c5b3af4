import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { type Wire, wireOf, writeAtOnce } from '../write-at-once.ts';

const ends: Socket[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end.destroy();
  vi.restoreAllMocks();
});

/** Both ends of a connection, of which `there` does not read yet. */
async function connection(): Promise<{ socket: Socket; there: Socket; wire: Wire }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const there = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  ends.push(
    socket.on('error', () => {}),
    there,
  );
  const wire = wireOf(socket);
  if (!wire) throw new Error('This Node has become another: see wireOf.');
  return { socket, there, wire };
}

/** Writes until the kernel has no more room. @returns what was written, and whether the rest of it could not go */
function fill(wire: Wire): { frames: Buffer[]; isFailed: Promise<boolean> } {
  const { promise: isFailed, resolve: onGone } = Promise.withResolvers<boolean>();
  const frames: Buffer[] = [];
  do frames.push(Buffer.alloc(100_000, `${frames.length}.`));
  while (writeAtOnce(wire, frames.at(-1) as Buffer, { onGone }) === 'taken');
  return { frames, isFailed };
}

test('what the kernel has no room for goes by itself, is told when it has gone, and comes in order', async () => {
  const all = [await connection(), await connection()].map((one) => ({ ...one, ...fill(one.wire) }));
  for (const { socket, there, frames, isFailed } of all) {
    const last = Buffer.from('by the stream');
    socket.write(last);
    socket.end();
    const got = await buffer(there);
    expect(await isFailed).toBe(false);
    expect(got.equals(Buffer.concat([...frames, last]))).toBe(true);
  }
});

test('a connection that is no more takes nothing', async () => {
  const { socket, there, wire } = await connection();
  const { isFailed } = fill(wire);
  there.resetAndDestroy();
  expect(await isFailed).toBe(true);
  socket.destroy();
  expect(writeAtOnce(wire, Buffer.from('late'), { onGone: () => {} })).toBe('failed');
  expect(wireOf(socket)).toBeUndefined();
});

test('where Node has become another, nothing breaks: there is no such way, and streams are written to', async () => {
  const { socket } = await connection();
  vi.spyOn(process as unknown as { binding: () => unknown }, 'binding').mockImplementation(() => {
    throw new Error('No such module');
  });
  vi.resetModules();
  const anew = await import('../write-at-once.ts');
  expect(anew.wireOf(socket)).toBeUndefined();
});

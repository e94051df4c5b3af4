import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { order } from '../../../services/orders/test/api.ts';
import { startSystem, type TestSystem } from '../../testing/system.ts';

/** What README states for every process. */
const CAP_BYTES = 384 * 1024 * 1024;
const IDLE = 1_000;
const GREEDY = 100;
const ORDERS = 1_500;
const AT_ONCE = 600;

let system: TestSystem;
const sockets: Socket[] = [];
beforeAll(async () => {
  system = await startSystem();
  await system.db.query('update products set stock = null');
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
});

async function residentBytes(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes\{[^}]*\} (\S+)$/m.exec(text)?.[1]);
}

/** Opens so many connections and sends this on each. */
async function open(url: string, count: number, bytes: string, reads = true): Promise<void> {
  const { hostname, port } = new URL(url);
  for (let opened = 0; opened < count; opened += 250) {
    await Promise.all(
      Array.from(
        { length: Math.min(250, count - opened) },
        () =>
          new Promise<void>((done) => {
            const socket = connect(Number(port), hostname, () => {
              socket.write(bytes, () => done());
            });
            sockets.push(socket);
            socket.on('error', () => done());
            if (reads) socket.resume();
            else socket.pause();
          }),
      ),
    );
  }
}

const GET = 'GET / HTTP/1.1\r\nHost: shop\r\nAccept: text/html\r\n\r\n';

describe('the memory of each process stays below its cap', () => {
  test('with a thousand idle connections, and with readers who ask for much and take nothing', async () => {
    const [orders, notifier] = [system.ordersUrls[0]!, system.notifierUrls[0]!];
    for (const url of [system.webUrl, orders, notifier])
      await open(url, IDLE, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    await open(system.webUrl, GREEDY, GET.repeat(100), false);
    await open(orders, GREEDY, GET.replace('/ ', '/products ').repeat(100), false);
    for (const url of [system.webUrl, orders, notifier]) expect(await residentBytes(url)).toBeLessThan(CAP_BYTES);
  });

  test('under a burst of orders and of bodies that are too large', async () => {
    const url = `${system.ordersUrls[0]}/orders`;
    const statuses = new Map<number, number>();
    let left = ORDERS;
    const shop = async (client: number) => {
      while (left > 0) {
        left -= 1;
        const large = client % 3 === 0;
        const { status } = await fetch(large ? `${system.webUrl}/checkout` : url, {
          method: 'POST',
          headers: {
            'Content-Type': large ? 'application/x-www-form-urlencoded' : 'application/json',
            'Idempotency-Key': randomUUID(),
            'Sec-Fetch-Site': 'same-origin',
          },
          body: large ? 'x'.repeat(60_000) : JSON.stringify(order({ notes: 'é'.repeat(1000) })),
        }).catch(() => ({ status: 0 }));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, client) => shop(client)));
    const bytes = await Promise.all([system.ordersUrls[0]!, system.webUrl, system.notifierUrls[0]!].map(residentBytes));
    const megabytes = bytes.map((size) => Math.round(size / 1024 / 1024));
    console.log(`Memory of orders, web and notifier: ${megabytes.join(', ')} MB; ${JSON.stringify([...statuses])}`);
    for (const size of bytes) expect(size).toBeLessThan(CAP_BYTES);
    expect(statuses.get(201)).toBeGreaterThan(0);
  });
});

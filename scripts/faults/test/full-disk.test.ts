import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { ask, order, PRODUCTS_SQL, place } from '../../../services/orders/test/api.ts';
import type { EventPage } from '../../../shared/contracts/event.ts';
import { type TestDatabaseServer, testDatabaseServer } from '../../testing/database-server.ts';
import { testDisk, whyNoDisk } from '../../testing/full-disk.ts';
import { startOrders, type TestOrders } from '../../testing/orders.ts';
import type { SmallDisk } from '../full-disk.ts';

const DISK_MEGABYTES = 128;
const CLIENTS = 8;
/** As long as notes may be, so that what is free inside the server's files is soon used up. */
const NOTES = 'x'.repeat(1000);

describe.skipIf(whyNoDisk)(`a full disk under the database${whyNoDisk ? `: left out, ${whyNoDisk}` : ''}`, () => {
  let disk: SmallDisk;
  let server: TestDatabaseServer;
  let orders: TestOrders;
  let url: string;
  beforeAll(async () => {
    server = await testDatabaseServer({
      disk: async (directory) => {
        disk = await testDisk(directory, DISK_MEGABYTES);
        return disk;
      },
    });
    orders = await startOrders({ databaseUrl: server.url });
    await server.query(PRODUCTS_SQL);
    url = orders.url;
  });

  test('makes no false 201, is told as 503 in time, and is over once there is space again', async () => {
    const shoppers: { key: string; number?: string }[] = [];
    const refusals = new Map<number, number>();
    let over = false;
    const shop = async () => {
      while (!over) {
        const shopper: (typeof shoppers)[number] = { key: randomUUID() };
        shoppers.push(shopper);
        const start = performance.now();
        const { status, body } = await place(url, order({ notes: NOTES }), shopper.key);
        expect(performance.now() - start).toBeLessThan(10_000);
        if (status === 201) shopper.number = body.number;
        else refusals.set(status, (refusals.get(status) ?? 0) + 1);
      }
    };
    const shopping = Array.from({ length: CLIENTS }, shop);
    const placed = () => shoppers.filter(({ number }) => number).length;
    await expect.poll(placed, { timeout: 20_000 }).toBeGreaterThan(CLIENTS);

    // A server that finds no space to roll back in ends itself; whoever supervises it starts it again.
    let ended = false;
    void server.exited().then(() => {
      ended = true;
    });
    disk.fill();
    await expect
      .poll(() => [...refusals.values()].reduce((sum, n) => sum + n, 0), { timeout: 40_000 })
      .toBeGreaterThan(CLIENTS);
    expect([...refusals.keys()].filter((status) => status !== 503 && status !== 504)).toEqual([]);
    // Reading goes on, or says so.
    expect([200, 503]).toContain((await ask(`${url}/products`)).status);

    disk.free();
    const freedAt = performance.now();
    const before = placed();
    if (ended) await server.restart();
    await expect.poll(placed, { timeout: 30_000 }).toBeGreaterThan(before);
    console.log(
      `Disk full: ${before} orders before, then ${JSON.stringify(Object.fromEntries(refusals))}; the server ${ended ? 'ended itself' : 'held on'}; service ${Math.round(performance.now() - freedAt)} ms after there was space`,
    );
    over = true;
    await Promise.all(shopping);

    // Whatever was not answered 201 may be asked again, and everything is there once.
    for (const shopper of shoppers) {
      if (shopper.number) continue;
      const { status, body } = await place(url, order({ notes: NOTES }), shopper.key);
      expect(status).toBe(201);
      shopper.number = body.number;
    }
    const numbers = shoppers.map(({ number }) => number!);
    const rows = await server.query<{ number: string }>('select number from orders order by id');
    expect(rows.map(({ number }) => number).toSorted()).toEqual(numbers.toSorted());
    const logged: string[] = [];
    for (let seq = 0, epoch = ''; ; seq = logged.length) {
      const after = epoch ? `&after=${epoch}.${seq}` : '';
      const { body } = await ask<EventPage>(`${url}/events?limit=500${after}`, {
        token: orders.settings.SERVICE_TOKEN,
      });
      if (body.events.length === 0) break;
      epoch = body.epoch;
      logged.push(...body.events.map((event) => event.order.number));
    }
    expect(logged.toSorted()).toEqual(numbers.toSorted());
  });
});

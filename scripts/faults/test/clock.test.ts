import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { newSession, openStream, type TestStream } from '../../../services/notifier/test/read-stream.ts';
import { connect, MIGRATION_POOL } from '../../../services/orders/connect.ts';
import { prune } from '../../../services/orders/prune.ts';
import { ask, order, type Placed, PRODUCTS_SQL, place } from '../../../services/orders/test/api.ts';
import type { EventPage } from '../../../shared/contracts/event.ts';
import { testClock, whyNoClock } from '../../testing/clock.ts';
import { type TestDatabaseServer, testDatabaseServer } from '../../testing/database-server.ts';
import { startProcess, type TestProcess } from '../../testing/process.ts';
import { testRedis } from '../../testing/redis.ts';
import { signIn, systemSettings, TEST_ADMIN } from '../../testing/system.ts';
import type { WallClock } from '../clock.ts';

const DAY_SECONDS = 86_400;
const TEN_DAYS_MS = 10 * DAY_SECONDS * 1000;
const NUMBER = /CMD-\d{8}-[0-9A-Z]{6}/g;

describe.skipIf(whyNoClock)(`a clock that jumps by a day${whyNoClock ? `: left out, ${whyNoClock}` : ''}`, () => {
  const names = ['first', 'second', 'notifier', 'web', 'database'] as const;
  let clocks: Record<(typeof names)[number], WallClock>;
  let settings: ReturnType<typeof systemSettings>;
  let database: TestDatabaseServer;
  let first: TestProcess;
  let second: TestProcess;
  let web: TestProcess;
  let stream: TestStream;

  beforeAll(async () => {
    clocks = Object.fromEntries(names.map((name) => [name, testClock()])) as typeof clocks;
    const redis = await testRedis();
    database = await testDatabaseServer({ env: clocks.database.env });
    settings = systemSettings({ databaseUrl: database.url, redisUrl: redis.url });
    await startProcess('migrate', settings);
    await database.query(PRODUCTS_SQL);
    [first, second] = await Promise.all([
      startProcess('orders', { ...settings, ...clocks.first.env }),
      startProcess('orders', { ...settings, ...clocks.second.env }),
    ]);
    const notifier = await startProcess('notifier', { ...settings, ...clocks.notifier.env, ORDERS_URL: first.url });
    web = await startProcess('web', { ORDERS_URL: second.url, NOTIFIER_URL: notifier.url, ...clocks.web.env });
    const session = newSession({ secret: settings.SESSION_SECRET, expiresInMs: TEN_DAYS_MS });
    stream = await openStream(`${notifier.url}/live/orders`, { Cookie: `msp_session=${session}` });
    await stream.until('its place in the log', () => stream.frames.length > 0);
  });

  const alone = names.flatMap((name) => [1, -1].map((days) => ({ [name]: days })));
  const together = [1, -1].map((days) => Object.fromEntries(names.map((name) => [name, days])));
  const apart = { first: 1, second: -1 };
  const jumps: Record<string, number>[] = [...alone, ...together, apart];

  test('reorders, drops and doubles nothing, each by itself and all together', async () => {
    const placed: { key: string; number: string }[] = [];
    const placeAt = async (process: TestProcess, key: string) => {
      const { status, body } = await place(process.url, order(), key);
      expect(status).toBe(201);
      return body as Placed;
    };
    const placeSome = async () => {
      for (const process of [first, second, first]) {
        const key = randomUUID();
        const { number, token } = await placeAt(process, key);
        placed.push({ key, number });
        // The same again, at the other one.
        expect((await placeAt(process === first ? second : first, key)).number).toBe(number);
        expect((await fetch(`${web.url}/orders/${token}`)).status).toBe(200);
      }
      const last = placed.at(-1)!.number;
      await stream.until('the rows', () => stream.updates.some(({ data }) => data.includes(last)));
    };

    await placeSome();
    for (const jump of jumps) {
      for (const name of names) clocks[name].set((jump[name] ?? 0) * DAY_SECONDS);
      await placeSome();
      expect((await fetch(web.url)).status).toBe(200);
    }
    for (const name of names) clocks[name].set(0);
    await placeSome();

    const numbers = placed.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    // Yesterday, today and tomorrow: the clocks did jump.
    expect(new Set(numbers.map((number) => number.slice(4, 12))).size).toBe(3);
    for (const { key, number } of placed) expect((await placeAt(first, key)).number).toBe(number);
    // The table's order is that of the log, whatever the orders' times say.
    const token = await signIn(first.url, TEST_ADMIN);
    const listed = await ask<{ orders: { number: string }[] }>(`${first.url}/orders?limit=100`, { token });
    expect(listed.body.orders.map(({ number }) => number)).toEqual(numbers.toReversed());
    const log = await ask<EventPage>(`${second.url}/events?limit=500`, { token: settings.SERVICE_TOKEN });
    expect(log.body.events.map(({ order: { number } }) => number)).toEqual(numbers);
    expect(log.body.events.map(({ seq }) => seq)).toEqual(numbers.map((_, i) => i + 1));
    // Each row once, in the order of the log; a row that is shown names its order several times.
    const shown = stream.updates.flatMap(({ data }) => [...new Set(data.match(NUMBER))].toReversed());
    expect(shown).toEqual(numbers);
    expect(stream.isEnded()).toBe(false);
  });

  test('costs no key its day: not by a process that is behind when it is used, nor by one that is ahead later', async () => {
    clocks.first.set(-DAY_SECONDS);
    const key = randomUUID();
    const { body } = await place(first.url, order(), key);
    clocks.first.set(0);
    const db = connect(database.url, MIGRATION_POOL);
    const almostADay = (DAY_SECONDS - 60) * 1000;
    while (await prune(db, new Date(Date.now() + almostADay + DAY_SECONDS * 1000)));
    await db.destroy();
    expect((await place(second.url, order(), key)).body.number).toBe(body.number);
  });

  test('makes no session live again that was ended', async () => {
    const token = await signIn(second.url, TEST_ADMIN);
    expect((await ask(`${second.url}/sessions/current`, { method: 'DELETE', token })).status).toBe(204);
    clocks.first.set(DAY_SECONDS);
    const listed = await ask<{ revoked: string[] }>(`${first.url}/sessions/revoked`, { token: settings.SERVICE_TOKEN });
    expect(listed.body.revoked).toContain(token.split('.')[0]);
    clocks.first.set(0);
  });
});

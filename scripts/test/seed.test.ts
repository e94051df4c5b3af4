import { beforeAll, expect, test } from 'vitest';
import { OrderEvent } from '../../shared/contracts/event.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { runScript } from '../testing/run-script.ts';

const WISH = ['--orders', '40', '--days', '20', '--seed', '7', '--until', '2026-11-22T12:00:00Z'];
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});

const seed = (args: readonly string[], env: Record<string, string> = {}) =>
  runScript('seed.ts', args, { DATABASE_URL: db.url, ...env });

test.each([
  ['a currency that is none', WISH, { SHOP_CURRENCY: 'Euro' }, 'SHOP_CURRENCY'],
  ['a time zone that is none', WISH, { SHOP_TIMEZONE: 'Paris' }, 'SHOP_TIMEZONE'],
  ['a language that is not there', WISH, { SHOP_LOCALE: 'de' }, 'SHOP_LOCALE'],
  ['no orders at all', ['--orders', '0'], {}, '--orders'],
  ['a time that is none', ['--until', 'tomorrow'], {}, '--until'],
])('a shop is not made with %s, and nothing is changed', async (_, args, env, says) => {
  const { code, output } = await seed(args, env);
  expect([code, output]).toEqual([1, expect.stringContaining(says)]);
  expect(output).not.toMatch(/^\s+at /m);
  expect(await db.query('show tables')).toEqual([]);
});

test('a shop is made with as many orders as are wished for, once, in its currency', async () => {
  const made = await seed(WISH, { SHOP_CURRENCY: 'CHF' });
  expect([made.code, made.output]).toEqual([0, expect.stringContaining('40 orders')]);
  expect(await db.query('select currency, count(*) as n from orders group by currency')).toEqual([
    { currency: 'CHF', n: 40 },
  ]);
  const log = await db.query<{ seq: number; snapshot: string | null }>(
    'select seq, snapshot from order_events order by seq',
  );
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
  // What is older than the log keeps is known by its number alone.
  const kept = log.flatMap(({ snapshot }) => snapshot ?? []);
  expect(kept.length).toBeGreaterThan(0);
  for (const snapshot of kept) OrderEvent.parse(JSON.parse(snapshot));
  expect((await seed(WISH)).code).toBe(1);
  expect(await db.query('select count(*) as n from orders')).toEqual([{ n: 40 }]);
});

/**
 * `npm run seed`: a shop that has been open for two years, to see and measure what a full one is like.
 *
 *   npm run seed -- --orders 1000000          a million orders, in a few minutes
 *   npm run seed -- --seed 7 --until 2026-11-22T12:00:00Z   the same shop again, to the last letter
 *
 * Into the database of DATABASE_URL, or the private one of `npm start`, while no orders process runs, and only where
 * there are no orders yet (`npm start -- --reset` empties a private one). Customers are invented.
 */
import { parseArgs } from 'node:util';
import { Migrator } from 'kysely/migration';
import { connect, MIGRATION_POOL } from '../services/orders/connect.ts';
import { loadDemo } from '../services/orders/load-demo.ts';
import { migrations } from '../services/orders/migrations/all.ts';
import { readConfig } from '../shared/process/config.ts';
import { webSettings } from '../web/settings.ts';
import { BackupFailure } from './backup/backup-failure.ts';
import { lookAround } from './backup/look-around.ts';
import { reachDatabase } from './backup/reach-database.ts';
import { runBackupCommand } from './backup/run-backup-command.ts';
import { openServer } from './backup/side-database.ts';
import { fillDatabase } from './seed/fill-database.ts';
import { readStartSettings } from './start/settings.ts';
import { Steps } from './start/steps.ts';

const MAX_ORDERS = 10_000_000;

await runBackupCommand('seed', async (onStop) => {
  const wish = readWish();
  const settings = await readStartSettings(process.env);
  const steps = new Steps();
  const database = await reachDatabase(settings, steps, { mayBeRunning: false });
  onStop(database.close);
  try {
    const server = await openServer(database.url);
    await lookAround(server, database.url).finally(() => server.end());
    await steps.run('Laying out the tables', () => layOut(database.url, wish.locale));
    const { events } = await steps.run(`Living through ${wish.days} days`, () => fillDatabase(database.url, wish));
    console.log(
      `\n${wish.orders} orders, ${events} events. Again the same: --seed ${wish.seed} --until ${wish.until.toISOString()}`,
    );
  } finally {
    await database.close();
  }
});

function readWish() {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '10000' },
      days: { type: 'string', default: '730' },
      seed: { type: 'string', default: '1' },
      until: { type: 'string', default: new Date().toISOString() },
    },
  });
  const within = (name: 'orders' | 'days' | 'seed', least: number, most: number) => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new BackupFailure(`--${name} takes ${least} to ${most}.`);
  };
  const { SHOP_TIMEZONE, SHOP_CURRENCY, SHOP_LOCALE } = webSettings;
  const shop = readConfig({ SHOP_TIMEZONE, SHOP_CURRENCY, SHOP_LOCALE }, process.env);
  const until = new Date(values.until);
  if (Number.isNaN(until.getTime())) throw new BackupFailure('--until takes a time such as 2026-11-22T12:00:00Z.');
  return {
    orders: within('orders', 1, MAX_ORDERS),
    days: within('days', 1, 3650),
    seed: within('seed', 0, 2 ** 32 - 1),
    until,
    timeZone: shop.SHOP_TIMEZONE,
    currency: shop.SHOP_CURRENCY,
    locale: shop.SHOP_LOCALE,
  };
}

/** Tables as the migrate job makes them, and the demo catalogue where the shelves are empty. */
async function layOut(url: string, locale: 'fr' | 'en'): Promise<void> {
  const db = connect(url, MIGRATION_POOL);
  try {
    const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest();
    if (error) throw error;
    await db.transaction().execute((trx) => loadDemo(trx, locale));
  } finally {
    await db.destroy();
  }
}

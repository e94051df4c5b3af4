import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { z } from 'zod';
import { ConfigError, currency, databaseUrl, processSettings, readConfig } from '../../shared/process/config.ts';
import { createLogger } from '../../shared/process/log.ts';
import { runMain } from '../../shared/process/run.ts';
import { forgetAudit } from './audit.ts';
import { hashPassword } from './check-password.ts';
import { connect, MIGRATION_POOL } from './connect.ts';
import { type Database, type Db, HEAD_ROW } from './database.ts';
import { loadDemo } from './load-demo.ts';
import { migrations } from './migrations/all.ts';
import { newEpoch } from './new-epoch.ts';
import { renewPassword } from './renew-password.ts';
import { grantRunRights } from './run-rights.ts';
import { otherCurrency } from './shop-currency.ts';
import { transact } from './transact.ts';

const madeUpPassword = () => randomBytes(15).toString('base64url');

// A job, not a service: run it before the services of a version start. Running several at once is safe.
//   --demo       loads the demo catalogue where there are no products
//   --new-epoch  starts a new epoch of the event log: part of restoring a backup while no orders process runs
//   --new-password  gives the admin of ADMIN_EMAIL the password of ADMIN_PASSWORD, or one that it tells, takes
//                   the second factor away, and ends that admin's sessions
await runMain(async () => {
  const config = readConfig(
    {
      LOG_LEVEL: processSettings.LOG_LEVEL,
      /** What orders runs with. */
      DATABASE_URL: databaseUrl,
      /** An account that owns the tables, where that is another one: it gives the first what it needs. */
      MIGRATE_DATABASE_URL: databaseUrl.optional(),
      ADMIN_EMAIL: z.email().default('admin@msp.example'),
      ADMIN_PASSWORD: z.string().min(8, { error: 'must have at least 8 characters' }).max(1024).optional(),
      SHOP_LOCALE: z.enum(['fr', 'en']).default('fr'),
      SHOP_CURRENCY: currency.default('EUR'),
    },
    process.env,
  );
  const log = createLogger('migrate', config.LOG_LEVEL);
  const owner = config.MIGRATE_DATABASE_URL ?? config.DATABASE_URL;
  const db = connect(owner, MIGRATION_POOL);
  try {
    const applied = await migrate(db);
    log.info({ applied }, 'migrated');
    const complaint = await otherCurrency(db, config.SHOP_CURRENCY);
    if (complaint) {
      throw new ConfigError(`SHOP_CURRENCY ${complaint}.
A shop keeps its currency: set it back, or begin another shop in a database of its own (for npm start, a DATA_DIR).`);
    }
    if (owner !== config.DATABASE_URL && !(await grantRunRights(db, config.DATABASE_URL))) {
      log.warn('the account of MIGRATE_DATABASE_URL may not hand on rights; grant those of run-rights.ts by hand');
    }
    const password = await alone(db, (trx) => createFirstOwner(trx, config.ADMIN_EMAIL, config.ADMIN_PASSWORD));
    const forgotten = await alone(db, (trx) => forgetAudit(trx, new Date()));
    if (forgotten > 0) log.info({ forgotten }, 'audit');
    if (password) console.log(`admin login: ${config.ADMIN_EMAIL} ${password}`);
    if (process.argv.includes('--demo')) {
      log.info({ products: await alone(db, (trx) => loadDemo(trx, config.SHOP_LOCALE)) }, 'demo');
    }
    if (process.argv.includes('--new-epoch')) {
      await db.updateTable('event_head').set({ epoch: newEpoch() }).where('id', '=', HEAD_ROW).execute();
      log.info('new epoch');
    }
    if (process.argv.includes('--new-password')) {
      const renewed = config.ADMIN_PASSWORD ?? madeUpPassword();
      if (!(await alone(db, (trx) => renewPassword(trx, config.ADMIN_EMAIL, renewed))))
        throw new Error('There is no admin with the e-mail of ADMIN_EMAIL.');
      if (!config.ADMIN_PASSWORD) console.log(`admin login: ${config.ADMIN_EMAIL} ${renewed}`);
      log.info('new password');
    }
  } finally {
    await db.destroy();
  }
});

/** Runs what has not run yet, under the server's lock. */
async function migrate(db: Db): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error, results } = await migrator.migrateToLatest();
  if (error) throw error;
  return results?.map(({ migrationName }) => migrationName) ?? [];
}

/** Lets one run at a time look and fill: the others wait for the head row, and then find what is there. */
function alone<T>(db: Db, fill: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return transact(db, async (trx) => {
    await trx.selectFrom('event_head').select('id').where('id', '=', HEAD_ROW).forUpdate().execute();
    return { commit: true, value: await fill(trx) };
  });
}

/**
 * Somebody must be able to log in: creates an admin where there is none.
 * @returns the password, if it was made up here; it is told this once
 */
async function createFirstOwner(
  trx: Transaction<Database>,
  email: string,
  given: string | undefined,
): Promise<string | undefined> {
  const anyone = await trx.selectFrom('admins').select('id').limit(1).executeTakeFirst();
  if (anyone) return undefined;
  const password = given ?? madeUpPassword();
  await trx
    .insertInto('admins')
    .values({
      email,
      name: email.slice(0, email.indexOf('@')).slice(0, 120),
      password_hash: await hashPassword(password),
      role: 'owner',
      created_at: new Date(),
    })
    .execute();
  return given === undefined ? password : undefined;
}

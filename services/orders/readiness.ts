import { sql } from 'kysely';
import type { ReadinessChecks } from '../../shared/process/health.ts';
import type { Db } from './database.ts';
import { migrations } from './migrations/all.ts';
import { otherCurrency } from './shop-currency.ts';

/**
 * What must hold before orders may be taken: the tables are those of this code, a COMMIT that the server acknowledges
 * is on disk, and no order is in another currency. Redis is not among them: without it orders are taken all the same.
 */
export function readinessChecks(db: Db, currency: string): ReadinessChecks {
  return {
    migrations: async () => {
      const rows = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
      const done = new Set(rows.rows.map(({ name }) => name));
      const missing = Object.keys(migrations).filter((name) => !done.has(name));
      return missing.length === 0 ? null : `not migrated: ${missing.join(', ')}`;
    },
    durability: async () => {
      const { rows } = await sql<Record<'flush' | 'doublewrite' | 'binlog' | 'sync', string | number>>`select
        @@global.innodb_flush_log_at_trx_commit as flush, @@global.innodb_doublewrite as doublewrite,
        @@global.log_bin as binlog, @@global.sync_binlog as sync`.execute(db);
      const settings = rows[0]!;
      const wrong = [];
      if (Number(settings.flush) !== 1) wrong.push('innodb_flush_log_at_trx_commit must be 1');
      if (['0', 'OFF', 'DETECT_ONLY'].includes(String(settings.doublewrite)))
        wrong.push('innodb_doublewrite must be on');
      if (Number(settings.binlog) === 1 && Number(settings.sync) !== 1) wrong.push('sync_binlog must be 1');
      return wrong.length === 0 ? null : wrong.join('; ');
    },
    currency: async () => {
      const complaint = await otherCurrency(db, currency);
      return complaint && `SHOP_CURRENCY ${complaint}`;
    },
  };
}

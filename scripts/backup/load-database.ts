import { Migrator } from 'kysely/migration';
import { createConnection } from 'mysql2/promise';
import { connect, MIGRATION_POOL } from '../../services/orders/connect.ts';
import { migrations } from '../../services/orders/migrations/all.ts';
import { BackupFailure } from './backup-failure.ts';
import type { Manifest, Part, Value } from './backup-file.ts';

/** Rows and characters of one INSERT; the servers' smallest usual packet is 16 MB. */
const BATCH_ROWS = 1_000;
const BATCH_CHARS = 2 * 1024 * 1024;
/** One commit for about this many rows: quick, and no transaction without end. */
const COMMIT_ROWS = 20_000;

/** @throws {BackupFailure} when the backup comes from a version that this one does not know */
export function checkVersion(manifest: Manifest): void {
  const unknown = manifest.migrations.filter((name) => !(name in migrations));
  if (unknown.length === 0) return;
  throw new BackupFailure(
    `The backup was made by a newer version (${unknown.join(', ')}). Restore it with that one. Nothing was changed.`,
  );
}

/**
 * Fills an empty database from a backup: tables as they were laid out then, rows, then the migrations since.
 * @throws {BackupFailure} when what is there afterwards is not what the backup holds
 */
export async function loadDatabase(
  url: string,
  backup: { manifest: Manifest; rows: Record<string, number>; parts: AsyncIterable<Part> },
): Promise<void> {
  const db = connect(url, MIGRATION_POOL);
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    const laidOut = await migrator.migrateTo(backup.manifest.migrations.at(-1) as string);
    if (laidOut.error) throw laidOut.error;
    await loadRows(url, backup.parts);
    await checkRows(url, backup.rows);
    const broughtUp = await migrator.migrateToLatest();
    if (broughtUp.error) throw broughtUp.error;
  } finally {
    await db.destroy();
  }
}

async function loadRows(url: string, parts: AsyncIterable<Part>): Promise<void> {
  const connection = await createConnection({ uri: url, charset: 'utf8mb4', dateStrings: true });
  let into: { table: string; columns: string[] } | undefined;
  let batch: Value[][] = [];
  let chars = 0;
  let uncommitted = 0;
  const send = async () => {
    if (!into || batch.length === 0) return;
    await connection.query('insert into ?? (??) values ?', [into.table, into.columns, batch]);
    uncommitted += batch.length;
    batch = [];
    chars = 0;
    if (uncommitted < COMMIT_ROWS) return;
    await connection.commit();
    uncommitted = 0;
  };
  try {
    await connection.query(
      "set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', autocommit = 0",
    );
    for await (const part of parts) {
      if (part.kind === 'table') {
        await send();
        into = part;
        // A new layout comes with rows of its own, such as the head of an empty log.
        await connection.query('delete from ??', [into.table]);
        continue;
      }
      batch.push(part.row);
      for (const value of part.row) chars += sizeOf(value);
      if (batch.length >= BATCH_ROWS || chars >= BATCH_CHARS) await send();
    }
    await send();
    await connection.commit();
  } finally {
    connection.destroy();
  }
}

/** In the text of an INSERT; bytes are written in hexadecimal there. */
function sizeOf(value: Value): number {
  if (typeof value === 'string') return value.length;
  return Buffer.isBuffer(value) ? 2 * value.length : 8;
}

async function checkRows(url: string, expected: Record<string, number>): Promise<void> {
  const connection = await createConnection({ uri: url });
  try {
    for (const [table, rows] of Object.entries(expected)) {
      const [counted] = await connection.query('select count(*) as n from ??', [table]);
      const found = Number((counted as { n: number | string }[])[0]?.n);
      if (found !== rows) throw new BackupFailure(`Of ${rows} rows of ${table} ${found} arrived. Nothing was changed.`);
    }
  } finally {
    connection.destroy();
  }
}

import { type Connection, createConnection } from 'mysql2';
import { BackupFailure } from './backup-failure.ts';
import type { Manifest, Part, Value } from './backup-file.ts';

/** What the database makes anew by itself: its layout is the migrations'. */
const LEFT_OUT = new Set(['kysely_migration', 'kysely_migration_lock']);

/**
 * Reads a whole database as it stood at one instant, while the shop goes on: one transaction that reads a snapshot,
 * blocks nobody and needs no more than SELECT. Memory stays bounded: rows are passed on as they come.
 *
 * @param use gets what the backup is of, and every table with its rows
 * @throws {BackupFailure} when there is no shop in this database
 */
export async function dumpDatabase<T>(
  databaseUrl: string,
  use: (manifest: Manifest, parts: AsyncIterable<Part>) => Promise<T>,
): Promise<T> {
  const connection = createConnection({
    uri: databaseUrl,
    charset: 'utf8mb4',
    // As the columns hold them: no time zone, no rounding.
    dateStrings: true,
    supportBigNumbers: true,
    rowsAsArray: true,
    connectTimeout: 5_000,
  });
  try {
    // Whoever writes the backup may be slower than the server's patience with its readers.
    await query(connection, "set session time_zone = '+00:00', net_write_timeout = 3600");
    await query(connection, 'set session transaction isolation level repeatable read');
    await query(connection, 'start transaction with consistent snapshot, read only');
    const tables = await query(
      connection,
      `select table_name from information_schema.tables
        where table_schema = database() and table_type = 'BASE TABLE' order by table_name`,
    );
    const names = tables.map(([name]) => String(name));
    if (!names.includes('event_head') || !names.includes('kysely_migration')) {
      throw new BackupFailure('There is no shop in this database, so there is nothing to back up.');
    }
    const [[version]] = (await query(connection, 'select version()')) as [[string]];
    const [[epoch, head]] = (await query(connection, 'select epoch, head from event_head')) as [[string, number]];
    const migrations = await query(connection, 'select name from kysely_migration order by name');
    return await use(
      {
        format: 'msp-backup-1',
        at: new Date().toISOString(),
        server: `${version.includes('MariaDB') ? 'mariadb' : 'mysql'} ${version}`,
        epoch,
        head,
        migrations: migrations.map(([name]) => String(name)),
      },
      readTables(
        connection,
        names.filter((name) => !LEFT_OUT.has(name)),
      ),
    );
  } finally {
    connection.destroy();
  }
}

async function* readTables(connection: Connection, names: readonly string[]): AsyncGenerator<Part> {
  for (const table of names) {
    // What the database works out by itself it takes from nobody.
    const columns = await query(
      connection,
      `select column_name from information_schema.columns
        where table_schema = database() and table_name = '${table}'
          and coalesce(generation_expression, '') = '' order by ordinal_position`,
    );
    const listed = columns.map(([name]) => String(name));
    yield { kind: 'table', table, columns: listed };
    const rows = connection
      .query(`select ${listed.map((name) => `\`${name}\``).join(', ')} from \`${table}\``)
      .stream();
    for await (const row of rows as AsyncIterable<Value[]>) yield { kind: 'row', row };
  }
}

function query(connection: Connection, sql: string): Promise<Value[][]> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error, rows) => (error ? reject(error) : resolve(rows as unknown as Value[][])));
  });
}

import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { BackupFailure } from './backup-failure.ts';

/** The database that is restored into, and two beside it on the same server, by name. */
export interface Places {
  /** What the shop uses. */
  live: string;
  /** Where the backup is loaded, until it takes the place of what is live. */
  loading: string;
  /** Where what was live goes, until it is dropped. */
  replaced: string;
}

const MAX_NAME = 64;

export function placesOf(databaseUrl: string): Places {
  const live = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  const places = { live, loading: `${live}_restoring`, replaced: `${live}_replaced` };
  if (!/^\w+$/.test(live) || places.loading.length > MAX_NAME) {
    throw new BackupFailure(
      `A database called «${live}» cannot be restored into: letters, digits and _ only, at most 54.`,
    );
  }
  return places;
}

export function urlOf(databaseUrl: string, database: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${database}`;
  return url.href;
}

export interface Server {
  query<Row = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Base tables of a database, by name. */
  tables(database: string): Promise<string[]>;
  /** Columns of a table; none when there is no such table. */
  columns(database: string, table: string): Promise<string[]>;
  end(): Promise<void>;
}

/** One connection for everything that concerns more than one database. */
export async function openServer(databaseUrl: string): Promise<Server> {
  const connection: Connection = await createConnection({ uri: databaseUrl, charset: 'utf8mb4', timezone: 'Z' });
  // Renaming waits for whoever reads; not for ever.
  await connection.query("set session lock_wait_timeout = 10, time_zone = '+00:00'");
  const query = async <Row>(sql: string, values: unknown[] = []) => {
    const [rows] = await connection.query<RowDataPacket[]>(sql, values);
    return rows as Row[];
  };
  const names = async (sql: string, values: unknown[]) =>
    (await query<{ name: string }>(sql, values)).map(({ name }) => name);
  return {
    query,
    tables: (database) =>
      names(
        `select table_name as name from information_schema.tables
          where table_schema = ? and table_type = 'BASE TABLE' order by table_name`,
        [database],
      ),
    columns: (database, table) =>
      names('select column_name as name from information_schema.columns where table_schema = ? and table_name = ?', [
        database,
        table,
      ]),
    end: () => connection.end(),
  };
}

/** Makes the empty database that a backup is loaded into; what an interrupted restore left is dropped. */
export async function makeSideDatabase(server: Server, { live, loading, replaced }: Places): Promise<void> {
  try {
    for (const name of [loading, replaced]) await server.query(`drop database if exists \`${name}\``);
    await server.query(`create database \`${loading}\` character set utf8mb4 collate utf8mb4_unicode_ci`);
  } catch (error) {
    if (![1044, 1142, 1370].includes(Number((error as { errno?: number }).errno))) throw error;
    throw new BackupFailure(
      `A backup is loaded beside «${live}» and takes its place when it is whole. For that the account needs rights on\n` +
        `two more databases: GRANT ALL ON \`${loading}\`.* and ON \`${replaced}\`.*; or give one that has them as DATABASE_URL.`,
    );
  }
}

/**
 * Puts what was loaded in the place of what is live. One statement, which happens as a whole or not at all; processes
 * that are connected find the restored rows, and with them their new epoch, at their next statement. Tables that are
 * none of the shop's stay where they are.
 */
export async function swap(server: Server, { live, loading, replaced }: Places): Promise<void> {
  const own = await server.tables(loading);
  const old = (await server.tables(live)).filter((name) => own.includes(name));
  await server.query(`create database \`${replaced}\``);
  const moves = [
    ...old.map((name) => `\`${live}\`.\`${name}\` to \`${replaced}\`.\`${name}\``),
    ...own.map((name) => `\`${loading}\`.\`${name}\` to \`${live}\`.\`${name}\``),
  ];
  await server.query(`rename table ${moves.join(', ')}`);
}

export async function dropSideDatabases(server: Server, { loading, replaced }: Places): Promise<void> {
  for (const name of [loading, replaced]) await server.query(`drop database if exists \`${name}\``);
}

import { randomBytes } from 'node:crypto';
import { createConnection, createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { inject } from 'vitest';
import { atEnd } from './test-guard.ts';

export interface TestDatabase {
  /** As the owner of the tables. */
  url: string;
  /** With the rights that migrate gives to orders, as in production; `url` on a server that DATABASE_URL names. */
  runUrl: string;
  /** Runs one statement, for assertions and for arranging what no service does; values as `?`. */
  query<Row = Record<string, unknown>>(sql: string, values?: (string | number | Date | null)[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** An empty database of its own on the run's server; dropped at the end of the test file. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = new URL(inject('databaseServerUrl'));
  const name = `msp_test_${randomBytes(6).toString('hex')}`;
  const onServer = async (sql: string) => {
    const admin = new URL(server);
    admin.pathname = '/';
    const connection = await createConnection({ uri: admin.href });
    await connection.query(sql);
    await connection.end();
  };
  await onServer(`create database \`${name}\` character set utf8mb4 collate utf8mb4_unicode_520_ci`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const runUrl = new URL(inject('databaseRunUrl'));
  runUrl.pathname = url.pathname;

  let pool: Pool | undefined;
  let dropped = false;
  const database: TestDatabase = {
    url: url.href,
    runUrl: runUrl.href,
    async query<Row>(sql: string, values: (string | number | Date | null)[] = []) {
      pool ??= createPool({ uri: url.href, connectionLimit: 4, timezone: 'Z' });
      const [rows] = await pool.query<RowDataPacket[]>(sql, values);
      return rows as Row[];
    },
    async drop() {
      if (dropped) return;
      dropped = true;
      await pool?.end();
      await onServer(`drop database if exists \`${name}\``);
    },
  };
  atEnd(() => database.drop());
  return database;
}

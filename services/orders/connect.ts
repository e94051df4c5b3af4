import { Kysely, MysqlDialect, type MysqlPoolConnection } from 'kysely';
import { createPool } from 'mysql2';
import type { Db } from './database.ts';
import { poolWithDeadlines } from './pool-with-deadlines.ts';

export interface ConnectOptions {
  connections: number;
  /** How many may wait for a connection; more are told `DatabaseBusy`. */
  queueLimit: number;
  /** A statement that takes longer destroys its connection. */
  statementMs: number;
  /** After this long without a word from us the server ends the session, and with it every lock it holds. */
  idleSeconds: number;
  /** Whether several statements may be sent at once; what opens a transaction then waits for its first statement. */
  packets?: boolean;
}

const CONNECT_MS = 2_000;
/** Longer than a frozen writer's session lives (3 s), so that whoever waits for its locks gets them without repeating. */
const LOCK_WAIT_SECONDS = 4;

/** Grouped intake: as many connections as lanes; short sessions, so that a frozen process frees its locks. */
export const INTAKE_POOL: ConnectOptions = {
  connections: 2,
  queueLimit: 16,
  statementMs: 5_000,
  idleSeconds: 3,
  packets: true,
};
/** Everything else that writes and therefore may hold the head row: status changes, pruning, guards. */
export const CHANGES_POOL: ConnectOptions = {
  connections: 3,
  queueLimit: 500,
  statementMs: 5_000,
  idleSeconds: 3,
  packets: true,
};
export const READS_POOL: ConnectOptions = {
  connections: 6,
  queueLimit: 1_000,
  statementMs: 5_000,
  idleSeconds: 600,
  packets: true,
};
/** Migrations: one at a time, and as long as they take. */
export const MIGRATION_POOL: ConnectOptions = {
  connections: 2,
  queueLimit: 16,
  statementMs: 3_600_000,
  idleSeconds: 28_800,
};

/**
 * Opens a pool of connections that all behave alike, whatever the server's own settings are: utf8mb4, UTC,
 * strict SQL, READ COMMITTED, consecutive ids within one insert. Connects when first used.
 */
export function connect(databaseUrl: string, options: ConnectOptions): Db {
  const pool = createPool({
    uri: databaseUrl,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    stringifyObjects: true,
    connectTimeout: CONNECT_MS,
    connectionLimit: options.connections,
    queueLimit: options.queueLimit,
    flags: ['-LOCAL_FILES'],
    multipleStatements: options.packets ?? false,
  });
  return new Kysely({
    dialect: new MysqlDialect({
      pool: poolWithDeadlines(pool, {
        statementMs: options.statementMs,
        packets: options.packets ?? false,
        prepare: (connection, done) => prepareSession(connection, options.idleSeconds, done),
      }),
    }),
  });
}

function prepareSession(connection: MysqlPoolConnection, idleSeconds: number, done: (error: unknown) => void): void {
  const settings = [
    "sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY'",
    "time_zone = '+00:00'",
    `innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}`,
    `wait_timeout = ${idleSeconds}`,
    // Ids of one multi-row insert are reckoned from the first.
    'auto_increment_increment = 1',
    'auto_increment_offset = 1',
  ].map((setting) => `session ${setting}`);
  connection.query(`set ${settings.join(', ')}`, [], (error) => {
    if (error) done(error);
    else connection.query('set session transaction isolation level read committed', [], done);
  });
}

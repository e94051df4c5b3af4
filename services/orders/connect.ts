import { Kysely, MysqlDialect, type MysqlPool, type MysqlPoolConnection } from 'kysely';
import { createPool, type Pool, type PoolConnection, type QueryError } from 'mysql2';
import type { Db } from './database.ts';
import { DatabaseBusy, DatabaseDeadline } from './sql-errors.ts';

export interface ConnectOptions {
  connections: number;
  /** How many may wait for a connection; more are told `DatabaseBusy`. */
  queueLimit: number;
  /** A statement that takes longer destroys its connection. */
  statementMs: number;
  /** After this long without a word from us the server ends the session, and with it every lock it holds. */
  idleSeconds: number;
}

const CONNECT_MS = 2_000;
/** For a free connection, connecting included. */
const ACQUIRE_MS = 3_000;
/** Longer than a frozen writer's session lives (3 s), so that whoever waits for its locks gets them without repeating. */
const LOCK_WAIT_SECONDS = 4;

/** Grouped intake: as many connections as lanes; short sessions, so that a frozen process frees its locks. */
export const INTAKE_POOL: ConnectOptions = { connections: 2, queueLimit: 16, statementMs: 5_000, idleSeconds: 3 };
/** Everything else that writes and therefore may hold the head row: status changes, pruning, guards. */
export const CHANGES_POOL: ConnectOptions = { connections: 3, queueLimit: 500, statementMs: 5_000, idleSeconds: 3 };
export const READS_POOL: ConnectOptions = { connections: 6, queueLimit: 1_000, statementMs: 5_000, idleSeconds: 600 };
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
  });
  return new Kysely({ dialect: new MysqlDialect({ pool: withDeadlines(pool, options) }) });
}

type Callback = (error: unknown, result?: unknown) => void;

/**
 * The driver's own `timeout` leaves the connection half used and does not cover the wait for a connection;
 * here every operation has one deadline, and missing it destroys the connection.
 */
function withDeadlines(pool: Pool, options: ConnectOptions): MysqlPool {
  const known = new WeakMap<PoolConnection, MysqlPoolConnection>();
  return {
    getConnection(callback) {
      const late = Symbol('late');
      const settle = once(ACQUIRE_MS, (error, connection) => callback(error, connection as MysqlPoolConnection));
      pool.getConnection((error, raw) => {
        if (error) {
          settle(error.message === 'Queue limit reached.' ? new DatabaseBusy('too many wait') : error);
          return;
        }
        const ready = known.get(raw);
        const give = (connection: MysqlPoolConnection) => {
          if (settle(null, connection, late) === late) raw.release();
        };
        if (ready) {
          give(ready);
          return;
        }
        const connection = withDeadline(raw, options.statementMs);
        prepareSession(connection, options, (failure) => {
          if (failure) {
            // A session with the server's own settings must not be used: its isolation may be another.
            raw.destroy();
            settle(failure);
            return;
          }
          known.set(raw, connection);
          give(connection);
        });
      });
    },
    end: (callback) => pool.end((error) => callback(error)),
  };
}

/** Calls back once: with the result, or with `DatabaseDeadline` when none came in time. */
function once(timeoutMs: number, callback: Callback) {
  let done = false;
  const timer = setTimeout(() => {
    done = true;
    callback(new DatabaseDeadline('no connection in time'));
  }, timeoutMs);
  return (error: unknown, result?: unknown, late?: symbol): symbol | undefined => {
    if (done) return late;
    done = true;
    clearTimeout(timer);
    callback(error, result);
    return undefined;
  };
}

function withDeadline(raw: PoolConnection, statementMs: number): MysqlPoolConnection {
  let destroyed = false;
  const destroy = () => {
    if (destroyed) return;
    destroyed = true;
    raw.destroy();
    // destroy() only says goodbye; to a server that has stopped reading, that takes for ever.
    (raw as unknown as { stream?: { destroy(): void } }).stream?.destroy();
  };
  const query = (sql: string, parameters: unknown, callback: Callback) => {
    const timer = setTimeout(() => {
      destroy();
      // The driver says nothing to whoever waits on a connection that we destroyed.
      settle(new DatabaseDeadline('no answer in time'));
    }, statementMs);
    let settled = false;
    const settle: Callback = (error, result) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      callback(error, result);
    };
    raw.query(sql, parameters as unknown[], (error: QueryError | null, result: unknown) => settle(error, result));
  };
  return {
    config: raw.config,
    threadId: raw.threadId,
    connect: (callback) => raw.connect(callback ?? (() => {})),
    destroy,
    release: () => {
      if (!destroyed) raw.release();
    },
    query: query as unknown as MysqlPoolConnection['query'],
  };
}

function prepareSession(connection: MysqlPoolConnection, options: ConnectOptions, done: (error: unknown) => void) {
  const settings = [
    "sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY'",
    "time_zone = '+00:00'",
    `innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}`,
    `wait_timeout = ${options.idleSeconds}`,
    // Ids of one multi-row insert are reckoned from the first.
    'auto_increment_increment = 1',
    'auto_increment_offset = 1',
  ].map((setting) => `session ${setting}`);
  connection.query(`set ${settings.join(', ')}`, [], (error) => {
    if (error) done(error);
    else connection.query('set session transaction isolation level read committed', [], done);
  });
}

import type { MysqlPool, MysqlPoolConnection } from 'kysely';
import type { Pool, PoolConnection, QueryError } from 'mysql2';
import { COMMIT_BEHIND } from './one-packet.ts';
import { DatabaseBusy, DatabaseDeadline } from './sql-errors.ts';

type Callback = (error: unknown, result?: unknown) => void;

interface DeadlineOptions {
  statementMs: number;
  /**
   * What opens a transaction goes with the statement behind it, in one packet, and a `commit` that was sent with the
   * statement before it is not sent again: a round trip less for each.
   */
  packets: boolean;
  /** Runs once on each new connection before it is used; one on which it fails is thrown away. */
  prepare: (connection: MysqlPoolConnection, done: (error: unknown) => void) => void;
}

/** For a free connection, connecting included. */
const ACQUIRE_MS = 3_000;

/**
 * The driver's own `timeout` leaves the connection half used and does not cover the wait for a connection;
 * here every operation has one deadline, and missing it destroys the connection.
 */
export function poolWithDeadlines(pool: Pool, options: DeadlineOptions): MysqlPool {
  const known = new WeakMap<PoolConnection, MysqlPoolConnection>();
  return {
    getConnection(callback) {
      const settle = once(ACQUIRE_MS, (error, connection) => callback(error, connection as MysqlPoolConnection));
      pool.getConnection((error, raw) => {
        if (error) {
          settle(error.message === 'Queue limit reached.' ? new DatabaseBusy('too many wait') : error);
          return;
        }
        const ready = known.get(raw);
        const give = (connection: MysqlPoolConnection) => {
          if (!settle(null, connection)) raw.release();
        };
        if (ready) {
          give(ready);
          return;
        }
        const connection = withDeadline(raw, options);
        options.prepare(connection, (failure) => {
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

/**
 * Calls back once: with the result, or with `DatabaseDeadline` when none came in time.
 * @returns takes the result; false when it came too late, or second
 */
function once(timeoutMs: number, callback: Callback) {
  let done = false;
  const settle = (error: unknown, result?: unknown): boolean => {
    if (done) return false;
    done = true;
    clearTimeout(timer);
    callback(error, result);
    return true;
  };
  const timer = setTimeout(() => settle(new DatabaseDeadline('no answer in time')), timeoutMs);
  return settle;
}

function withDeadline(raw: PoolConnection, { statementMs, packets }: DeadlineOptions): MysqlPoolConnection {
  let destroyed = false;
  const destroy = () => {
    if (destroyed) return;
    destroyed = true;
    raw.destroy();
    // destroy() only says goodbye; to a server that has stopped reading, that takes for ever.
    (raw as unknown as { stream?: { destroy(): void } }).stream?.destroy();
  };
  let opening: string[] = [];
  let hasCommitted = false;
  const query = (sql: string, parameters: unknown, callback: Callback) => {
    if (packets && opensTransaction(sql)) {
      opening.push(sql);
      callback(null, []);
      return;
    }
    if (hasCommitted && sql === 'commit') {
      hasCommitted = false;
      callback(null, []);
      return;
    }
    const opened = opening;
    const text = opened.length > 0 ? `${opened.join(';\n')};\n${sql}` : sql;
    opening = [];
    hasCommitted = false;
    // The driver says nothing to whoever waits on a connection that we destroyed, so the deadline answers itself.
    const settle = once(statementMs, (error, result) => {
      if (error instanceof DatabaseDeadline) destroy();
      hasCommitted = !error && packets && text.endsWith(COMMIT_BEHIND);
      callback(error, error ? undefined : behind(opened.length, result));
    });
    raw.query(
      text,
      // For null the driver does not search the text for places to put them.
      ((parameters as unknown[]).length > 0 ? parameters : null) as unknown[],
      (error: QueryError | null, result: unknown) => void settle(error, result),
    );
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

/** What opens a transaction is short. To look into a group's text it would have to be copied into one piece. */
const opensTransaction = (sql: string) => sql === 'begin' || (sql.length < 64 && sql.startsWith('set transaction '));

/** The driver wraps the results of several statements, and not that of one. */
function behind(opened: number, result: unknown): unknown {
  if (opened === 0) return result;
  const results = (result as unknown[]).slice(opened);
  return results.length === 1 ? results[0] : results;
}

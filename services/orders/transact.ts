import { setTimeout as pause } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Database, Db } from './database.ts';
import { cannotWrite, DatabaseBusy, DatabaseDeadline, isConnectionLost, isTransient } from './sql-errors.ts';

/** What a transaction came to; with `commit: false` it is rolled back and leaves nothing behind. */
export interface Outcome<T> {
  commit: boolean;
  value: T;
}

const MAX_REPEATS = 3;
/** How long a lost connection is worth fighting for: less than what a request waits for its answer. */
const PERSIST_MS = 6_000;
const MAX_PAUSE_MS = 500;

class RolledBack<T> {
  readonly value: T;
  constructor(value: T) {
    this.value = value;
  }
}

/**
 * Runs a transaction, and runs the whole of it again when that may help: at most three times after a deadlock or a
 * lock that did not come, and for 6 s while connections are lost.
 *
 * A connection lost in COMMIT leaves open whether it happened. So `work` must be such that running it again finds
 * what an earlier run committed: by idempotency keys, or by versions. Row locks make the second run wait for the
 * first if the server is still at it.
 *
 * @param repeatable further errors that are worth another try
 * @throws {HttpProblem} `unavailable` when the database could not be had or cannot write, `overloaded` when too many wait for it
 */
export async function transact<T>(
  db: Db,
  work: (trx: Transaction<Database>) => Promise<Outcome<T>>,
  repeatable: (error: unknown) => boolean = () => false,
): Promise<T> {
  const persistUntil = performance.now() + PERSIST_MS;
  let repeats = 0;
  for (let lost = 0; ; ) {
    try {
      return await transactOnce(db, work);
    } catch (error) {
      if (error instanceof DatabaseBusy) {
        throw new HttpProblem(503, 'overloaded', { retryAfterSeconds: 1, cause: error });
      }
      if (cannotWrite(error)) throw new HttpProblem(503, 'unavailable', { retryAfterSeconds: 5, cause: error });
      const wasLost = isConnectionLost(error);
      if (!wasLost && !isTransient(error) && !repeatable(error)) throw error;
      if (wasLost) lost += 1;
      else repeats += 1;
      const pauseMs = Math.min(MAX_PAUSE_MS, 10 * 2 ** (lost + repeats)) * (0.5 + Math.random());
      if (repeats > MAX_REPEATS || performance.now() + pauseMs > persistUntil) {
        throw new HttpProblem(503, 'unavailable', { retryAfterSeconds: 1, cause: error });
      }
      await pause(pauseMs);
    }
  }
}

/** Runs a transaction once. @throws whatever it fails with; after a lost connection it may have been committed */
export async function transactOnce<T>(db: Db, work: (trx: Transaction<Database>) => Promise<Outcome<T>>): Promise<T> {
  let cause: unknown;
  try {
    return await db.transaction().execute(async (trx) => {
      try {
        const outcome = await work(trx);
        if (!outcome.commit) throw new RolledBack(outcome.value);
        return outcome.value;
      } catch (error) {
        cause = error;
        throw error;
      }
    });
  } catch (error) {
    if (cause instanceof RolledBack) return cause.value as T;
    // When ROLLBACK fails too, its error would hide the one that tells what happened.
    throw cause ?? error;
  }
}

/** Reads several things as they stood at one instant. Read-only. */
export function inSnapshot<T>(db: Db, read: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return onceMore(() => db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read));
}

/**
 * Reads once more when the connection turns out to have been lost: after a restart of the database, every connection
 * that waited in the pool is. Not after a deadline, because then nobody has the time.
 */
export async function onceMore<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isConnectionLost(error) || error instanceof DatabaseDeadline) throw error;
    return await read();
  }
}

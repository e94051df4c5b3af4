import type { Logger } from '../../shared/process/log.ts';
import { CLOCK_ERROR_MS } from './clock-error.ts';
import { type Db, HEAD_ROW } from './database.ts';
import { readHead } from './read-events.ts';
import { regularly } from './regularly.ts';
import { transact } from './transact.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Promised are a day and seven. */
const KEY_RETENTION_MS = DAY_MS + CLOCK_ERROR_MS;
export const EVENT_RETENTION_MS = 7 * DAY_MS + CLOCK_ERROR_MS;
const EVERY_MS = 60_000;
/** Rows in one transaction: few enough that nobody waits for it. */
const BATCH = 500;
/** A minute's work has an end, even after a long pause. */
const MAX_BATCHES = 100;

/**
 * Every minute lets go of what is out of retention, in small batches. Every process does; they do not get in each
 * other's way, because each batch takes what is there.
 *
 * @returns ends it
 */
export function pruneRegularly(db: Db, log: Logger): () => void {
  return regularly({ everyMs: EVERY_MS, failed: 'pruning failed, and will be tried again', log }, async (goesOn) => {
    for (let i = 0; i < MAX_BATCHES && goesOn() && (await prune(db, new Date())); i += 1);
  });
}

/** One batch of each kind; true when there may be more. */
export async function prune(db: Db, now: Date): Promise<boolean> {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const deleted = await Promise.all([
    db.deleteFrom('idempotency_keys').where('created_at', '<', ago(KEY_RETENTION_MS)).limit(BATCH).executeTakeFirst(),
    db
      .deleteFrom('sessions')
      .where('expires_at', '<', ago(DAY_MS + CLOCK_ERROR_MS))
      .limit(BATCH)
      .executeTakeFirst(),
    db.deleteFrom('sign_in_failures').where('clears_at', '<', ago(HOUR_MS)).limit(BATCH).executeTakeFirst(),
    db.deleteFrom('invitations').where('expires_at', '<', ago(CLOCK_ERROR_MS)).limit(BATCH).executeTakeFirst(),
    db.deleteFrom('durability_guard').where('at', '<', ago(DAY_MS)).limit(BATCH).executeTakeFirst(),
  ]);
  const dropped = await dropSnapshots(db, ago(EVENT_RETENTION_MS));
  return dropped === BATCH || deleted.some(({ numDeletedRows }) => Number(numDeletedRows) === BATCH);
}

/**
 * Moves the floor of the log over events from before `cutoff`, and drops their snapshots; the small columns stay as
 * the orders' history. Both in one transaction, the head row last and only if nobody else has moved the floor.
 */
async function dropSnapshots(db: Db, cutoff: Date): Promise<number> {
  return transact(db, async (trx) => {
    const { floor } = await readHead(trx);
    const oldest = await trx
      .selectFrom('order_events')
      .select(['seq', 'at'])
      .where('seq', '>=', floor)
      .orderBy('seq')
      .limit(BATCH)
      .execute();
    const kept = oldest.findIndex(({ at }) => at >= cutoff);
    const count = kept === -1 ? oldest.length : kept;
    if (count === 0) return { commit: false, value: 0 };
    await trx
      .updateTable('order_events')
      .set({ snapshot: null })
      .where('seq', '>=', floor)
      .where('seq', '<', floor + count)
      .execute();
    const moved = await trx
      .updateTable('event_head')
      .set({ floor: floor + count })
      .where('id', '=', HEAD_ROW)
      .where('floor', '=', floor)
      .executeTakeFirst();
    return { commit: Number(moved.numUpdatedRows) === 1, value: count };
  });
}

import { randomBytes } from 'node:crypto';
import type { Cursor } from '../../shared/contracts/cursor.ts';
import type { Db } from './database.ts';
import { transact } from './transact.ts';

/**
 * What this process knows to be on disk.
 *
 * Without a binlog, InnoDB shows a committed row to readers a moment before it is durable; if the machine stopped
 * right then, the event would be gone, its number given again, and whoever had read it would never know. So no place
 * in the log leaves this process unless a commit that came after it was acknowledged: one of our own appends, or,
 * for what other processes appended, a commit made for the purpose (the log on disk is written in order).
 */
export interface Durability {
  /** The furthest place known to be durable; undefined before the first. */
  acknowledged(): Cursor | undefined;
  /** To be called once a COMMIT that came after this place was acknowledged. */
  note(place: Cursor): void;
  /** True when the log stands before what was acknowledged in the same epoch: the database was put back. */
  wentBack(place: Cursor): boolean;
  /** Returns once everything up to this place is durable; costs nothing when it is known to be. */
  ensure(place: Cursor): Promise<void>;
}

export function createDurability(db: Db): Durability {
  const processId = randomBytes(16).toString('base64url');
  let known: Cursor | undefined;
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const isKnown = (place: Cursor) => known?.epoch === place.epoch && known.seq >= place.seq;
  const note = (place: Cursor) => {
    if (!isKnown(place)) known = { ...place };
  };

  /** One commit serves everybody who asked before it began; whoever comes later shares the next. */
  const commitSoon = () => {
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        running = commit(db, processId);
        return running;
      });
    return next;
  };

  return {
    acknowledged: () => known,
    note,
    wentBack: (place) => known !== undefined && known.epoch === place.epoch && place.seq < known.seq,
    async ensure(place) {
      if (isKnown(place)) return;
      await commitSoon();
      note(place);
    },
  };
}

/** A commit that changes something for certain: one that changed nothing would write nothing. */
async function commit(db: Db, processId: string): Promise<void> {
  await transact(db, async (trx) => {
    await trx
      .insertInto('durability_guard')
      .values({ process_id: processId, beat: 1, at: new Date() })
      .onDuplicateKeyUpdate((eb) => ({ beat: eb('durability_guard.beat', '+', 1), at: new Date() }))
      .execute();
    return { commit: true, value: undefined };
  });
}

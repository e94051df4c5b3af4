import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Cursor } from '../../shared/contracts/cursor.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Database, Db } from './database.ts';
import { part, statement } from './statement.ts';
import { transact } from './transact.ts';

/**
 * What this process knows to be on disk.
 *
 * Without a binlog, InnoDB shows a committed row to readers a moment before it is durable; if the machine stopped
 * right then, the event would be gone, its number given again, and whoever had read it would never know. So no place
 * in the log leaves this process unless a commit that came after it was acknowledged: one of our own appends, or,
 * for what other processes appended, a commit made for the purpose (the log on disk is written in order).
 *
 * Such a commit proves nothing when the server was killed and started again between the read and the commit: what was
 * read may be gone, and the commit another server's. So the newest event is read once more afterwards. If it is still
 * what it was, it has been recovered from the disk or was never in danger.
 */
export interface Durability {
  /** The furthest place known to be durable; undefined before the first. */
  acknowledged(): Cursor | undefined;
  /** To be called once a COMMIT that came after this place was acknowledged. */
  note(place: Cursor): void;
  /** True when the log stands before what was acknowledged in the same epoch: the database was put back. */
  wentBack(place: Cursor): boolean;
  /**
   * Returns once everything up to this place is durable; costs nothing when it is known to be.
   * @throws {HttpProblem} `unavailable` when the place was lost with the server that showed it
   */
  ensure(place: Place): Promise<void>;
  /**
   * Makes the COMMIT of this transaction prove durable whatever it has read: one that changed nothing would write
   * nothing. For answers that rest on what somebody else committed a moment ago.
   */
  touch(trx: Transaction<Database>): Promise<void>;
}

/** A place in the log, as it was read. */
export interface Place extends Cursor {
  /** `DIGEST` of the event here; null before the first, and for one that is too old to be in danger. */
  newest: string | null;
}

/** What tells an event from another that is given its number after a crash. */
export const DIGEST = part`sha2(snapshot, 256)`;

export function createDurability(db: Db): Durability {
  const processId = randomBytes(16).toString('base64url');
  let known: Cursor | undefined;
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const isKnown = (place: Cursor) => known?.epoch === place.epoch && known.seq >= place.seq;
  const note = ({ epoch, seq }: Cursor) => {
    if (!isKnown({ epoch, seq })) known = { epoch, seq };
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
      const newest = statement<{
        digest: string | null;
      }>`select ${DIGEST} digest from order_events where seq = ${place.seq}`;
      const { rows } = await db.executeQuery(newest);
      if ((rows[0]?.digest ?? null) !== place.newest) {
        throw new HttpProblem(503, 'unavailable', { retryAfterSeconds: 1 });
      }
      note(place);
    },
    touch: (trx) => touch(trx, processId),
  };
}

async function commit(db: Db, processId: string): Promise<void> {
  await transact(db, async (trx) => {
    await touch(trx, processId);
    return { commit: true, value: undefined };
  });
}

/** Changes something for certain. */
async function touch(trx: Transaction<Database>, processId: string): Promise<void> {
  await trx
    .insertInto('durability_guard')
    .values({ process_id: processId, beat: 1, at: new Date() })
    .onDuplicateKeyUpdate((eb) => ({ beat: eb('durability_guard.beat', '+', 1), at: new Date() }))
    .execute();
}

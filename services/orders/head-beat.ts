import type { Logger } from '../../shared/process/log.ts';
import { type Db, HEAD_ROW } from './database.ts';
import type { Durability } from './durability.ts';
import { newEpoch } from './new-epoch.ts';
import type { Publisher } from './publish.ts';
import { placeOf, readHead } from './read-events.ts';

const BEAT_MS = 1_000;

/**
 * Tells every second how far the log reaches, as far as that is durable. Notifiers that hear of a head beyond theirs
 * know that something was not published (a process died between COMMIT and PUBLISH, Redis was away) and read it.
 * While the database does not answer, the last place known is told: still true, and the sign that Redis works.
 *
 * @returns ends the beat
 */
export function beatHead(db: Db, durability: Durability, publisher: Publisher, log: Logger): () => void {
  let beating = false;
  const beat = async () => {
    if (beating) return;
    beating = true;
    try {
      await observeHead(db, durability);
    } catch (error) {
      log.warn({ err: error }, 'the head of the log could not be read');
    } finally {
      beating = false;
    }
  };
  const timer = setInterval(() => {
    const known = durability.acknowledged();
    if (known) publisher.publish({ epoch: known.epoch, head: known.seq });
    void beat();
  }, BEAT_MS);
  void beat();
  return () => clearInterval(timer);
}

/** Learns of what other processes appended; starts a new epoch where the database was put back to an earlier state. */
async function observeHead(db: Db, durability: Durability): Promise<void> {
  // Asked before reading: what is committed while we read must not look like a head that went back.
  const before = durability.acknowledged();
  const place = placeOf(await readHead(db));
  if (before?.epoch === place.epoch && place.seq < before.seq) {
    await db
      .updateTable('event_head')
      .set({ epoch: newEpoch() })
      .where('id', '=', HEAD_ROW)
      .where('epoch', '=', place.epoch)
      .where('head', '<', before.seq)
      .execute();
    await durability.ensure(placeOf(await readHead(db)));
    return;
  }
  await durability.ensure(place);
}

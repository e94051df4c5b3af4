import type { Kysely, Selectable } from 'kysely';
import { type Cursor, formatCursor } from '../../shared/contracts/cursor.ts';
import type { EventPage, OrderEvent } from '../../shared/contracts/event.ts';
import type { Counts } from '../../shared/contracts/status.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { type Database, type Db, type EventHeadRow, HEAD_ROW } from './database.ts';
import { DIGEST, type Durability, type Place } from './durability.ts';
import { inOnePacket } from './one-packet.ts';
import { part, statement } from './statement.ts';
import { inSnapshot } from './transact.ts';

export type Head = Selectable<EventHeadRow> & { newest: Place['newest'] };

/** Where the log stands, for whoever asks more at once. */
export const HEAD = statement<Head>`select h.*, (select ${DIGEST} from order_events e where e.seq = h.head) newest from event_head h where id = ${HEAD_ROW}`;

/** Where the log stands, as the given connection or snapshot sees it. */
export async function readHead(db: Kysely<Database>): Promise<Head> {
  const { rows } = await db.executeQuery(HEAD);
  return rows[0]!;
}

export const placeOf = ({ epoch, head, newest }: Head): Place => ({ epoch, seq: head, newest });

export const countsOf = ({ en_attente, en_cours, terminee, annulee }: Counts): Counts => ({
  en_attente,
  en_cours,
  terminee,
  annulee,
});

/**
 * Events after a cursor, oldest first, with where the log stands, all from one snapshot, and all durable
 * before they are shown.
 *
 * @param query.after absent: from the oldest event kept
 * @throws {HttpProblem} `cursor_expired`, with the current cursor, when going on from there would leave a hole:
 * another epoch, before what is kept, or beyond the head
 */
export async function readEvents(
  db: Db,
  durability: Durability,
  query: { after: Cursor | undefined; limit: number },
): Promise<EventPage> {
  const from = query.after ? query.after.seq + 1 : part`(select floor from event_head where id = ${HEAD_ROW})`;
  const events = statement<{
    snapshot: string;
  }>`select snapshot from order_events where seq >= ${from} order by seq limit ${query.limit}`;
  const { head, rows } = await inSnapshot(db, async (trx) => {
    const [head, found] = await inOnePacket(trx, [HEAD, query.limit > 0 ? events : undefined], 'commit');
    return { head: head.rows[0]!, rows: found.rows };
  });
  await durability.ensure(placeOf(head));
  if (isExpired(query.after, head)) {
    throw new HttpProblem(410, 'cursor_expired', { extra: { cursor: formatCursor(placeOf(head)) } });
  }
  return {
    epoch: head.epoch,
    head: head.head,
    floor: head.floor,
    events: rows.map(({ snapshot }) => JSON.parse(snapshot) as OrderEvent),
  };
}

function isExpired(after: Cursor | undefined, head: EventHeadRow): boolean {
  if (after === undefined) return false;
  return after.epoch !== head.epoch || after.seq > head.head || after.seq < head.floor - 1;
}

import type { Transaction } from 'kysely';
import type { EventType, OrderEvent } from '../../shared/contracts/event.ts';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import { shopperKey } from '../../shared/contracts/shopper-token.ts';
import type { Counts, Status } from '../../shared/contracts/status.ts';
import { type Database, type EventHeadRow, HEAD_ROW } from './database.ts';
import type { Durability } from './durability.ts';
import { newEpoch } from './new-epoch.ts';
import { inOnePacket } from './one-packet.ts';
import { insertion, statement } from './statement.ts';

/** Something that happened to an order: the order as it is right after, and its shopper's token. */
export interface Change {
  type: EventType;
  previousStatus: Status | null;
  order: AdminOrder;
  token: string;
  /** Who did it and when, where that is not the last change of the order itself. */
  did?: { by: string | null; at: string };
}

/** What notifiers are told of events once they are committed. */
export interface Told {
  epoch: string;
  /** The number of the last one. */
  head: number;
  /** At least one, as JSON; dense, in order. */
  snapshots: string[];
}

export interface Appended extends Told {
  /** The same events. */
  events: OrderEvent[];
  /** Where they leave the log. */
  stand: LogStand;
}

/** Where the log stands: the number of its last event, and how many orders there are in each status. */
export type LogStand = Counts & Pick<EventHeadRow, 'epoch' | 'head'>;

/**
 * Writes events at the end of the log. Must be the last statements of the transaction that makes the changes.
 *
 * `seq` is dense and in commit order because the head row is locked here, last, and freed by the commit: nobody can
 * draw n + 1 before n is committed, or see it. The same UPDATE moves the counts per status, so they are exact at
 * every seq.
 *
 * Where the head stands before what this process has seen acknowledged, the database was put back to an earlier
 * state, and these numbers have been given before: the log goes on in a new epoch, so that old cursors are
 * recognised as such.
 */
export async function appendEvents(
  trx: Transaction<Database>,
  changes: readonly Change[],
  durability: Durability,
): Promise<Appended> {
  const { rows } = await trx.executeQuery(LOCK_HEAD);
  return await writeEvents(trx, rows[0]!, changes, durability);
}

/** The first of those statements, for whoever sends it together with what comes before. */
export const LOCK_HEAD = statement<EventHeadRow>`select * from event_head where id = ${HEAD_ROW} for update`;

/**
 * The others, once `LOCK_HEAD` has told where the log stands.
 * @param ending `commit` to send the commit with them
 */
export async function writeEvents(
  trx: Transaction<Database>,
  found: LogStand,
  changes: readonly Change[],
  durability: Durability,
  ending?: 'commit',
): Promise<Appended> {
  const epoch = durability.wentBack({ epoch: found.epoch, seq: found.head }) ? newEpoch() : found.epoch;
  const { insert, appended } = eventsBehind({ ...found, epoch }, changes);
  const { head, en_attente, en_cours, terminee, annulee } = appended.stand;
  const moveHead = statement`update event_head set epoch = ${epoch}, head = ${head},
    en_attente = ${en_attente}, en_cours = ${en_cours}, terminee = ${terminee}, annulee = ${annulee}
    where id = ${HEAD_ROW}`;
  await inOnePacket(trx, [insert, moveHead], ending);
  return appended;
}

/** What changes come to as the next events of a log that stands here, and the statement that writes them. */
export function eventsBehind({ epoch, head, ...rest }: LogStand, changes: readonly Change[]) {
  let counts: Counts = {
    en_attente: rest.en_attente,
    en_cours: rest.en_cours,
    terminee: rest.terminee,
    annulee: rest.annulee,
  };
  const events = changes.map((change, i): OrderEvent => {
    counts = afterChange(counts, change);
    return {
      seq: head + 1 + i,
      type: change.type,
      at: change.did?.at ?? change.order.changedAt,
      previousStatus: change.previousStatus,
      order: change.order,
      counts,
      shopperKey: shopperKey(change.token),
    };
  });
  const snapshots = events.map((event) => JSON.stringify(event));
  const insert = insertion(
    'order_events',
    events.map((event, i) => ({
      seq: event.seq,
      type: event.type,
      order_id: event.order.id,
      status: event.order.status,
      previous_status: event.previousStatus,
      at: new Date(event.at),
      actor: (changes[i]!.did ?? { by: event.order.changedBy }).by,
      snapshot: snapshots[i]!,
    })),
  );
  const last = head + events.length;
  const appended: Appended = { epoch, head: last, events, snapshots, stand: { epoch, head: last, ...counts } };
  return { insert, appended };
}

function afterChange(counts: Counts, { previousStatus, order }: Change): Counts {
  const after = { ...counts };
  if (previousStatus) after[previousStatus] -= 1;
  after[order.status] += 1;
  return after;
}

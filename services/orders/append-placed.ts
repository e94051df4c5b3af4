import type { Compilable } from 'kysely';
import type { Cursor } from '../../shared/contracts/cursor.ts';
import { shopperKey } from '../../shared/contracts/shopper-token.ts';
import { eventsBehind, type Told } from './append-events.ts';
import { type EventHeadRow, HEAD_ROW } from './database.ts';
import type { Ground } from './guessed-log.ts';
import { type Draft, placedChanges, placedOrder } from './insert-orders.ts';
import { concat, insertion, lastInsertId, part, type SqlPart, statement } from './statement.ts';

/** The last statements of a transaction that places orders, whose ids are the last ones drawn in it. */
export interface Appending {
  statements: readonly Compilable<EventHeadRow>[];
  /**
   * What notifiers are told, and where that leaves the log.
   * @param firstId of the orders
   * @param rows that the last of the statements brought
   */
  appended(firstId: number, rows: readonly EventHeadRow[]): { told: Told; after: Ground };
}

/**
 * Appends as `appendEvents` does, to a log that is guessed to stand here.
 * @param holds where this is not true, or the guess is wrong, the head gets no number, and its update fails
 */
export function appendGuessed(
  { log, nextOrderId }: Ground,
  drafts: readonly Draft[],
  currency: string,
  now: Date,
  holds: SqlPart,
): Appending {
  const changes = placedChanges(drafts, nextOrderId, currency, now);
  const { insert, appended } = eventsBehind(log, changes);
  const isThere = part`last_insert_id() = ${nextOrderId} and epoch = ${log.epoch} and head = ${log.head}
    and en_attente = ${log.en_attente} and en_cours = ${log.en_cours} and terminee = ${log.terminee}
    and annulee = ${log.annulee}`;
  const after = { log: appended.stand, nextOrderId: nextOrderId + drafts.length };
  return {
    statements: [moveHead(part`${holds} and ${isThere}`, drafts.length), insert],
    appended: () => ({ told: appended, after }),
  };
}

// Where that is not known, the database puts it into the events' JSON, in the order in which it stands there: `seq`, the
// order's id, how many wait right after, and the other counts, which no placed order moves. They are kept in variables of
// the session.
const FROM_HEAD = part`from event_head where id = ${HEAD_ROW}`;
const OTHER_COUNTS = part`concat(',"en_cours":', en_cours, ',"terminee":', terminee, ',"annulee":', annulee, '}')`;
const SEQ = part`@seq`;
const WAITING = part`@waiting`;
const OTHERS = part`@others`;

/**
 * The same wherever the log stands.
 * @param acknowledged nor does the head get a number where it is before this: the log must go on in a new epoch there
 */
export function appendPlaced(
  drafts: readonly Draft[],
  currency: string,
  now: Date,
  holds: SqlPart,
  acknowledged: Cursor | undefined,
): Appending {
  const count = drafts.length;
  const beforeId = `,"type":"order.placed","at":"${now.toISOString()}","previousStatus":null,"order":{"id":`;
  const texts = drafts.map((draft) => ({
    beforeWaiting: `,${JSON.stringify(placedOrder(draft, currency, now)).slice(1)},"counts":{"en_attente":`,
    atEnd: `,"shopperKey":"${shopperKey(draft.token)}"}`,
  }));
  const wentBack = acknowledged ? part`(epoch = ${acknowledged.epoch} and head < ${acknowledged.seq})` : part`false`;
  const events = texts.map(({ beforeWaiting, atEnd }, i) => {
    const seq = part`${SEQ} + ${i + 1}`;
    const waiting = part`${WAITING} + ${i + 1}`;
    return {
      seq: seq as never,
      type: 'order.placed',
      order_id: lastInsertId(i),
      status: 'en_attente' as const,
      at: now,
      snapshot: concat('{"seq":', seq, beforeId, lastInsertId(i), beforeWaiting, waiting, OTHERS, atEnd) as never,
    };
  });
  return {
    statements: [
      moveHead(part`${holds} and not ${wentBack}`, count),
      statement`select head - ${count}, en_attente - ${count}, ${OTHER_COUNTS}
        into ${SEQ}, ${WAITING}, ${OTHERS} ${FROM_HEAD}`,
      insertion('order_events', events),
      statement<EventHeadRow>`select * ${FROM_HEAD}`,
    ],
    appended(firstId, [row]) {
      const { epoch, head, en_attente, en_cours, terminee, annulee } = row!;
      const others = `,"en_cours":${en_cours},"terminee":${terminee},"annulee":${annulee}}`;
      const seq = head - count + 1;
      const waiting = en_attente - count + 1;
      const snapshots = texts.map(
        ({ beforeWaiting, atEnd }, i) =>
          `{"seq":${seq + i}${beforeId}${firstId + i}${beforeWaiting}${waiting + i}${others}${atEnd}`,
      );
      const log = { epoch, head, en_attente, en_cours, terminee, annulee };
      return { told: { epoch, head, snapshots }, after: { log, nextOrderId: firstId + count } };
    },
  };
}

/** Locks the head, like LOCK_HEAD, until the commit, and moves it. */
const moveHead = (holds: SqlPart, count: number) =>
  statement<EventHeadRow>`update event_head set head = case when ${holds} then head + ${count} end,
    en_attente = en_attente + ${count} where id = ${HEAD_ROW}`;

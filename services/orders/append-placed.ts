import type { Cursor } from '../../shared/contracts/cursor.ts';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import { shopperKey } from '../../shared/contracts/shopper-token.ts';
import type { Told } from './append-events.ts';
import { type EventHeadRow, HEAD_ROW } from './database.ts';
import { concat, insertion, insertionFrom, lastInsertId, part, type SqlPart, statement } from './statement.ts';

// What an event's JSON has that only the database knows, in the order in which it stands there: `seq`, the order's id,
// how many wait right after, and the other counts, which no placed order moves. For a group they are kept in variables
// of the session.
const FROM_HEAD = part`from event_head where id = ${HEAD_ROW}`;
const OTHER_COUNTS = part`concat(',"en_cours":', en_cours, ',"terminee":', terminee, ',"annulee":', annulee, '}')`;
const SEQ = part`@seq`;
const WAITING = part`@waiting`;
const OTHERS = part`@others`;

/**
 * Appends events as `appendEvents` does, without being told where the log stands: the database puts numbers, ids and
 * counts into them. To be sent as the last statements of a transaction, whose last drawn ids are those of the orders.
 *
 * @param orders as they were placed, all at one time
 * @param tokens of their shoppers
 * @param holds where this is not true the head gets no number, and its update fails
 * @param acknowledged nor does it where the log stands before this: it must go on in a new epoch there
 * @returns the statements, the last of which selects the head; and what notifiers are told, by what that one brought
 */
export function appendPlaced(
  orders: readonly Omit<AdminOrder, 'id'>[],
  tokens: readonly string[],
  holds: SqlPart,
  acknowledged: Cursor | undefined,
) {
  const count = orders.length;
  const { placedAt } = orders[0]!;
  const beforeId = `,"type":"order.placed","at":"${placedAt}","previousStatus":null,"order":{"id":`;
  const texts = orders.map((order, i) => ({
    beforeWaiting: `,${JSON.stringify(order).slice(1)},"counts":{"en_attente":`,
    atEnd: `,"shopperKey":"${shopperKey(tokens[i]!)}"}`,
  }));
  const wentBack = acknowledged ? part`(epoch = ${acknowledged.epoch} and head < ${acknowledged.seq})` : part`false`;
  const at = new Date(placedAt);
  const event = (i: number, seq: SqlPart, waiting: SqlPart, others: SqlPart) => ({
    seq: seq as never,
    type: 'order.placed',
    order_id: lastInsertId(i),
    status: 'en_attente' as const,
    at,
    snapshot: concat(
      '{"seq":',
      seq,
      beforeId,
      lastInsertId(i),
      texts[i]!.beforeWaiting,
      waiting,
      others,
      texts[i]!.atEnd,
    ) as never,
  });
  const writeEvents =
    count === 1
      ? // For a lone order every statement counts.
        [undefined, insertionFrom('order_events', event(0, part`head`, part`en_attente`, OTHER_COUNTS), FROM_HEAD)]
      : [
          statement`select head - ${count}, en_attente - ${count}, ${OTHER_COUNTS}
            into ${SEQ}, ${WAITING}, ${OTHERS} ${FROM_HEAD}`,
          insertion(
            'order_events',
            texts.map((_, i) => event(i, part`${SEQ} + ${i + 1}`, part`${WAITING} + ${i + 1}`, OTHERS)),
          ),
        ];
  const statements = [
    // Locks the head, like LOCK_HEAD, and is held until the commit.
    statement`update event_head set head = case when ${holds} and not ${wentBack} then head + ${count} end,
      en_attente = en_attente + ${count} where id = ${HEAD_ROW}`,
    writeEvents[0],
    writeEvents[1],
    statement<EventHeadRow>`select * ${FROM_HEAD}`,
  ] as const;

  /** @param head as the transaction left it */
  const told = (head: EventHeadRow, firstId: number): Told => {
    const { en_cours, terminee, annulee } = head;
    const others = `,"en_cours":${en_cours},"terminee":${terminee},"annulee":${annulee}}`;
    const seq = head.head - count + 1;
    const waiting = head.en_attente - count + 1;
    const snapshots = texts.map(
      ({ beforeWaiting, atEnd }, i) =>
        `{"seq":${seq + i}${beforeId}${firstId + i}${beforeWaiting}${waiting + i}${others}${atEnd}`,
    );
    return { epoch: head.epoch, head: head.head, snapshots };
  };
  return { statements, told };
}

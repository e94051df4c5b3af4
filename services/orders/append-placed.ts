import type { Cursor } from '../../shared/contracts/cursor.ts';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import { shopperKey } from '../../shared/contracts/shopper-token.ts';
import type { Told } from './append-events.ts';
import { type EventHeadRow, HEAD_ROW } from './database.ts';
import { concat, insertion, lastInsertId, part, type SqlPart, statement } from './statement.ts';

// What an event's JSON has that only the database knows, in the order in which it stands there: `seq`, the order's id,
// how many wait right after, and the other counts, which no placed order moves. Between two statements these are kept
// in variables of the session.
const SEQ = part`@seq`;
const WAITING = part`@waiting`;
const OTHERS = part`@others`;

/**
 * Appends events as `appendEvents` does, without being told where the log stands: the database puts numbers, ids and
 * counts into them. To be sent as the last statements of a transaction, whose last drawn ids are those of the orders.
 *
 * @param orders as they were placed, all at one time
 * @param tokens of their shoppers
 * @param holds where this is not true the first event gets no number, and the insert fails
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
  const wentBack = acknowledged
    ? part`(epoch = ${acknowledged.epoch} and head < ${acknowledged.seq + count})`
    : part`false`;
  const at = new Date(placedAt);
  const statements = [
    // Locks the head, like LOCK_HEAD, and is held until the commit.
    statement`update event_head set head = head + ${count}, en_attente = en_attente + ${count} where id = ${HEAD_ROW}`,
    statement`select case when ${holds} and not ${wentBack} then head - ${count} end, en_attente - ${count},
      concat(',"en_cours":', en_cours, ',"terminee":', terminee, ',"annulee":', annulee, '}')
      into ${SEQ}, ${WAITING}, ${OTHERS} from event_head where id = ${HEAD_ROW}`,
    insertion(
      'order_events',
      texts.map(({ beforeWaiting, atEnd }, i) => ({
        seq: part`${SEQ} + ${i + 1}` as never,
        type: 'order.placed',
        order_id: lastInsertId(i),
        status: 'en_attente' as const,
        at,
        snapshot: concat(
          '{"seq":',
          part`${SEQ} + ${i + 1}`,
          beforeId,
          lastInsertId(i),
          beforeWaiting,
          part`${WAITING} + ${i + 1}`,
          OTHERS,
          atEnd,
        ) as never,
      })),
    ),
    statement<EventHeadRow>`select * from event_head where id = ${HEAD_ROW}`,
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

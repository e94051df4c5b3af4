import type { Kysely } from 'kysely';
import { formatCursor } from '../../shared/contracts/cursor.ts';
import { isTeamEvent } from '../../shared/contracts/event.ts';
import type { OrderDetail, ShopperOrder } from '../../shared/contracts/order.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Database, Db } from './database.ts';
import type { Durability } from './durability.ts';
import { inOnePacket } from './one-packet.ts';
import { asOrders, belongings } from './order-rows.ts';
import { HEAD, placeOf } from './read-events.ts';
import { inSnapshot } from './transact.ts';

/**
 * An order as an admin sees it, with its history and the cursor of the same snapshot.
 * @throws {HttpProblem} `not_found`
 */
export async function findOrder(db: Db, durability: Durability, number: string): Promise<OrderDetail> {
  const { order, token, history, notes, head } = await findWithHistory(db, { column: 'number', value: number });
  await durability.ensure(placeOf(head));
  return {
    order,
    token,
    history: history.map((event, i) => {
      // Every version is an event, so the last one has made the version that the order has now.
      const note = notes.get(order.version - (history.length - 1 - i));
      return {
        seq: event.seq,
        type: event.type,
        previousStatus: event.previous_status,
        status: event.status,
        at: event.at.toISOString(),
        by: event.actor,
        ...(event.type === 'order.noted' && { note: note ?? '' }),
      };
    }),
    cursor: formatCursor(placeOf(head)),
  };
}

/**
 * An order as its shopper sees it. Names no admin, and shows nothing but what the shopper gave or may know.
 * @throws {HttpProblem} `not_found`
 */
export async function findShopperOrder(db: Db, durability: Durability, token: string): Promise<ShopperOrder> {
  const { order, history, head } = await findWithHistory(db, { column: 'token', value: token });
  await durability.ensure(placeOf(head));
  const { number, status, version, name, lines, totalCents, currency, placedAt } = order;
  return {
    number,
    status,
    version,
    name,
    lines,
    totalCents,
    currency,
    placedAt,
    history: whatIsLeft(history).map((event) => ({ status: event.status, at: event.at.toISOString() })),
    cursor: formatCursor(placeOf(head)),
  };
}

function findWithHistory(db: Db, by: { column: 'number' | 'token'; value: string }) {
  return inSnapshot(db, async (trx) => {
    const order = trx.selectFrom('orders').selectAll().where(by.column, '=', by.value);
    const [head, found] = await inOnePacket(trx, [HEAD, order]);
    const row = found.rows[0];
    if (!row) throw new HttpProblem(404, 'not_found');
    const [lines, claims, history, notes] = await inOnePacket(
      trx,
      [...belongings([row.id]), historyOf(trx, row.id), by.column === 'number' ? notesOf(trx, row.id) : undefined],
      'commit',
    );
    return {
      head: head.rows[0]!,
      order: asOrders([row], lines.rows, claims.rows)[0]!,
      token: row.token,
      history: history.rows,
      notes: new Map(notes.rows.map(({ version, text }) => [version, text])),
    };
  });
}

/**
 * The moves that an order has made, as if those that were undone had never been. An erasure and what the team does
 * around an order move nothing: the time at which a status was reached stays.
 */
export function whatIsLeft<Event extends { type: string }>(history: readonly Event[]): Event[] {
  const moves: Event[] = [];
  for (const event of history) {
    if (event.type === 'order.status_undone') moves.pop();
    else if (event.type !== 'order.erased' && !isTeamEvent(event.type)) moves.push(event);
  }
  return moves;
}

/** By the version that each has made. */
function notesOf(db: Kysely<Database>, orderId: number) {
  return db.selectFrom('order_notes').select(['version', 'text']).where('order_id', '=', orderId);
}

function historyOf(db: Kysely<Database>, orderId: number) {
  return db
    .selectFrom('order_events')
    .select(['seq', 'type', 'previous_status', 'status', 'at', 'actor'])
    .where('order_id', '=', orderId)
    .orderBy('seq');
}

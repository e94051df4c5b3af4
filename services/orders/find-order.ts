import type { Kysely } from 'kysely';
import { formatCursor } from '../../shared/contracts/cursor.ts';
import type { OrderDetail, ShopperOrder } from '../../shared/contracts/order.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Database, Db } from './database.ts';
import type { Durability } from './durability.ts';
import { withLines } from './order-rows.ts';
import { placeOf, readHead } from './read-events.ts';
import { inSnapshot } from './transact.ts';

/**
 * An order as an admin sees it, with its history and the cursor of the same snapshot.
 * @throws {HttpProblem} `not_found`
 */
export async function findOrder(db: Db, durability: Durability, number: string): Promise<OrderDetail> {
  const { order, history, head } = await findWithHistory(db, { column: 'number', value: number });
  await durability.ensure(placeOf(head));
  return {
    order,
    history: history.map((event) => ({
      seq: event.seq,
      type: event.type,
      status: event.status,
      at: event.at.toISOString(),
      by: event.actor,
    })),
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
    // An erasure moves nothing: the time at which a status was reached stays.
    history: history
      .filter(({ type }) => type !== 'order.erased')
      .map((event) => ({ status: event.status, at: event.at.toISOString() })),
    cursor: formatCursor(placeOf(head)),
  };
}

function findWithHistory(db: Db, by: { column: 'number' | 'token'; value: string }) {
  return inSnapshot(db, async (trx) => {
    const head = await readHead(trx);
    const row = await trx.selectFrom('orders').selectAll().where(by.column, '=', by.value).executeTakeFirst();
    if (!row) throw new HttpProblem(404, 'not_found');
    const [order] = await withLines(trx, [row]);
    return { head, order: order!, history: await readHistory(trx, row.id) };
  });
}

function readHistory(db: Kysely<Database>, orderId: number) {
  return db
    .selectFrom('order_events')
    .select(['seq', 'type', 'status', 'at', 'actor'])
    .where('order_id', '=', orderId)
    .orderBy('seq')
    .execute();
}

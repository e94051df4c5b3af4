import { type Kysely, sql } from 'kysely';
import { dayOf } from '../../../shared/contracts/shop-day.ts';
import type { Database, OrderEventRow } from '../database.ts';
import { whatIsLeft } from '../find-order.ts';
import { countOrder, type Sales } from './sales.ts';

/** Ids that one statement names; of more than a thousand MariaDB makes a table. */
const CHUNK = 500;

interface Happened {
  order_id: number;
  seq: number;
  type: string;
  status: OrderEventRow['status'];
  at: Date;
}

/**
 * The difference that a part of the event log makes to the days on which its orders were placed: each order as it
 * stood after it, less the order as it stood before. So it is exact for whatever can happen to an order, undone
 * changes included, and parts that follow on from each other add up to the whole.
 *
 * @param after reads the events from behind this one
 * @param until to this one
 */
export async function salesInLog(
  db: Kysely<Database>,
  { after, until }: { after: number; until: number },
  timeZone: string,
): Promise<Sales> {
  const sales: Sales = new Map();
  if (until <= after) return sales;
  const touched = await db
    .selectFrom('order_events')
    .select('order_id')
    .where('seq', '>', after)
    .where('seq', '<=', until)
    .where('type', 'in', ['order.placed', 'order.status_changed', 'order.status_undone'])
    .execute();
  const ids = [...new Set(touched.map(({ order_id }) => order_id))];
  for (let at = 0; at < ids.length; at += CHUNK) {
    const chunk = ids.slice(at, at + CHUNK);
    const orders = await db
      .selectFrom('orders')
      .select(['id', 'placed_at', 'total_cents'])
      .where('id', 'in', chunk)
      .execute();
    const lines = await db
      .selectFrom('order_lines')
      .select(['order_id', 'product_id', 'quantity', 'unit_price_cents'])
      .where('order_id', 'in', chunk)
      .execute();
    const events = await readHistories(db, chunk, until);
    const linesOf = Map.groupBy(lines, (line) => line.order_id);
    const historyOf = Map.groupBy(events, (event) => event.order_id);
    for (const { id, placed_at, total_cents } of orders) {
      const order = {
        day: dayOf(placed_at, timeZone),
        placedAt: placed_at,
        totalCents: total_cents,
        lines: (linesOf.get(id) ?? []).map((line) => ({
          productId: line.product_id,
          quantity: line.quantity,
          unitPriceCents: line.unit_price_cents,
        })),
      };
      const history = historyOf.get(id) ?? [];
      countOrder(sales, order, whatIsLeft(history), 1);
      countOrder(sales, order, whatIsLeft(history.filter(({ seq }) => seq <= after)), -1);
    }
  }
  return sales;
}

/** By the index of an order's history: an optimizer may prefer to read the whole log up to `until`. */
function readHistories(db: Kysely<Database>, ids: readonly number[], until: number): Promise<Happened[]> {
  const events = sql<OrderEventRow>`order_events`.as<'order_events'>(
    sql`order_events force index (order_events_history)`,
  );
  return db
    .selectFrom(events)
    .select(['order_id', 'seq', 'type', 'status', 'at'])
    .where('order_id', 'in', ids)
    .where('seq', '<=', until)
    .orderBy('order_id')
    .orderBy('seq')
    .execute();
}

import type { Transaction } from 'kysely';
import type { z } from 'zod';
import { formatCursor } from '../../shared/contracts/cursor.ts';
import type { OrderList, OrderListQuery } from '../../shared/contracts/order.ts';
import type { Database, Db } from './database.ts';
import type { Durability } from './durability.ts';
import { withLines } from './order-rows.ts';
import { countsOf, placeOf, readHead } from './read-events.ts';
import { addDays, startOfDay } from './shop-day.ts';
import { inSnapshot } from './transact.ts';

type Query = z.infer<typeof OrderListQuery>;

const SEARCHED = ['number', 'email', 'phone', 'name'] as const;
/** Columns of ASCII text cannot be compared with anything else, and hold nothing else. */
const SEARCHED_FOR_OTHER_SCRIPTS = ['email', 'name'] as const;

/**
 * A page of orders, newest first, with the counts and the cursor of the same snapshot: what the stream tells after
 * the cursor is exactly what this page does not know yet.
 */
export async function listOrders(db: Db, durability: Durability, query: Query, timeZone: string): Promise<OrderList> {
  const { head, orders, next } = await inSnapshot(db, async (trx) => {
    const head = await readHead(trx);
    const ids = await findIds(trx, query, timeZone);
    const page = ids.slice(0, query.limit);
    const rows =
      page.length === 0
        ? []
        : await trx.selectFrom('orders').selectAll().where('id', 'in', page).orderBy('id', 'desc').execute();
    return { head, orders: await withLines(trx, rows), next: ids.length > query.limit ? page.at(-1)! : null };
  });
  await durability.ensure(placeOf(head));
  return { orders, next, counts: countsOf(head), cursor: formatCursor(placeOf(head)) };
}

/** Ids of the page and of one more, descending. */
async function findIds(trx: Transaction<Database>, query: Query, timeZone: string): Promise<number[]> {
  const { status, before, from, to } = query;
  let matching = trx
    .selectFrom('orders')
    .select('id')
    .orderBy('id', 'desc')
    .limit(query.limit + 1);
  if (status && status !== 'all') matching = matching.where('status', '=', status);
  if (before) matching = matching.where('id', '<', before);
  if (from) matching = matching.where('placed_at', '>=', startOfDay(from, timeZone));
  if (to) matching = matching.where('placed_at', '<', startOfDay(addDays(to, 1), timeZone));
  if (!query.q) return (await matching.execute()).map(({ id }) => id);

  // One query a column, each on the column's own index; an OR over four columns would read the whole table.
  const found = new Set<number>();
  for (const column of /^[\x20-\x7e]*$/.test(query.q) ? SEARCHED : SEARCHED_FOR_OTHER_SCRIPTS) {
    const rows = await matching.where(column, 'like', startingWith(query.q, column)).execute();
    for (const { id } of rows) found.add(id);
  }
  return [...found].sort((a, b) => b - a).slice(0, query.limit + 1);
}

/** The LIKE pattern of a prefix, taken literally. Numbers are written in capitals, and compared byte by byte. */
function startingWith(prefix: string, column: (typeof SEARCHED)[number]): string {
  const text = column === 'number' ? prefix.toUpperCase() : prefix;
  return `${text.replace(/[\\%_]/g, '\\$&')}%`;
}

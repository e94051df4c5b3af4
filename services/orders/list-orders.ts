import type { Transaction } from 'kysely';
import type { z } from 'zod';
import { formatCursor } from '../../shared/contracts/cursor.ts';
import type { OrderList, OrderListQuery } from '../../shared/contracts/order.ts';
import type { Database, Db } from './database.ts';
import type { Durability } from './durability.ts';
import { filterOrders, type Reader } from './filter-orders.ts';
import { withLines } from './order-rows.ts';
import { countsOf, placeOf, readHead } from './read-events.ts';
import { inSnapshot } from './transact.ts';

type Query = z.infer<typeof OrderListQuery>;

/**
 * A page of orders, newest first, with the counts and the cursor of the same snapshot: what the stream tells after
 * the cursor is exactly what this page does not know yet.
 */
export async function listOrders(
  db: Db,
  durability: Durability,
  query: Query,
  reader: Omit<Reader, 'counts'>,
): Promise<OrderList> {
  const { head, page, newest, orders } = await inSnapshot(db, async (trx) => {
    const head = await readHead(trx);
    const page = await findPage(trx, query, { ...reader, counts: countsOf(head) });
    const rows =
      page.ids.length === 0
        ? []
        : await trx.selectFrom('orders').selectAll().where('id', 'in', page.ids).orderBy('id', 'desc').execute();
    const newest = await trx.selectFrom('orders').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
    return { head, page, newest: newest?.id ?? null, orders: await withLines(trx, rows) };
  });
  await durability.ensure(placeOf(head));
  const { next, previous } = page;
  return { orders, next, previous, newest, counts: countsOf(head), cursor: formatCursor(placeOf(head)) };
}

interface PageIds extends Pick<OrderList, 'next' | 'previous'> {
  /** Descending. */
  ids: number[];
}

async function findPage(trx: Transaction<Database>, query: Query, shop: Reader): Promise<PageIds> {
  const { before, above, limit } = query;
  const filter = { ...query, status: query.status === 'all' ? undefined : query.status };
  // One more than the page shows whether there is more.
  if (above !== undefined) {
    const ids = await filterOrders(trx, filter, shop, { above, limit: limit + 1 });
    if (ids.length > limit) {
      const page = ids.slice(0, limit).reverse();
      return { ids: page, previous: page[0]!, next: page.at(-1)! };
    }
  }
  const from = above === undefined ? before : undefined;
  const ids = await filterOrders(trx, filter, shop, { before: from, limit: limit + 1 });
  const page = ids.slice(0, limit);
  return {
    ids: page,
    previous: from === undefined ? null : (page[0] ?? from - 1),
    next: ids.length > limit ? page.at(-1)! : null,
  };
}

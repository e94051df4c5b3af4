import type { Compilable, Transaction } from 'kysely';
import type { z } from 'zod';
import { formatCursor } from '../../shared/contracts/cursor.ts';
import type { OrderList, OrderListQuery } from '../../shared/contracts/order.ts';
import type { SavedView } from '../../shared/contracts/saved-view.ts';
import type { Database, Db } from './database.ts';
import type { Durability } from './durability.ts';
import { filterOrders, type Reader } from './filter-orders.ts';
import { inOnePacket } from './one-packet.ts';
import { asOrders, belongings, rowsOf } from './order-rows.ts';
import { countsOf, HEAD, placeOf } from './read-events.ts';
import { viewsOf } from './saved-views.ts';
import { statement } from './statement.ts';
import { inSnapshot } from './transact.ts';
import type { Found, Walk } from './walk-orders.ts';

type Query = z.infer<typeof OrderListQuery>;

/**
 * A page of orders, newest first, with the counts and the cursor of the same snapshot: what the stream tells after
 * the cursor is exactly what this page does not know yet.
 */
export async function listOrders(
  db: Db,
  durability: Durability,
  query: Query,
  reader: Omit<Reader, 'counts' | 'newest'>,
): Promise<OrderList> {
  const { head, page, ...found } = await inSnapshot(db, async (trx) => {
    const isFirst = isFirstPage(query);
    const [heads, newests] = await inOnePacket(trx, [HEAD, newestIds(isFirst ? query.limit + 1 : 1)]);
    const head = heads.rows[0]!;
    const newest = newests.rows[0]?.id ?? null;
    const page = isFirst
      ? olderPage({ ids: newests.rows.map(({ id }) => id) }, undefined, query.limit)
      : await findPage(trx, query, { ...reader, counts: countsOf(head), newest: newest ?? 0 });
    const { ids, reached } = page;
    const searchedUntil = reached === undefined || ids.length === query.limit ? null : await placedAround(trx, reached);
    const views = query.with === 'views' && reader.adminId !== undefined ? viewsOf(reader.adminId) : undefined;
    return { head, page, newest, searchedUntil, ...(await readOrders(trx, ids, views)) };
  });
  await durability.ensure(placeOf(head));
  const { next, previous } = page;
  return { ...found, next, previous, counts: countsOf(head), cursor: formatCursor(placeOf(head)) };
}

const newestIds = (limit: number) =>
  statement<{ id: number }>`select id from orders force index (primary) order by id desc limit ${limit}`;

/** What every table opens with is worth being named in the very first packet. */
function isFirstPage({ status, limit: _, with: __, ...narrowing }: Query): boolean {
  return (status ?? 'all') === 'all' && Object.values(narrowing).every((one) => one === undefined);
}

/** The last that is read from the snapshot, and its end. */
async function readOrders(
  trx: Transaction<Database>,
  ids: readonly number[],
  wanted: Compilable<SavedView> | undefined,
): Promise<Pick<OrderList, 'orders' | 'views'>> {
  if (ids.length === 0 && !wanted) return { orders: [] };
  const [ofRows, ofLines, ofClaims] = ids.length === 0 ? [] : ([rowsOf(ids), ...belongings(ids)] as const);
  const [rows, lines, claims, views] = await inOnePacket(trx, [ofRows, ofLines, ofClaims, wanted], 'commit');
  return { orders: asOrders(rows.rows, lines.rows, claims.rows), ...(wanted && { views: views.rows }) };
}

interface PageIds extends Pick<OrderList, 'next' | 'previous'> {
  /** Descending. */
  ids: number[];
  /** Where the search ended before the page was full. */
  reached?: number | undefined;
}

async function findPage(trx: Transaction<Database>, query: Query, shop: Reader): Promise<PageIds> {
  const { before, above, limit } = query;
  const filter = { ...query, status: query.status === 'all' ? undefined : query.status };
  // One more than the page shows whether there is more.
  const search = (from: Omit<Walk, 'limit'>) => filterOrders(trx, filter, shop, { ...from, limit: limit + 1 });
  if (above === undefined) return olderPage(await search({ before }), before, limit);

  const newer = await search({ above });
  const ids = newer.ids.slice(0, limit).reverse();
  const next = ids.at(-1) ?? above + 1;
  if (newer.ids.length > limit) return { ids, previous: ids[0]!, next };
  if (newer.reached !== undefined) return { ids, previous: newer.reached, next, reached: newer.reached };
  // All that is newer was looked at, so a search from the newest on comes at least as far.
  return olderPage(await search({}), undefined, limit);
}

function olderPage({ ids, reached }: Found, before: number | undefined, limit: number): PageIds {
  const page = ids.slice(0, limit);
  const previous = before === undefined ? null : (page[0] ?? before - 1);
  if (ids.length > limit) return { ids: page, previous, next: page.at(-1)! };
  return { ids: page, previous, next: reached ?? null, reached };
}

/** When the order was placed, or the nearest one before it. */
async function placedAround(trx: Transaction<Database>, id: number): Promise<string | null> {
  const order = await trx
    .selectFrom('orders')
    .select('placed_at')
    .where('id', '<=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return order?.placed_at.toISOString() ?? null;
}

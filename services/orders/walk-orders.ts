import { type SelectQueryBuilder, sql, type Transaction } from 'kysely';
import type { Database, OrderLineRow, OrderRow } from './database.ts';
import { type Condition, isAmong } from './order-conditions.ts';

// How a search goes along the ids of orders; newer ones have higher ids.

/** From where to read on, and how far. */
export interface Walk {
  /** To older orders, from below this id; absent: from the newest. */
  before?: number | undefined;
  /** Instead: to newer orders, from above this id, the nearest first. */
  above?: number | undefined;
  limit: number;
}

export interface Found {
  ids: number[];
  /** All up to this one were looked at, and behind it there may be more, unless `limit` ids were found. */
  reached?: number | undefined;
}

/** Exclusive. */
export interface Bounds {
  over: number;
  under: number;
}

const EVERYWHERE: Bounds = { over: 0, under: Infinity };

/** How far a walk goes; without an end, to the end of its bounds. */
export type Stretch = Pick<Found, 'reached'>;

/** So many ids. */
export function stretchOfIds({ over, under }: Bounds, { above }: Walk, ids: number): Stretch {
  const reached = above === undefined ? under - ids : over + ids;
  return reached > over + 1 && reached < under - 1 ? { reached } : {};
}

/** So many of the orders along the index of their status. */
export async function stretchOfStatus(
  trx: Transaction<Database>,
  hasStatus: Condition,
  bounds: Bounds,
  walk: Walk,
  orders: number,
): Promise<Stretch> {
  const last = await along(trx, 'orders_status', [hasStatus], bounds, walk)
    .limit(1)
    .offset(orders - 1)
    .executeTakeFirst();
  return last ? { reached: last.id } : {};
}

/** Meets orders one after the other, and keeps those that fulfil all conditions. @returns ids in the direction of the walk */
export async function walkAlong(
  trx: Transaction<Database>,
  index: 'primary' | 'orders_status',
  conditions: readonly Condition[],
  bounds: Bounds,
  walk: Walk,
  stretch: Stretch,
): Promise<Found> {
  const rows = await along(trx, index, conditions, within(bounds, walk, stretch), walk)
    .limit(walk.limit)
    .execute();
  return { ids: rows.map(({ id }) => id), ...stretch };
}

/** Looks up orders one by one, the nearest first. @param most how many at most */
export async function lookUp(
  trx: Transaction<Database>,
  named: Found,
  conditions: readonly Condition[],
  walk: Walk,
  most: number,
): Promise<Found> {
  if (conditions.length === 0) return { ids: inOrder(named.ids, walk).slice(0, walk.limit), reached: named.reached };
  const { ids, reached } = nearest(named, walk, most);
  if (ids.length === 0) return { ids, reached };
  const found = await walkAlong(trx, 'primary', [isAmong('orders.id', ids), ...conditions], EVERYWHERE, walk, {});
  return { ids: found.ids, reached };
}

/** Opens orders one by one, the nearest first, and keeps those that hold a product. @param most how many at most */
export async function keepSold(
  trx: Transaction<Database>,
  named: Found,
  product: number,
  walk: Walk,
  most: number,
): Promise<Found> {
  const { ids, reached } = nearest(named, walk, most);
  if (ids.length === 0) return { ids, reached };
  const rows = await linesOf(trx, product).where(isAmong('order_lines.order_id', ids)).execute();
  return { ids: rows.map(({ order_id }) => order_id), reached };
}

/** Walks along the lines, which lie in the order of their orders. @param most how many orders at most */
export async function findSold(
  trx: Transaction<Database>,
  product: number,
  bounds: Bounds,
  walk: Walk,
  stretch: Stretch,
  most: number,
): Promise<Found> {
  const found = await nearestOf(linesOf(trx, product), within(bounds, walk, stretch), walk, most);
  return { ids: found.ids, reached: found.reached ?? stretch.reached };
}

/** The nearest orders that rows of another table belong to. @param most how many rows at most */
export async function nearestOf<Table extends keyof Database>(
  rows: SelectQueryBuilder<Database, Table, { order_id: number }>,
  { over, under }: Bounds,
  { above }: Walk,
  most: number,
): Promise<Found> {
  const id = sql.ref<number>('order_id');
  const found = await rows
    .where(id, '>', over)
    .where(id, '<', under)
    .orderBy(id, above === undefined ? 'desc' : 'asc')
    .limit(most)
    .execute();
  const ids = found.map(({ order_id }) => order_id);
  return { ids, reached: ids.length < most ? undefined : ids.at(-1) };
}

/** Several walks over the same bounds as one: none of them is known to have looked further than the shortest. */
export function together(each: readonly Found[], walk: Walk): Found {
  const ends = each.map(({ reached }) => reached).filter((reached) => reached !== undefined);
  const [reached] = inOrder(ends, walk);
  const isWithin = (id: number) => reached === undefined || (walk.above === undefined ? id >= reached : id <= reached);
  return { ids: inOrder(each.flatMap(({ ids }) => ids).filter(isWithin), walk), reached };
}

/** The nearest that several walks over the same bounds have found. */
export function firstOf(each: readonly Found[], walk: Walk): Found {
  const { ids, reached } = together(each, walk);
  return { ids: ids.slice(0, walk.limit), reached };
}

/** Ids that an index of `orders` names, by that index and no other. */
export function by(trx: Transaction<Database>, index: string, hint: 'force' | 'use' = 'force') {
  const table = sql<OrderRow>`orders`.as<'orders'>(sql`orders ${sql.raw(hint)} index (${sql.ref(index)})`);
  return trx.selectFrom(table).select('id');
}

function along(
  trx: Transaction<Database>,
  index: 'primary' | 'orders_status',
  conditions: readonly Condition[],
  { over, under }: Bounds,
  { above }: Walk,
) {
  let query = by(trx, index).orderBy('id', above === undefined ? 'desc' : 'asc');
  for (const condition of conditions) query = query.where(condition);
  if (over > 0) query = query.where('id', '>', over);
  return under < Infinity ? query.where('id', '<', under) : query;
}

function linesOf(trx: Transaction<Database>, product: number) {
  const table = sql<OrderLineRow>`order_lines`.as<'order_lines'>(sql`order_lines force index (primary)`);
  return trx.selectFrom(table).select('order_id').where('product_id', '=', product);
}

/** The part of some bounds up to where a stretch ends. */
function within({ over, under }: Bounds, { above }: Walk, { reached }: Stretch): Bounds {
  if (reached === undefined) return { over, under };
  return above === undefined ? { over: reached - 1, under } : { over, under: reached + 1 };
}

function nearest({ ids, reached }: Found, walk: Walk, most: number): Found {
  const all = inOrder(ids, walk);
  return all.length <= most ? { ids: all, reached } : { ids: all.slice(0, most), reached: all[most - 1] };
}

function inOrder(ids: readonly number[], { above }: Walk): number[] {
  return [...new Set(ids)].sort((a, b) => (above === undefined ? b - a : a - b));
}

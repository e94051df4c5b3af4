import { sql, type Transaction } from 'kysely';
import type { OrderFilter } from '../../shared/contracts/order-filter.ts';
import { type Counts, STATUSES, type Status } from '../../shared/contracts/status.ts';
import { CLOCK_ERROR_MS } from './clock-error.ts';
import type { Database, OrderRow } from './database.ts';
import {
  anyOf,
  type Beginning,
  beginningsOf,
  type Condition,
  type Days,
  daysOf,
  daysOfNumbers,
  hasStatus,
  holdsProduct,
  INDEX_OF,
  type IndexedCondition,
  isAmong,
  isNotClaimed,
  placedWithin,
  statusesOf,
  totalWithin,
} from './order-conditions.ts';

/**
 * Finds the orders that a filter leaves, newest first, from anywhere on, as quickly among a million as among a hundred.
 * No condition is indexed together with the id that orders are sorted by, so each is one of two kinds:
 *
 * - *Rare*: few orders fulfil it. Its own narrow index names them all, and only those are looked at.
 * - *Common*: more do. Then enough of them are soon met on a walk along the ids.
 *
 * Which it is, is found out by asking its index whether it names more than `rare`. Optimizers guess it, and for
 * `order by id limit 50` they may guess wrong by a factor of a thousand; so every index is named. Days become
 * bounds of the ids.
 *
 * Common conditions may hardly ever meet. So nothing goes on for longer than its patience: what was found by then is the
 * answer, together with the order that was reached, and whoever wants more goes on from there.
 */
export interface Patience {
  /** Orders that an index may name. Of a million, a walk that passes `read` meets 50 of so many. */
  rare: number;
  /** Orders that are looked up one by one. */
  named: number;
  /** Orders that a walk passes, by what has to be known of each: numbers alone; texts; lines. Each takes some 5 ms. */
  passed: number;
  read: number;
  unpacked: number;
}
export const PATIENCE: Patience = { rare: 5_000, named: 1_500, passed: 40_000, read: 12_000, unpacked: 8_000 };

/** A status that fewer than one order in so many has is worth a walk along its own index. */
const FEW = 10;
/** Ids that one statement names; of more than a thousand MariaDB makes a table, and sorts. */
const CHUNK = 500;

/** From where to read on, and how far. */
export interface Walk {
  /** To older orders, from below this id; absent: from the newest. */
  before?: number | undefined;
  /** Instead: to newer orders, from above this id, the nearest first. */
  above?: number | undefined;
  limit: number;
}

export interface Reader {
  timeZone: string;
  /** How many orders stand in each status, and the id of the newest, as of the same snapshot. */
  counts: Counts;
  newest: number;
  /** Who asks, for what depends on it. */
  adminId?: number | undefined;
  patience?: Patience;
}

export interface Found {
  /** In the direction of the walk. */
  ids: number[];
  /** Where they are fewer than asked for: all up to this one were looked at, and behind it there may be more. */
  reached?: number | undefined;
}

/** Exclusive. */
interface Bounds {
  over: number;
  under: number;
}

/** @returns fewer than `limit` only where there are no more, or where patience ended: then with what was reached */
export async function filterOrders(
  trx: Transaction<Database>,
  filter: OrderFilter,
  shop: Reader,
  walk: Walk,
): Promise<Found> {
  const { claim, q, product } = filter;
  const patience = shop.patience ?? PATIENCE;
  const statuses = statusesOf(filter);
  if (statuses.length === 0) return { ids: [] };
  if (claim === 'free' && statuses.length > 1) {
    const each = statuses.map((status) => filterOrders(trx, { ...filter, status }, shop, walk));
    return together(await Promise.all(each), walk);
  }
  const [status] = statuses.length === 1 ? statuses : [];
  const days = daysOf(filter, shop.timeZone);
  const total = totalWithin(filter);
  const beginnings = q ? beginningsOf(q) : [];
  const plain: Condition[] = [
    ...(statuses.length < STATUSES.length ? [hasStatus(statuses)] : []),
    ...(claim === 'free' ? [isNotClaimed] : []),
    ...(days ? [placedWithin(days).is] : []),
  ];
  const texts = q ? [anyOf(beginnings)] : [];
  const lines = product === undefined ? [] : [holdsProduct(product)];
  const all = [...plain, ...(total ? [total.is] : []), ...texts, ...lines];
  const anywhere: Bounds = { over: walk.above ?? 0, under: Math.min(walk.before ?? Infinity, shop.newest + 1) };
  const bounds = days ? await boundsOf(trx, anywhere, days, patience.rare) : anywhere;
  const among = (ids: readonly number[], conditions: readonly Condition[]) =>
    lookUp(trx, ids, conditions, bounds, walk, patience);

  if (claim === 'mine' || claim === 'others') return among(await findClaimed(trx, claim, shop.adminId), all);
  // Along an index every order of which is found, or the end of which is near.
  if (all.length === 0) return walkAlong(trx, 'primary', all, bounds, walk, {});
  if (status && (all.length === 1 || shop.counts[status] <= patience.named)) {
    return walkAlong(trx, 'orders_status', all, bounds, walk, {});
  }

  const priced = total && (await findRare(trx, total, patience.rare));
  if (priced && priced.length <= patience.named) return among(priced, [...plain, ...texts, ...lines]);
  const numbers = total && !priced ? [...plain, total.is] : plain;
  const rare: number[] = [];
  const common: Beginning[] = [];
  for (const beginning of beginnings) {
    const ids = await findRare(trx, beginning, patience.rare);
    if (ids) rare.push(...ids);
    else common.push(beginning);
  }
  if (q && common.length === 0) return among(priced ? intersection(priced, rare) : rare, [...numbers, ...lines]);
  if (priced) return among(priced, [...plain, ...texts, ...lines]);
  if (product !== undefined) return lookUpSold(trx, product, [...numbers, ...texts], bounds, walk, patience);

  const met = q ? [...numbers, anyOf(common)] : numbers;
  const way = await narrow(trx, bounds, daysOfNumbers(common));
  const isFew = status !== undefined && shop.counts[status] * FEW < sum(shop.counts);
  const onTheWay = isFew
    ? await walkAlong(trx, 'orders_status', met, way, walk, await stretchOf(trx, status, way, walk, patience.named))
    : await walkAlong(trx, 'primary', met, way, walk, stretchOfIds(way, walk, q ? patience.read : patience.passed));
  if (rare.length === 0) return onTheWay;
  return together([onTheWay, await among(rare, numbers)], walk);
}

/** The newest orders that somebody is on; at any time so few that the bound is never met. */
async function findClaimed(trx: Transaction<Database>, claim: 'mine' | 'others', adminId = 0): Promise<number[]> {
  const rows = await trx
    .selectFrom('order_claims')
    .select('order_id')
    .where('admin_id', claim === 'mine' ? '=' : '<>', adminId)
    .orderBy('order_id', 'desc')
    .limit(PATIENCE.named)
    .execute();
  return rows.map(({ order_id }) => order_id);
}

/** All ids that fulfil a condition, in no order; undefined when there are more than `rare`. */
async function findRare(
  trx: Transaction<Database>,
  { column, is }: IndexedCondition,
  rare: number,
): Promise<number[] | undefined> {
  const named = by(trx, INDEX_OF[column]).where(is);
  if (await named.limit(1).offset(rare).executeTakeFirst()) return undefined;
  return (await named.limit(rare).execute()).map(({ id }) => id);
}

/** Looks up those of the named orders that lie within the bounds, the nearest first. */
async function lookUp(
  trx: Transaction<Database>,
  ids: readonly number[],
  conditions: readonly Condition[],
  bounds: Bounds,
  walk: Walk,
  patience: Patience,
): Promise<Found> {
  const nearest = inOrder(
    ids.filter((id) => id > bounds.over && id < bounds.under),
    walk,
  );
  if (conditions.length === 0) return { ids: nearest.slice(0, walk.limit) };
  const found: number[] = [];
  const far = Math.min(nearest.length, patience.named);
  for (let at = 0; at < far && found.length < walk.limit; at += CHUNK) {
    const few = isAmong(nearest.slice(at, Math.min(at + CHUNK, far)));
    const limit = walk.limit - found.length;
    const { ids } = await walkAlong(trx, 'primary', [few, ...conditions], bounds, { ...walk, limit }, {});
    found.push(...ids);
  }
  return { ids: found, reached: far < nearest.length ? nearest[far - 1] : undefined };
}

/** Walks along the lines, which lie in the order of their orders, and looks up those whose product it is. */
async function lookUpSold(
  trx: Transaction<Database>,
  product: number,
  conditions: readonly Condition[],
  bounds: Bounds,
  walk: Walk,
  patience: Patience,
): Promise<Found> {
  const isUp = walk.above !== undefined;
  const stretch = stretchOfIds(bounds, walk, patience.unpacked);
  let left = within(bounds, walk, stretch);
  const chunk = Math.min(CHUNK, patience.named);
  const found: number[] = [];
  for (let asked = 0; asked < patience.named; asked += chunk) {
    const rows = await trx
      .selectFrom('order_lines')
      .select('order_id')
      .where('order_id', '>', left.over)
      .where('order_id', '<', left.under)
      .where('product_id', '=', product)
      .orderBy('order_id', isUp ? 'asc' : 'desc')
      .limit(chunk)
      .execute();
    const ids = rows.map(({ order_id }) => order_id);
    const limit = walk.limit - found.length;
    found.push(...(await lookUp(trx, ids, conditions, bounds, { ...walk, limit }, patience)).ids);
    const last = ids.at(-1);
    if (last === undefined || ids.length < chunk) return { ids: found, ...stretch };
    if (found.length === walk.limit) break;
    left = isUp ? { ...left, over: last } : { ...left, under: last };
  }
  return { ids: found, reached: isUp ? left.over : left.under };
}

/** How far a walk goes; without an end, to the end of its bounds. */
type Stretch = Pick<Found, 'reached'>;

/** So many ids. */
function stretchOfIds({ over, under }: Bounds, { above }: Walk, ids: number): Stretch {
  const reached = above === undefined ? under - ids : over + ids;
  return reached > over + 1 && reached < under - 1 ? { reached } : {};
}

/** So many orders of a status. */
async function stretchOf(
  trx: Transaction<Database>,
  status: Status,
  bounds: Bounds,
  walk: Walk,
  orders: number,
): Promise<Stretch> {
  const last = await along(trx, 'orders_status', [hasStatus([status])], bounds, walk)
    .limit(1)
    .offset(orders - 1)
    .executeTakeFirst();
  return last ? { reached: last.id } : {};
}

async function walkAlong(
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

function within({ over, under }: Bounds, { above }: Walk, { reached }: Stretch): Bounds {
  if (reached === undefined) return { over, under };
  return above === undefined ? { over: reached - 1, under } : { over, under: reached + 1 };
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
  return query.where('id', '<', under);
}

function by(trx: Transaction<Database>, index: string) {
  const table = sql<OrderRow>`orders`.as<'orders'>(sql`orders force index (${sql.ref(index)})`);
  return trx.selectFrom(table).select('id');
}

/** Of the orders of some days. Exactly, where they are rare: a small shop may have had its clock wrong by weeks. */
async function boundsOf(
  trx: Transaction<Database>,
  { over, under }: Bounds,
  days: Days,
  rare: number,
): Promise<Bounds> {
  const ids = await findRare(trx, placedWithin(days), rare);
  if (!ids) return narrow(trx, { over, under }, days);
  // Of no orders: nothing lies in between.
  const least = ids.reduce((a, b) => Math.min(a, b), under);
  const most = ids.reduce((a, b) => Math.max(a, b), over);
  return { over: Math.max(over, least - 1), under: Math.min(under, most + 1) };
}

/**
 * Ids grow with time, and times are what clocks said: an order outside of these bounds was placed on another day, as
 * long as no two clocks are further apart than CLOCK_ERROR_MS.
 */
async function narrow(trx: Transaction<Database>, { over, under }: Bounds, days: Days | undefined): Promise<Bounds> {
  if (!days) return { over, under };
  const day = by(trx, INDEX_OF.placed_at).limit(1);
  const earlier = await day
    .where('placed_at', '<', new Date(days.from.getTime() - CLOCK_ERROR_MS))
    .orderBy('placed_at', 'desc')
    .executeTakeFirst();
  const later = await day
    .where('placed_at', '>=', new Date(days.until.getTime() + CLOCK_ERROR_MS))
    .orderBy('placed_at')
    .executeTakeFirst();
  return { over: Math.max(over, earlier?.id ?? 0), under: Math.min(under, later?.id ?? Infinity) };
}

/** Several walks over the same bounds as one: none of them is known to have looked further than the shortest. */
function together(each: readonly Found[], walk: Walk): Found {
  const ends = each.map(({ reached }) => reached).filter((reached) => reached !== undefined);
  const [reached] = inOrder(ends, walk);
  const isWithin = (id: number) => reached === undefined || (walk.above === undefined ? id >= reached : id <= reached);
  const ids = each.flatMap((found) => found.ids).filter(isWithin);
  return { ids: inOrder(ids, walk).slice(0, walk.limit), reached };
}

function intersection(some: readonly number[], others: readonly number[]): number[] {
  const known = new Set(some);
  return others.filter((id) => known.has(id));
}

function inOrder(ids: readonly number[], { above }: Walk): number[] {
  return [...new Set(ids)].sort((a, b) => (above === undefined ? b - a : a - b));
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

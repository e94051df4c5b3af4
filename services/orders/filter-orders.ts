import type { Transaction } from 'kysely';
import type { OrderFilter } from '../../shared/contracts/order-filter.ts';
import { type Counts, STATUSES, type Status } from '../../shared/contracts/status.ts';
import type { Database } from './database.ts';
import { boundsOf, estimate, narrow, nearestNamed } from './name-orders.ts';
import {
  anyOf,
  type Beginning,
  beginningsOf,
  type Condition,
  type Days,
  daysOf,
  daysOfNumbers,
  hasStatus,
  type IndexedCondition,
  isNotClaimed,
  placedWithin,
  statusesOf,
  totalWithin,
} from './order-conditions.ts';
import {
  type Bounds,
  type Found,
  findSold,
  keepSold,
  lookUp,
  stretchOfIds,
  stretchOfStatus,
  together,
  type Walk,
  walkAlong,
} from './walk-orders.ts';

/**
 * Finds the orders that a filter leaves, newest first, from anywhere on, as quickly among a million as among a hundred.
 * No condition is indexed together with the id that orders are sorted by, so each is one of two kinds:
 *
 * - *Rare*: few orders fulfil it. Its own narrow index names them all, and only those are looked at, the nearest first.
 * - *Common*: more do. Then enough of them are soon met on a walk along the ids.
 *
 * Which it is, its index estimates well enough. What optimizers make of that for `order by id limit 50` may be wrong by a
 * factor of a thousand; so every index is named. Days become bounds of the ids.
 *
 * Common conditions may hardly ever meet. So nothing goes on for longer than its patience: what was found by then is the
 * answer, together with the order that was reached, and whoever wants more goes on from there. A page of any filter
 * takes one walk, or one look at what was named: some 4 ms for a million orders on a small machine.
 */
export interface Patience {
  /** Orders that an index may name. Of a million, a walk that passes `read` meets 50 of so many. */
  rare: number;
  /** Orders that are looked up one by one; where more than a thousand are, MariaDB makes a table of them first. */
  named: number;
  /** Orders that a walk passes, by what has to be known of each: numbers alone; texts; lines. */
  passed: number;
  read: number;
  unpacked: number;
}
export const PATIENCE: Patience = { rare: 5_000, named: 600, passed: 20_000, read: 10_000, unpacked: 6_000 };

/** A status that fewer than one order in so many has is worth a walk along its own index. */
const FEW = 10;
/** Orders that a walk passes in the time in which one is looked up, at least. */
const PASSED_A_LOOKUP = 5;

export interface Reader {
  timeZone: string;
  /** How many orders stand in each status, and the id of the newest, as of the same snapshot. */
  counts: Counts;
  newest: number;
  /** Who asks, for what depends on it. */
  adminId?: number | undefined;
  patience?: Patience;
}

/** @returns fewer than `limit` only where there are no more, or where patience ended: then with what was reached */
export async function filterOrders(
  trx: Transaction<Database>,
  filter: OrderFilter,
  shop: Reader,
  walk: Walk,
): Promise<Found> {
  const { claim, product } = filter;
  const patience = shop.patience ?? PATIENCE;
  const statuses = statusesOf(filter);
  if (claim === 'free' && statuses.length > 1) {
    const halves = { ...shop, patience: part(patience, 1 / statuses.length) };
    const each = statuses.map((status) => filterOrders(trx, { ...filter, status }, halves, walk));
    return firstOf(await Promise.all(each), walk);
  }
  const question = questionOf(filter, statuses, shop);
  const { all } = question;
  const bounds: Bounds = { over: walk.above ?? 0, under: Math.min(walk.before ?? Infinity, shop.newest + 1) };
  if (statuses.length === 0 || bounds.under - bounds.over <= 1) return NOTHING;
  if (claim === 'mine' || claim === 'others') {
    const ids = await findClaimed(trx, claim, shop.adminId, bounds);
    return lookUpNamed(trx, { ids }, question, walk, patience);
  }
  // Along an index every order of which is found, or the end of which is near.
  if (all.length === 0 && product === undefined) return walkAlong(trx, 'primary', all, bounds, walk, {});
  const [status] = statuses;
  if (statuses.length === 1 && status && shop.counts[status] <= patience.named) {
    if (product === undefined) return walkAlong(trx, 'orders_status', all, bounds, walk, {});
    const every = await walkAlong(
      trx,
      'orders_status',
      [hasStatus(statuses)],
      bounds,
      { ...walk, limit: patience.named },
      {},
    );
    return lookUpNamed(trx, every, question, walk, patience);
  }
  if (statuses.length === 1 && all.length === 1 && product === undefined) {
    return walkAlong(trx, 'orders_status', all, bounds, walk, {});
  }
  return search(trx, question, shop, bounds, walk, patience);
}

/** What a filter asks for. */
interface Question {
  product: number | undefined;
  /** The only status that is meant, where few orders have it. */
  seldom: Status | undefined;
  days: Days | undefined;
  placed: IndexedCondition | undefined;
  total: IndexedCondition | undefined;
  /** Any of them. */
  texts: Beginning[];
  /** All conditions but the texts and the product, and all but the product. */
  numbers: Condition[];
  all: Condition[];
}

function questionOf(filter: OrderFilter, statuses: readonly Status[], { timeZone, counts }: Reader): Question {
  const { claim, product, q } = filter;
  const days = daysOf(filter, timeZone);
  const placed = days && placedWithin(days);
  const total = totalWithin(filter);
  const texts = q ? beginningsOf(q) : [];
  const numbers: Condition[] = [
    ...(statuses.length < STATUSES.length ? [hasStatus(statuses)] : []),
    ...(claim === 'free' ? [isNotClaimed] : []),
    ...(placed ? [placed.is] : []),
    ...(total ? [total.is] : []),
  ];
  const [status] = statuses;
  const isSeldom = statuses.length === 1 && status && counts[status] * FEW < sum(counts);
  const all = texts.length > 0 ? [...numbers, anyOf(texts)] : numbers;
  return { product, seldom: isSeldom ? status : undefined, days, placed, total, texts, numbers, all };
}

async function search(
  trx: Transaction<Database>,
  question: Question,
  shop: Reader,
  { over, under }: Bounds,
  walk: Walk,
  patience: Patience,
): Promise<Found> {
  const { product, days, placed, total, texts, numbers, all } = question;
  const asked = [placed, total, ...texts].filter((one) => one !== undefined);
  const estimates = await estimate(trx, asked);
  const size = (...conditions: readonly IndexedCondition[]) =>
    conditions.reduce((of, one) => of + estimates.get(one)!, 0);
  // By the filter alone, wherever the walk begins: so there and back, each way goes as far.
  const everywhere = { over: 0, under: shop.newest + 1 };
  const period = placed ? await boundsOf(trx, everywhere, days!, size(placed) <= patience.rare) : everywhere;
  const bounds = { over: Math.max(over, period.over), under: Math.min(under, period.under) };
  const isShort = period.under - period.over <= PASSED_A_LOOKUP * patience.named;
  if (isShort && product === undefined) return walkAlong(trx, 'primary', all, bounds, walk, {});

  const ways = (isShort ? [] : [total ? [total] : [], texts]).filter(
    (way) => way.length > 0 && size(...way) <= patience.rare,
  );
  const [way, other] = ways.sort((a, b) => size(...a) - size(...b));
  if (way) {
    const isAll = all.length === 1 && product === undefined;
    const isRare = size(...way) > patience.named;
    const most = isAll ? walk.limit : isRare && !other ? patience.named : patience.rare;
    const named = await nearestNamed(trx, way, bounds, walk, most);
    if (isAll) return firstOf([named], walk);
    if (!other || !isRare) return lookUpNamed(trx, named, question, walk, patience);
    const others = await nearestNamed(trx, other, bounds, walk, most);
    return lookUpNamed(trx, inBoth(named, others, walk), question, walk, patience);
  }
  if (product !== undefined) {
    const stretch = stretchOfIds(bounds, walk, patience.unpacked);
    const most = all.length === 0 ? walk.limit : patience.named;
    return lookUp(trx, await findSold(trx, product, bounds, walk, stretch, most), all, walk, patience.named);
  }

  const rare = texts.filter((text) => size(text) <= patience.rare);
  const common = texts.filter((text) => !rare.includes(text));
  if (rare.length === 0) return meet(trx, question, common, bounds, walk, patience);
  // What is looked up is taken off the walk.
  const named = Math.min(Math.max(1, size(...rare)), Math.ceil(patience.named / 2));
  const found = await meet(trx, question, common, bounds, walk, part(patience, 1 - named / patience.named));
  const others = await lookUp(trx, await nearestNamed(trx, rare, bounds, walk, named), numbers, walk, named);
  return firstOf([found, others], walk);
}

/** Walks until enough orders were met that are of one of these texts, and of the rest of the question. */
async function meet(
  trx: Transaction<Database>,
  { seldom, texts, numbers }: Question,
  common: readonly Beginning[],
  bounds: Bounds,
  walk: Walk,
  patience: Patience,
): Promise<Found> {
  const conditions = texts.length > 0 ? [...numbers, anyOf(common)] : numbers;
  const days = daysOfNumbers(common);
  const way = days ? await narrow(trx, bounds, days) : bounds;
  if (seldom) {
    const stretch = await stretchOfStatus(trx, hasStatus([seldom]), way, walk, patience.named);
    return walkAlong(trx, 'orders_status', conditions, way, walk, stretch);
  }
  const ids = texts.length > 0 ? patience.read : patience.passed;
  return walkAlong(trx, 'primary', conditions, way, walk, stretchOfIds(way, walk, ids));
}

/** Looks at orders one by one, at those that hold the product first of all. */
async function lookUpNamed(
  trx: Transaction<Database>,
  named: Found,
  { product, all }: Question,
  walk: Walk,
  patience: Patience,
): Promise<Found> {
  const sold = product === undefined ? named : await keepSold(trx, named, product, walk, patience.named);
  return lookUp(trx, sold, all, walk, patience.named);
}

function inBoth(some: Found, { ids, reached }: Found, walk: Walk): Found {
  const known = new Set(some.ids);
  const both = ids.filter((id) => known.has(id));
  return together(
    [
      { ids: both, reached },
      { ids: [], reached: some.reached },
    ],
    walk,
  );
}

function firstOf(each: readonly Found[], walk: Walk): Found {
  const { ids, reached } = together(each, walk);
  return { ids: ids.slice(0, walk.limit), reached };
}

/** So much of it. What its orders are named by stays what it is: there and back, the same way is chosen. */
function part(patience: Patience, of: number): Patience {
  const some = (orders: number) => Math.max(1, Math.ceil(orders * of));
  const { rare, named, passed, read, unpacked } = patience;
  return { rare, named: some(named), passed: some(passed), read: some(read), unpacked: some(unpacked) };
}

const NOTHING: Found = { ids: [] };

/** The newest orders that somebody is on; at any time so few that the bound is never met. */
async function findClaimed(
  trx: Transaction<Database>,
  claim: 'mine' | 'others',
  adminId = 0,
  { over, under }: Bounds,
): Promise<number[]> {
  const rows = await trx
    .selectFrom('order_claims')
    .select('order_id')
    .where('admin_id', claim === 'mine' ? '=' : '<>', adminId)
    .where('order_id', '>', over)
    .where('order_id', '<', under)
    .orderBy('order_id', 'desc')
    .limit(PATIENCE.named)
    .execute();
  return rows.map(({ order_id }) => order_id);
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

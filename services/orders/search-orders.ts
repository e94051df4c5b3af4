import type { Transaction } from 'kysely';
import type { Counts } from '../../shared/contracts/status.ts';
import type { Database } from './database.ts';
import { boundsOf, estimate, narrow, nearestNamed } from './name-orders.ts';
import {
  anyOf,
  type Beginning,
  daysOfNumbers,
  hasStatus,
  type IndexedCondition,
  type Question,
} from './order-conditions.ts';
import { type Patience, part } from './patience.ts';
import {
  type Bounds,
  type Found,
  findSold,
  firstOf,
  keepSold,
  lookUp,
  stretchOfIds,
  stretchOfStatus,
  together,
  type Walk,
  walkAlong,
} from './walk-orders.ts';

/** A status that fewer than one order in so many has is worth a walk along its own index. */
const FEW = 10;
/** Orders that a walk passes in the time in which one is looked up, at least. */
const PASSED_A_LOOKUP = 5;

/** How many orders stand in each status, and the id of the newest, as of the same snapshot. */
export interface Shop {
  counts: Counts;
  newest: number;
}

/**
 * Searches for what fulfils several conditions at once. None is indexed together with the id that orders are sorted by,
 * so each is one of two kinds:
 *
 * - *Rare*: few orders fulfil it. Its own narrow index names them all, and only those are looked at, the nearest first.
 * - *Common*: more do. Then enough of them are soon met on a walk along the ids.
 *
 * Which it is, its index estimates well enough. Days become bounds of the ids. Common conditions may hardly ever meet;
 * so nothing goes on for longer than its patience.
 *
 * @returns as `filterOrders` does
 */
export async function searchOrders(
  trx: Transaction<Database>,
  question: Question,
  shop: Shop,
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
  if (rare.length === 0) return meet(trx, question, common, shop, bounds, walk, patience);
  // What is looked up is taken off the walk.
  const named = Math.min(Math.max(1, size(...rare)), Math.ceil(patience.named / 2));
  const found = await meet(trx, question, common, shop, bounds, walk, part(patience, 1 - named / patience.named));
  const others = await lookUp(trx, await nearestNamed(trx, rare, bounds, walk, named), numbers, walk, named);
  return firstOf([found, others], walk);
}

/** Walks until enough orders were met that are of one of these texts, and of the rest of the question. */
async function meet(
  trx: Transaction<Database>,
  { statuses, texts, numbers }: Question,
  common: readonly Beginning[],
  { counts }: Shop,
  bounds: Bounds,
  walk: Walk,
  patience: Patience,
): Promise<Found> {
  const conditions = texts.length > 0 ? [...numbers, anyOf(common)] : numbers;
  const days = daysOfNumbers(common);
  const way = days ? await narrow(trx, bounds, days) : bounds;
  const [status] = statuses.length === 1 ? statuses : [];
  if (status && counts[status] * FEW < sum(counts)) {
    const stretch = await stretchOfStatus(trx, hasStatus(statuses), way, walk, patience.named);
    return walkAlong(trx, 'orders_status', conditions, way, walk, stretch);
  }
  const ids = texts.length > 0 ? patience.read : patience.passed;
  return walkAlong(trx, 'primary', conditions, way, walk, stretchOfIds(way, walk, ids));
}

/** Looks at orders one by one, at those that hold the product first of all. */
export async function lookUpNamed(
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

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

import type { Transaction } from 'kysely';
import type { OrderFilter } from '../../shared/contracts/order-filter.ts';
import type { Database } from './database.ts';
import { nearestClaimed } from './name-orders.ts';
import { hasStatus, questionOf, statusesOf } from './order-conditions.ts';
import { PATIENCE, type Patience, part } from './patience.ts';
import { lookUpNamed, type Shop, searchOrders } from './search-orders.ts';
import { type Bounds, type Found, firstOf, type Walk, walkAlong } from './walk-orders.ts';

export interface Reader extends Shop {
  timeZone: string;
  /** Who asks, for what depends on it. */
  adminId?: number | undefined;
  patience?: Patience;
}

/**
 * Finds the orders that a filter leaves, newest first, from anywhere on, as quickly among a million as among a hundred:
 * by one walk, or one look at what was named. What optimizers make of `order by id limit 50` may be wrong by a factor of
 * a thousand; so every index is named.
 *
 * What somebody is on, and what a status alone can tell, is known here; all else is searched for by estimates.
 *
 * @returns fewer than `limit` only where there are no more, or where patience ended: then with what was reached
 */
export async function filterOrders(
  trx: Transaction<Database>,
  filter: OrderFilter,
  shop: Reader,
  walk: Walk,
): Promise<Found> {
  const { claim, product } = filter;
  const { adminId = 0, patience = PATIENCE } = shop;
  const statuses = statusesOf(filter);
  if (claim === 'free' && statuses.length > 1) {
    const halves = { ...shop, patience: part(patience, 1 / statuses.length) };
    const each = statuses.map((status) => filterOrders(trx, { ...filter, status }, halves, walk));
    return firstOf(await Promise.all(each), walk);
  }
  const bounds: Bounds = { over: walk.above ?? 0, under: Math.min(walk.before ?? Infinity, shop.newest + 1) };
  if (statuses.length === 0 || bounds.under - bounds.over <= 1) return { ids: [] };

  const question = questionOf(filter, statuses, shop.timeZone);
  if (claim === 'mine' || claim === 'others') {
    const claimed = await nearestClaimed(trx, claim === 'mine' ? '=' : '<>', adminId, bounds, walk, patience.named);
    return lookUpNamed(trx, claimed, question, walk, patience);
  }
  const [status] = statuses.length === 1 ? statuses : [];
  const index = status ? 'orders_status' : 'primary';
  // Every order of the index is meant, or its end is near.
  const isAll = question.all.length === (status ? 1 : 0);
  const isShort = status !== undefined && shop.counts[status] <= patience.named;
  if (product === undefined && (isAll || isShort)) return walkAlong(trx, index, question.all, bounds, walk, {});
  if (isShort) {
    const every = { ...walk, limit: patience.named };
    const named = await walkAlong(trx, index, [hasStatus(statuses)], bounds, every, {});
    return lookUpNamed(trx, named, question, walk, patience);
  }
  return searchOrders(trx, question, shop, bounds, walk, patience);
}

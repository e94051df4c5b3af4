import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Announce } from './announce.ts';
import type { Db } from './database.ts';
import type { Durability } from './durability.ts';
import { type Placement, type PlacementRequest, placeOrders, type Shop } from './place-orders.ts';
import { isDuplicate } from './sql-errors.ts';
import { transact } from './transact.ts';

export interface PlaceGroupDeps {
  db: Db;
  shop: Shop;
  durability: Durability;
  announce: Announce;
  /** Told how long each group's transaction took, repeats included. */
  observe: (group: { size: number; seconds: number }) => void;
}

/**
 * Places a group, whatever it takes, and tells notifiers once it is committed.
 *
 * One order's failure is never another's: where a group fails for a reason that nobody foresaw, each of its orders
 * is tried by itself, and only the one that is at fault fails.
 *
 * @returns one result for each request, in the same order
 */
export async function placeGroup(
  deps: PlaceGroupDeps,
  requests: readonly PlacementRequest[],
): Promise<PromiseSettledResult<Placement>[]> {
  const start = performance.now();
  try {
    // The only unique values that are drawn at random are numbers and tokens: on a collision they are drawn again.
    const { placements, appended } = await transact(
      deps.db,
      (trx) => placeOrders(trx, requests, deps.shop, deps.durability, 'commit'),
      isDuplicate,
    );
    if (appended) deps.announce(appended);
    deps.observe({ size: requests.length, seconds: (performance.now() - start) / 1000 });
    return placements.map((value) => ({ status: 'fulfilled', value }));
  } catch (reason) {
    if (requests.length === 1 || reason instanceof HttpProblem) {
      return requests.map(() => ({ status: 'rejected', reason }));
    }
    const results: PromiseSettledResult<Placement>[] = [];
    for (const request of requests) results.push(...(await placeGroup(deps, [request])));
    return results;
  }
}

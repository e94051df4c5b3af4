import type { By } from './lock-order.ts';
import { type PlaceGroupDeps, placeGroup } from './place-group.ts';
import type { Placement, PlacementRequest } from './placement.ts';
import { transact } from './transact.ts';
import { tryOrder } from './try-order.ts';

type Settled = PromiseSettledResult<Placement>;

/**
 * Places what waited together: the orders as one group, and behind them the trials, which are rare, each by itself,
 * because what a trial takes back must be nobody else's.
 *
 * @returns one result for each request, in the same order
 */
export async function takeGroup(deps: PlaceGroupDeps, requests: readonly PlacementRequest[]): Promise<Settled[]> {
  const orders = requests.filter(({ triedBy }) => !triedBy);
  if (orders.length === requests.length) return placeGroup(deps, requests);
  const placed = (orders.length > 0 ? await placeGroup(deps, orders) : []).values();
  const results: Settled[] = [];
  for (const request of requests) {
    results.push(request.triedBy ? await tryOne(deps, request, request.triedBy) : (placed.next().value as Settled));
  }
  return results;
}

async function tryOne(deps: PlaceGroupDeps, request: PlacementRequest, by: By): Promise<Settled> {
  try {
    const { placements, appended } = await transact(deps.db, (trx) =>
      tryOrder(trx, request, by, deps.shop, deps.durability),
    );
    if (appended) deps.announce(appended);
    return { status: 'fulfilled', value: placements[0]! };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}

import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Announce } from './announce.ts';
import { type GuessDeps, placeByGuess } from './place-by-guess.ts';
import { placeOrders } from './place-orders.ts';
import type { Placement, PlacementRequest } from './placement.ts';
import { isDuplicate } from './sql-errors.ts';
import { transact } from './transact.ts';

type Results = PromiseSettledResult<Placement>[];

export interface PlaceGroupDeps extends GuessDeps {
  announce: Announce;
  /** Told how long each group took, all attempts included, and whether it was placed by a guess, or in spite of one. */
  observe: (group: { size: number; seconds: number; guess: 'right' | 'wrong' | 'none' }) => void;
}

/**
 * Places a group, by a guess or, where that does not do, as it is judged then, and tells notifiers once it is committed.
 * @returns one result for each request, in the same order
 */
export async function placeGroup(deps: PlaceGroupDeps, requests: readonly PlacementRequest[]): Promise<Results> {
  const start = performance.now();
  const guessed = await placeByGuess(deps, requests);
  let results: Results;
  if (guessed.kind === 'placed') {
    deps.announce(guessed.appended);
    results = guessed.placements.map(fulfilled);
  } else {
    const judged = await placeJudged(deps, requests);
    results = guessed.kind === 'lost' ? judged.map(withoutRefusal) : judged;
  }
  const guess = guessed.kind === 'placed' ? 'right' : guessed.kind === 'unknown' ? 'none' : 'wrong';
  deps.observe({ size: requests.length, seconds: (performance.now() - start) / 1000, guess });
  return results;
}

/**
 * Places a group, whatever it takes. One order's failure is never another's: where a group fails for a reason that
 * nobody foresaw, each of its orders is tried by itself, and only the one that is at fault fails.
 */
async function placeJudged(deps: PlaceGroupDeps, requests: readonly PlacementRequest[]): Promise<Results> {
  const arrived = deps.guess.log.send();
  try {
    // The only unique values that are drawn at random are numbers and tokens: on a collision they are drawn again.
    const { placements, appended, shelf, after } = await transact(
      deps.db,
      (trx) => placeOrders(trx, requests, deps.shop, deps.durability, 'commit'),
      isDuplicate,
    );
    if (appended) deps.announce(appended);
    deps.guess.shelf.learn(shelf);
    arrived(after);
    return placements.map(fulfilled);
  } catch (reason) {
    arrived(undefined);
    if (requests.length === 1 || reason instanceof HttpProblem) {
      return requests.map(() => ({ status: 'rejected', reason }));
    }
    const results: Results = [];
    for (const request of requests) results.push(...(await placeJudged(deps, [request])));
    return results;
  }
}

const fulfilled = (value: Placement) => ({ status: 'fulfilled', value }) as const;

/**
 * A packet that was lost on its way may arrive after all, when what stood in the way of an order has gone. So nobody
 * whose order was in it is told «refused», which would mean «surely not placed».
 */
function withoutRefusal(result: PromiseSettledResult<Placement>): PromiseSettledResult<Placement> {
  if (result.status === 'rejected' || result.value.kind === 'placed') return result;
  return { status: 'rejected', reason: new HttpProblem(503, 'unavailable', { retryAfterSeconds: 1 }) };
}

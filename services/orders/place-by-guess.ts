import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Told } from './append-events.ts';
import { appendGuessed, appendPlaced } from './append-placed.ts';
import { takeKeys } from './claim-keys.ts';
import type { Db } from './database.ts';
import type { Durability } from './durability.ts';
import type { GuessedLog } from './guessed-log.ts';
import type { GuessedShelf } from './guessed-shelf.ts';
import { type Draft, insertLines, insertOrders } from './insert-orders.ts';
import { takeFromShelf } from './judge-order.ts';
import { inOnePacket } from './one-packet.ts';
import {
  answersFor,
  drawNames,
  firstOfEachKey,
  judge,
  newGroupId,
  type Placement,
  type PlacementRequest,
  placedNow,
  productIds,
  type Shop,
} from './placement.ts';
import { isConnectionLost } from './sql-errors.ts';
import { part } from './statement.ts';
import { takeGuessed, unlimitedStand } from './stock.ts';
import { transactOnce } from './transact.ts';

// What a group has to ask before it can be written is little, and hardly ever a surprise: its keys are new, its
// products stand as they did a moment ago, the log has grown. So it is judged by what is remembered of the products, and
// sent to be written and committed in a single packet, whose statements fail where the guess is wrong:
//
//   a key is known already       the insert finds a duplicate (as it does for a number that was drawn before)
//   not enough is left           the stock falls below nought, which the table does not let it
//   a price, a name, or whether  it would fall below nought, too; of what is not limited the log's head comes out null,
//   it is for sale, has changed  which its table does not take
//   a product is gone            the head comes out null
//   the log went back            the same; a new epoch has to begin
//   others wrote to the log      the same, for a lone order, whose events are put into words before it is sent
//
// Behind a statement that fails none is run, so nothing is committed, and the group goes the judged way
// (place-orders.ts), which asks, and from which the next guesses are learnt. Refusals are given there alone: what is
// refused by a guess is asked for first.
//
// Locks are taken in the same order as everywhere: keys sorted, products by id, the head of the log. They are held for
// the statements between and the commit, never for a turn of our event loop: the database works on one group while we
// prepare the next.

export interface GuessDeps {
  db: Db;
  shop: Shop;
  durability: Durability;
  guess: { shelf: GuessedShelf; log: GuessedLog };
}

export type Guessed =
  | { kind: 'placed'; placements: Placement[]; appended: Told }
  /** Nothing was sent: something is not known, or would be refused. */
  | { kind: 'unknown' }
  /** Nothing was done. */
  | { kind: 'wrong' }
  /** The connection was lost: placed or not, and if the packet is still under way, perhaps later. */
  | { kind: 'lost' };

/** Places a group by what is remembered, in one packet: all of it or nothing. Never throws for the database's sake. */
export async function placeByGuess(
  { db, shop, durability, guess }: GuessDeps,
  requests: readonly PlacementRequest[],
): Promise<Guessed> {
  const firstOf = firstOfEachKey(requests);
  const shelf = guess.shelf.of(productIds(firstOf.values()));
  if (!shelf) return { kind: 'unknown' };
  const now = new Date();
  const drawn = drawNames(firstOf.size, now, shop);
  const drafts: Draft[] = [];
  for (const { key, bodyHash, order } of firstOf.values()) {
    const verdict = judge(order, shelf);
    if (verdict instanceof HttpProblem) return { kind: 'unknown' };
    takeFromShelf(shelf, verdict.lines);
    drafts.push({ key, bodyHash, order, ...verdict, ...drawn[drafts.length]! });
  }
  // Whoever is judged while this is under way is judged by what it leaves.
  guess.shelf.learn(shelf);

  const lines = drafts.flatMap((draft) => draft.lines);
  const taken = takeGuessed(lines, shelf);
  // What was sent right before this has found all its rows: no product is gone.
  const stands = part`row_count() = ${taken?.count ?? lines.length} and ${unlimitedStand(shelf)}`;
  const acknowledged = durability.acknowledged();
  // For a lone order every statement counts. Behind a group another soon follows, and may come first.
  const ground = drafts.length === 1 ? guess.log.guess(acknowledged) : undefined;
  const append = ground
    ? appendGuessed(ground, drafts, shop.currency, now, stands)
    : appendPlaced(drafts, shop.currency, now, stands, acknowledged);
  const arrived = guess.log.send(ground);
  try {
    const { told, after } = await transactOnce(db, async (trx) => {
      const results = await inOnePacket(
        trx,
        [
          insertOrders(drafts, shop.currency, now),
          takeKeys(drafts, newGroupId(), now),
          insertLines(drafts),
          taken?.statement,
          ...append.statements,
        ],
        'commit',
      );
      return { commit: true, value: append.appended(results[0].insertId, results.at(-1)!.rows) };
    });
    arrived(after);
    const settled = new Map(drafts.map((draft) => [draft.key, placedNow(draft, shop.currency, now)]));
    return { kind: 'placed', placements: answersFor(requests, firstOf, settled), appended: told };
  } catch (error) {
    arrived(undefined);
    return { kind: isConnectionLost(error) ? 'lost' : 'wrong' };
  }
}

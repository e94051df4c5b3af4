import type { Transaction } from 'kysely';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { type Appended, LOCK_HEAD, writeEvents } from './append-events.ts';
import { claimKeys, earlierAnswers, forgetKeys, settleKeys } from './claim-keys.ts';
import type { Database } from './database.ts';
import type { Durability } from './durability.ts';
import type { Ground } from './guessed-log.ts';
import { type Draft, insertLines, insertOrders, placedChanges } from './insert-orders.ts';
import { type Shelf, takeFromShelf } from './judge-order.ts';
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
import { lockLimited, readProducts, shelfOf, stockChange } from './stock.ts';
import type { Outcome } from './transact.ts';

export interface PlacedGroup {
  /** One for each request, in the same order. */
  placements: Placement[];
  /** Null when nothing was placed. */
  appended: Appended | null;
  /** The products that were asked for, as the group leaves them. */
  shelf: Shelf;
  /** Where the log is left; undefined when nothing was placed. */
  after: Ground | undefined;
}

/**
 * Places a group of orders in one transaction, each judged by itself in the order of arrival.
 *
 * Locks are taken in the same order by everybody, so that groups wait for each other and never deadlock:
 * keys sorted, products by id, the head of the log last. A refused order leaves nothing, not even its key:
 * sent again, it is judged afresh. May be run again as a whole at any time: what an earlier run committed is found
 * by its keys and answered as it was.
 *
 * @param ending `commit` when nothing follows: the commit then goes with the last statements
 */
export async function placeOrders(
  trx: Transaction<Database>,
  requests: readonly PlacementRequest[],
  shop: Shop,
  durability: Durability,
  ending?: 'commit',
): Promise<Outcome<PlacedGroup>> {
  const now = new Date();
  const groupId = newGroupId();
  const firstOf = firstOfEachKey(requests);
  const firsts = [...firstOf.values()];
  const settled = new Map<string, Placement>();
  // Before anything is locked.
  const drawn = drawNames(firsts.length, now, shop);

  const ids = productIds(firsts);
  const [claimed, limited, all] = await inOnePacket(trx, [
    claimKeys(firsts, groupId, now),
    lockLimited(ids),
    readProducts(ids),
  ]);
  const earlier = claimed.affectedRows < firsts.length ? await earlierAnswers(trx, firsts, groupId) : new Map();
  for (const [key, { placement }] of earlier) settled.set(key, placement);

  const shelf = shelfOf([...all.rows, ...limited.rows]);
  const drafts: Draft[] = [];
  const refusedKeys: string[] = [];
  for (const [i, { key, bodyHash, order }] of firsts.entries()) {
    if (settled.has(key)) continue;
    const verdict = judge(order, shelf);
    if (verdict instanceof HttpProblem) {
      settled.set(key, { kind: 'refused', problem: verdict });
      refusedKeys.push(key);
      continue;
    }
    takeFromShelf(shelf, verdict.lines);
    drafts.push({ key, bodyHash, order, ...verdict, ...drawn[i]! });
  }
  const placements = () => answersFor(requests, firstOf, settled, earlier);
  if (drafts.length === 0) {
    const forget = forgetKeys(refusedKeys);
    if (forget) await trx.executeQuery(forget);
    // What another transaction has settled may not be on disk yet, and must not be answered before it is.
    if (earlier.size > 0) await durability.touch(trx);
    return { commit: earlier.size > 0, value: { placements: placements(), appended: null, shelf, after: undefined } };
  }
  const [inserted, , , , , head] = await inOnePacket(trx, [
    insertOrders(drafts, shop.currency, now),
    insertLines(drafts),
    settleKeys(drafts.map(({ key }) => key)),
    stockChange(
      drafts.flatMap(({ lines }) => lines),
      shelf,
      -1,
    ),
    forgetKeys(refusedKeys),
    LOCK_HEAD,
  ]);
  const changes = placedChanges(drafts, inserted.insertId, shop.currency, now);
  const appended = await writeEvents(trx, head.rows[0]!, changes, durability, ending);

  for (const draft of drafts) settled.set(draft.key, placedNow(draft, shop.currency, now));
  const after = { log: appended.stand, nextOrderId: inserted.insertId + drafts.length };
  return { commit: true, value: { placements: placements(), appended, shelf, after } };
}

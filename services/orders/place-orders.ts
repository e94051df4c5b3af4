import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { AdminOrder, PlacedOrder, PlaceOrderInput } from '../../shared/contracts/order.ts';
import { dayOf } from '../../shared/contracts/shop-day.ts';
import { newShopperToken, TOKEN_BYTES } from '../../shared/contracts/shopper-token.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { type Appended, LOCK_HEAD, writeEvents } from './append-events.ts';
import { claimKeys, earlierAnswers, forgetKeys, settleKeys } from './claim-keys.ts';
import type { Database } from './database.ts';
import type { Durability } from './durability.ts';
import { type Draft, insertLines, insertOrders, placedOrders } from './insert-orders.ts';
import { judgeOrder, type ShelfItem, takeFromShelf } from './judge-order.ts';
import type { By } from './lock-order.ts';
import { inOnePacket } from './one-packet.ts';
import { NUMBER_BYTES, newOrderNumber } from './order-number.ts';
import { lockLimited, readProducts, shelfOf, stockChange } from './stock.ts';
import type { Outcome } from './transact.ts';

export interface PlacementRequest {
  key: string;
  /** Of everything the shopper sent; a repeat has the same. */
  bodyHash: string;
  order: PlaceOrderInput;
  /** An admin who tries whether orders arrive; which product, and what stays of it: see try-order.ts. */
  triedBy?: By;
}

export type Placement =
  | { kind: 'placed'; answer: PlacedOrder; repeat: boolean }
  | { kind: 'refused'; problem: HttpProblem };

export interface Shop {
  timeZone: string;
  currency: string;
  /** Signs shoppers' tokens. */
  secret: string;
}

export interface PlacedGroup {
  /** One for each request, in the same order. */
  placements: Placement[];
  /** Null when nothing was placed. */
  appended: Appended | null;
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
  const groupId = randomBytes(16).toString('base64url');
  const firstOf = firstOfEachKey(requests);
  const firsts = [...firstOf.values()];
  const settled = new Map<string, Placement>();
  // Before anything is locked.
  const day = dayOf(now, shop.timeZone);
  const drawn = drawNames(firsts.length, day, shop.secret);

  const ids = productIds(firsts);
  const [claimed, limited, all] = await inOnePacket(trx, [
    claimKeys(firsts, groupId, now),
    lockLimited(ids),
    readProducts(ids),
  ]);
  const earlier = claimed.affectedRows < firsts.length ? await earlierAnswers(trx, firsts, groupId) : new Map();
  for (const [key, answer] of earlier) settled.set(key, answer);

  const shelf = shelfOf([...all.rows, ...limited.rows]);
  const drafts: Draft[] = [];
  const refusedKeys: string[] = [];
  for (const [i, { key, order }] of firsts.entries()) {
    if (settled.has(key)) continue;
    const verdict = judge(order, shelf);
    if (verdict instanceof HttpProblem) {
      settled.set(key, { kind: 'refused', problem: verdict });
      refusedKeys.push(key);
      continue;
    }
    takeFromShelf(shelf, verdict.lines);
    drafts.push({ key, order, ...verdict, ...drawn[i]! });
  }
  const inOrderOfArrival = () => requests.map((request) => answerFor(request, firstOf.get(request.key)!, settled));
  if (drafts.length === 0) {
    const forget = forgetKeys(refusedKeys);
    if (forget) await trx.executeQuery(forget);
    // What another transaction has settled may not be on disk yet, and must not be answered before it is.
    if (earlier.size > 0) await durability.touch(trx);
    return { commit: earlier.size > 0, value: { placements: inOrderOfArrival(), appended: null } };
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
  const orders = placedOrders(drafts, inserted.insertId, shop.currency, now);
  const changes = orders.map((order, i) => ({
    type: 'order.placed' as const,
    previousStatus: null,
    order,
    token: drafts[i]!.token,
  }));
  const appended = await writeEvents(trx, head.rows[0]!, changes, durability, ending);

  for (const [i, { key, token }] of drafts.entries()) {
    settled.set(key, { kind: 'placed', answer: placedOrder(orders[i]!, token), repeat: false });
  }
  return { commit: true, value: { placements: inOrderOfArrival(), appended } };
}

/** Numbers and tokens for so many orders, of random bytes that are asked for once. */
function drawNames(count: number, day: string, secret: string): { number: string; token: string }[] {
  const random = randomBytes(count * (NUMBER_BYTES + TOKEN_BYTES));
  return Array.from({ length: count }, (_, i) => {
    const at = i * (NUMBER_BYTES + TOKEN_BYTES);
    const number = newOrderNumber(day, random.subarray(at, at + NUMBER_BYTES));
    return {
      number,
      token: newShopperToken(secret, random.subarray(at + NUMBER_BYTES, at + NUMBER_BYTES + TOKEN_BYTES)),
    };
  });
}

function firstOfEachKey(requests: readonly PlacementRequest[]): Map<string, PlacementRequest> {
  const firsts = new Map<string, PlacementRequest>();
  for (const request of requests) {
    if (!firsts.has(request.key)) firsts.set(request.key, request);
  }
  return firsts;
}

/** Requests of one key share one answer, if they are the same request. */
function answerFor(
  request: PlacementRequest,
  first: PlacementRequest,
  settled: ReadonlyMap<string, Placement>,
): Placement {
  if (first.bodyHash !== request.bodyHash) return { kind: 'refused', problem: new HttpProblem(422, 'key_reused') };
  const placement = settled.get(request.key)!;
  return placement.kind === 'placed' && request !== first ? { ...placement, repeat: true } : placement;
}

const productIds = (requests: readonly PlacementRequest[]) => [
  ...new Set(requests.flatMap(({ order }) => order.lines.map(({ productId }) => productId))),
];

function judge(order: PlaceOrderInput, shelf: ReadonlyMap<number, ShelfItem>) {
  const verdict = judgeOrder(order, shelf);
  switch (verdict.kind) {
    case 'accepted':
      return { lines: verdict.lines, totalCents: verdict.totalCents };
    case 'invalid':
      return new HttpProblem(400, 'validation', { extra: { errors: verdict.errors } });
    case 'out_of_stock':
      return new HttpProblem(409, 'out_of_stock', { extra: { lines: verdict.lines } });
    case 'price_changed':
      return new HttpProblem(409, 'price_changed', {
        extra: { lines: verdict.lines, totalCents: verdict.totalCents },
      });
  }
}

function placedOrder(order: AdminOrder, token: string): PlacedOrder {
  const { number, status, totalCents, currency, placedAt } = order;
  return { number, token, status, totalCents, currency, placedAt };
}

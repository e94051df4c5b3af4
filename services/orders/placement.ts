import { randomBytes } from 'node:crypto';
import type { PlacedOrder, PlaceOrderInput } from '../../shared/contracts/order.ts';
import { dayOf } from '../../shared/contracts/shop-day.ts';
import { newShopperToken, TOKEN_BYTES } from '../../shared/contracts/shopper-token.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Draft } from './insert-orders.ts';
import { judgeOrder, type Shelf } from './judge-order.ts';
import type { By } from './lock-order.ts';
import { NUMBER_BYTES, newOrderNumber } from './order-number.ts';

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

/** A key that an order was placed with before. */
export interface Earlier {
  bodyHash: string;
  placement: Placement;
}

export interface Shop {
  timeZone: string;
  currency: string;
  /** Signs shoppers' tokens. */
  secret: string;
}

/** By key: whoever comes with the key of another request of the group shares its answer. */
export function firstOfEachKey(requests: readonly PlacementRequest[]): Map<string, PlacementRequest> {
  const firsts = new Map<string, PlacementRequest>();
  for (const request of requests) {
    if (!firsts.has(request.key)) firsts.set(request.key, request);
  }
  return firsts;
}

/**
 * One answer for each request, in the same order; those of one key share one, if they are the same request.
 * @param settled what became of each key
 * @param earlier keys that stand for a request of before, and not for the first of this group that came with them
 */
export function answersFor(
  requests: readonly PlacementRequest[],
  firstOf: ReadonlyMap<string, PlacementRequest>,
  settled: ReadonlyMap<string, Placement>,
  earlier?: ReadonlyMap<string, Earlier>,
): Placement[] {
  return requests.map((request) => {
    const first = firstOf.get(request.key)!;
    const { bodyHash } = earlier?.get(request.key) ?? first;
    if (bodyHash !== request.bodyHash) return { kind: 'refused', problem: new HttpProblem(422, 'key_reused') };
    const placement = settled.get(request.key)!;
    return placement.kind === 'placed' && request !== first ? { ...placement, repeat: true } : placement;
  });
}

export const productIds = (requests: Iterable<PlacementRequest>) => [
  ...new Set([...requests].flatMap(({ order }) => order.lines.map(({ productId }) => productId))),
];

/** What an order will come to by what is on the shelf, or why it is refused. */
export function judge(order: PlaceOrderInput, shelf: Shelf): Pick<Draft, 'lines' | 'totalCents'> | HttpProblem {
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

/** Numbers and tokens for so many orders, of random bytes that are asked for once. */
export function drawNames(count: number, now: Date, { timeZone, secret }: Shop): { number: string; token: string }[] {
  const day = dayOf(now, timeZone);
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

/** Stands in the key's row beside those of its group, so that a repeat tells whose it was. */
export const newGroupId = () => randomBytes(16).toString('base64url');

/** The answer to an order that was placed just now. */
export function placedNow({ number, token, totalCents }: Draft, currency: string, now: Date): Placement {
  const answer = { number, token, status: 'en_attente' as const, totalCents, currency, placedAt: now.toISOString() };
  return { kind: 'placed', repeat: false, answer };
}

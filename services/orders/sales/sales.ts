import { STATUSES, type Status } from '../../../shared/contracts/status.ts';
import { type Waits, waitClass } from './waits.ts';

/** The statuses that orders are meant to reach soon. */
export const AWAITED = ['en_cours', 'terminee'] as const satisfies Status[];
export type Awaited = (typeof AWAITED)[number];

/** What was sold on one day, or the difference that some events make to it. */
export interface DaySales {
  statuses: Record<Status, number>;
  /** Without what was cancelled, as all that follows. */
  revenueCents: number;
  products: Map<number, { quantity: number; revenueCents: number }>;
  waits: Record<Awaited, Waits>;
}

/** By day of the shop. */
export type Sales = Map<string, DaySales>;

export interface SoldOrder {
  day: string;
  placedAt: Date;
  totalCents: number;
  lines: readonly { productId: number; quantity: number; unitPriceCents: number }[];
}

/** A status that an order has reached. */
export interface Move {
  status: Status;
  at: Date;
}

export function daySales(): DaySales {
  return {
    statuses: { en_attente: 0, en_cours: 0, terminee: 0, annulee: 0 },
    revenueCents: 0,
    products: new Map(),
    waits: { en_cours: new Map(), terminee: new Map() },
  };
}

/**
 * Counts an order as it stands after some moves, or takes it away again as it stood before others.
 * @param moves those that were not undone, the first one first; none: it was not placed yet, and counts for nothing
 */
export function countOrder(sales: Sales, order: SoldOrder, moves: readonly Move[], sign: 1 | -1): void {
  const status = moves.at(-1)?.status;
  if (!status) return;
  const day = dayOfSales(sales, order.day);
  day.statuses[status] += sign;
  if (status === 'annulee') return;
  for (const awaited of AWAITED) {
    const reached = moves.find((move) => move.status === awaited);
    if (reached) raise(day.waits[awaited], waitClass(order.placedAt.getTime(), reached.at.getTime()), sign);
  }
  day.revenueCents += sign * order.totalCents;
  for (const { productId, quantity, unitPriceCents } of order.lines) {
    addProduct(day, productId, sign * quantity, sign * quantity * unitPriceCents);
  }
}

/** Adds up days into one. */
export function addSales(into: DaySales, sales: DaySales): void {
  for (const status of STATUSES) into.statuses[status] += sales.statuses[status];
  into.revenueCents += sales.revenueCents;
  for (const [id, { quantity, revenueCents }] of sales.products) addProduct(into, id, quantity, revenueCents);
  for (const awaited of AWAITED) {
    for (const [wait, orders] of sales.waits[awaited]) raise(into.waits[awaited], wait, orders);
  }
}

function dayOfSales(sales: Sales, day: string): DaySales {
  const known = sales.get(day) ?? daySales();
  sales.set(day, known);
  return known;
}

export function addProduct(day: DaySales, id: number, quantity: number, revenueCents: number): void {
  const product = day.products.get(id) ?? { quantity: 0, revenueCents: 0 };
  product.quantity += quantity;
  product.revenueCents += revenueCents;
  day.products.set(id, product);
}

export function raise(waits: Waits, wait: number, orders: number): void {
  waits.set(wait, (waits.get(wait) ?? 0) + orders);
}

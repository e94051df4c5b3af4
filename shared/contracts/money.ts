import { z } from 'zod';

/**
 * Money is integer cents, in one currency per shop, and is computed by the orders service alone.
 *
 * The bounds are chosen so that no sum can leave the safe integers: 50 lines x 99 units x 1,000,000 cents
 * = 4.95e9 cents for an order (49.5 million euros), and a million such orders still stay below 2^53.
 */
export const MAX_PRICE_CENTS = 1_000_000;
export const MAX_LINE_QUANTITY = 99;
export const MAX_ORDER_LINES = 50;
export const MAX_ORDER_CENTS = MAX_PRICE_CENTS * MAX_LINE_QUANTITY * MAX_ORDER_LINES;

export const Cents = z.int().min(0).max(MAX_ORDER_CENTS);
export const Quantity = z.int().min(1).max(MAX_LINE_QUANTITY);

/** Line total in cents; exact, because both factors are bounded integers. */
export function lineTotalCents(line: { unitPriceCents: number; quantity: number }): number {
  return line.unitPriceCents * line.quantity;
}

/** Sum of all line totals, in cents. An order's total is always exactly this. */
export function orderTotalCents(lines: readonly { unitPriceCents: number; quantity: number }[]): number {
  return lines.reduce((sum, line) => sum + lineTotalCents(line), 0);
}

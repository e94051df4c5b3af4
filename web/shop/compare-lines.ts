import type { LineConflict } from '../../shared/contracts/problem.ts';
import type { SeenLine } from './checkout-attempt.ts';

/** One thing that is no longer as the shopper saw it. */
export type Difference =
  | { what: 'price'; productId: number; beforeCents: number; nowCents: number }
  | { what: 'quantity'; productId: number; wanted: number; left: number }
  | { what: 'sold_out'; productId: number };

/**
 * What the shop can serve instead of the lines that were refused, and how that differs.
 * @param now the lines as the orders service says they stand; a line it does not name is as it was
 */
export function compareLines(
  seen: readonly SeenLine[],
  now: readonly LineConflict[],
): { lines: SeenLine[]; differences: Difference[] } {
  const lines: SeenLine[] = [];
  const differences: Difference[] = [];
  for (const line of seen) {
    const { productId } = line;
    const current = now.find((other) => other.productId === productId);
    const left = current?.available ?? line.quantity;
    const quantity = Math.min(line.quantity, left);
    const unitPriceCents = current?.unitPriceCents ?? line.unitPriceCents;
    if (quantity === 0) {
      differences.push({ what: 'sold_out', productId });
      continue;
    }
    if (quantity < line.quantity) differences.push({ what: 'quantity', productId, wanted: line.quantity, left });
    if (unitPriceCents !== line.unitPriceCents)
      differences.push({ what: 'price', productId, beforeCents: line.unitPriceCents, nowCents: unitPriceCents });
    lines.push({ productId, quantity, unitPriceCents });
  }
  return { lines, differences };
}

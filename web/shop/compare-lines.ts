import type { Problem } from '../../shared/contracts/problem.ts';
import type { SeenLine } from './checkout-attempt.ts';
import type { Products } from './products.ts';

/** One thing that is no longer as the shopper saw it. */
export type Difference =
  | { what: 'price'; productId: number; beforeCents: number; nowCents: number }
  | { what: 'quantity'; productId: number; wanted: number; left: number }
  | { what: 'sold_out'; productId: number };

/** What became of one line: how many are left, null when that is not limited, and what one costs now. */
interface LineNow {
  left: number | null;
  unitPriceCents: number;
}

/**
 * What the shop can serve instead of the lines that were refused, and how that differs.
 *
 * The refusal knows best, but it may name only the lines that are short; for the others the catalogue says
 * what they cost by now, so that the shopper is asked once and not twice.
 *
 * @returns undefined when the refusal is about something else than lines
 */
export function compareLines(
  seen: readonly SeenLine[],
  refusal: Pick<Problem, 'code' | 'lines' | 'errors'>,
  products: Products,
): { lines: SeenLine[]; differences: Difference[] } | undefined {
  const unknown = unknownLines(refusal);
  if (refusal.code !== 'out_of_stock' && refusal.code !== 'price_changed' && unknown.size === 0) return undefined;
  const lines: SeenLine[] = [];
  const differences: Difference[] = [];
  for (const [index, line] of seen.entries()) {
    const { productId } = line;
    const now = unknown.has(index)
      ? { left: 0, unitPriceCents: line.unitPriceCents }
      : lineNow(line, refusal, products);
    const quantity = Math.min(line.quantity, now.left ?? line.quantity);
    if (quantity === 0) {
      differences.push({ what: 'sold_out', productId });
      continue;
    }
    if (quantity < line.quantity)
      differences.push({ what: 'quantity', productId, wanted: line.quantity, left: quantity });
    if (now.unitPriceCents !== line.unitPriceCents)
      differences.push({ what: 'price', productId, beforeCents: line.unitPriceCents, nowCents: now.unitPriceCents });
    lines.push({ productId, quantity, unitPriceCents: now.unitPriceCents });
  }
  return { lines, differences };
}

function lineNow(line: SeenLine, refusal: Pick<Problem, 'lines'>, products: Products): LineNow {
  const named = refusal.lines?.find(({ productId }) => productId === line.productId);
  if (named) return { left: named.available, unitPriceCents: named.unitPriceCents };
  return { left: line.quantity, unitPriceCents: products.get(line.productId)?.priceCents ?? line.unitPriceCents };
}

/** A product that is gone altogether is refused as an input that makes no sense: `lines.2.productId`. */
function unknownLines(refusal: Pick<Problem, 'errors'>): Set<number> {
  return new Set(
    (refusal.errors ?? []).flatMap(({ path }) => {
      const index = /^lines\.(\d+)\.productId$/.exec(path)?.[1];
      return index === undefined ? [] : [Number(index)];
    }),
  );
}

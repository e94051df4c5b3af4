import { MAX_LINE_QUANTITY, orderTotalCents } from '../../shared/contracts/money.ts';
import type { OrderLine, PlaceOrderInput } from '../../shared/contracts/order.ts';
import type { FieldError, LineConflict } from '../../shared/contracts/problem.ts';

/** A product as it stands while its row is locked. */
export interface ShelfItem {
  name: string;
  priceCents: number;
  /** Units left; null when not limited. */
  stock: number | null;
  hidden: boolean;
}
export type Shelf = ReadonlyMap<number, ShelfItem>;

export type Verdict =
  | { kind: 'accepted'; lines: OrderLine[]; totalCents: number }
  | { kind: 'invalid'; errors: FieldError[] }
  | { kind: 'out_of_stock'; lines: LineConflict[] }
  | { kind: 'price_changed'; lines: LineConflict[]; totalCents: number };

type RequestedLines = PlaceOrderInput['lines'];

/**
 * Decides over one order by what is on the shelf now. Pure: whoever accepts it takes the stock off the shelf.
 * Only what cannot be served is named for `out_of_stock`; for `price_changed` every line, as it stands now.
 */
export function judgeOrder(order: Pick<PlaceOrderInput, 'lines' | 'expectedTotalCents'>, shelf: Shelf): Verdict {
  // What is hidden is nobody's business, not even that it exists.
  const isForSale = (productId: number) => shelf.get(productId)?.hidden === false;
  const errors = order.lines.flatMap((line, i) =>
    isForSale(line.productId) ? [] : [{ path: `lines.${i}.productId`, message: 'unknown' }],
  );
  const wanted = mergeLines(order.lines);
  for (const line of wanted) {
    if (line.quantity <= MAX_LINE_QUANTITY) continue;
    const i = order.lines.findLastIndex((given) => given.productId === line.productId);
    errors.push({ path: `lines.${i}.quantity`, message: 'invalid' });
  }
  if (errors.length > 0) return { kind: 'invalid', errors };

  const conflict = (line: RequestedLines[number]): LineConflict => {
    const item = shelf.get(line.productId)!;
    return {
      productId: line.productId,
      requested: line.quantity,
      available: item.stock,
      unitPriceCents: item.priceCents,
    };
  };
  const short = wanted.map(conflict).filter(({ available, requested }) => available !== null && available < requested);
  if (short.length > 0) return { kind: 'out_of_stock', lines: short };

  const lines = wanted.map(({ productId, quantity }) => {
    const item = shelf.get(productId)!;
    return { productId, name: item.name, quantity, unitPriceCents: item.priceCents };
  });
  const totalCents = orderTotalCents(lines);
  if (order.expectedTotalCents !== undefined && order.expectedTotalCents !== totalCents) {
    return { kind: 'price_changed', lines: wanted.map(conflict), totalCents };
  }
  return { kind: 'accepted', lines, totalCents };
}

/** Lines that name the same product become one, at the place of the first. */
export function mergeLines(lines: RequestedLines): RequestedLines {
  const quantities = new Map<number, number>();
  for (const { productId, quantity } of lines) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
}

/** Takes accepted lines off a shelf, so that the next order of the group is judged by what is left. */
export function takeFromShelf(shelf: Map<number, ShelfItem>, lines: readonly OrderLine[]): void {
  for (const { productId, quantity } of lines) {
    const item = shelf.get(productId)!;
    if (item.stock !== null) shelf.set(productId, { ...item, stock: item.stock - quantity });
  }
}

import { MAX_LINE_QUANTITY, MAX_ORDER_LINES } from '../../shared/contracts/money.ts';

/** What a shopper wants: quantities by product id, in the order they were put in. At most 50 lines of 1 to 99. */
export type Cart = ReadonlyMap<number, number>;

const MAX_PRODUCT_ID = 2_147_483_647;
const LINE = /^([1-9][0-9]{0,9})x([1-9][0-9]?)$/;
/** 50 lines of `2147483647x99.` are 700 characters. */
const MAX_TEXT_CHARS = 1000;

/** The text form, `12x2.5x1`; it needs no escaping in a cookie or a form. */
export function formatCart(cart: Cart): string {
  return [...cart].map(([productId, quantity]) => `${productId}x${quantity}`).join('.');
}

/** Reads the text form; undefined when it is anything but what `formatCart` writes. */
export function parseCart(text: string): Cart | undefined {
  if (text.length > MAX_TEXT_CHARS) return undefined;
  const cart = new Map<number, number>();
  for (const part of text === '' ? [] : text.split('.')) {
    const [, id, quantity] = LINE.exec(part) ?? [];
    const productId = Number(id);
    if (!(productId <= MAX_PRODUCT_ID) || cart.has(productId)) return undefined;
    cart.set(productId, Number(quantity));
  }
  return cart.size <= MAX_ORDER_LINES ? cart : undefined;
}

/** With a line set to a quantity, cut to 0..99; 0 takes the line out. A line too many is left out. */
export function withQuantity(cart: Cart, productId: number, quantity: number): Cart {
  const next = new Map(cart);
  if (quantity <= 0) next.delete(productId);
  else if (next.has(productId) || next.size < MAX_ORDER_LINES)
    next.set(productId, Math.min(quantity, MAX_LINE_QUANTITY));
  return next;
}

/** Without what was ordered; what was put in since then stays. */
export function withoutOrdered(cart: Cart, ordered: readonly { productId: number; quantity: number }[]): Cart {
  return ordered.reduce<Cart>(
    (rest, line) => withQuantity(rest, line.productId, (rest.get(line.productId) ?? 0) - line.quantity),
    cart,
  );
}

/** Units in the cart, all lines together. */
export function countUnits(cart: Cart): number {
  let units = 0;
  for (const quantity of cart.values()) units += quantity;
  return units;
}

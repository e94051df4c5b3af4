import { MAX_LINE_QUANTITY, MAX_ORDER_LINES } from '../../shared/contracts/money.ts';
import type { Product } from '../../shared/contracts/product.ts';
import { type Cart, withQuantity } from './cart.ts';

/** What became of «Ajouter au panier». */
export const OUTCOMES = ['added', 'limited', 'most', 'sold_out', 'gone', 'full'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Puts one more into the cart, as far as stock (which may change again) and the cart's bounds allow. */
export function addToCart(cart: Cart, product: Product | undefined): { cart: Cart; outcome: Outcome } {
  if (!product) return { cart, outcome: 'gone' };
  if (product.stock === 0) return { cart, outcome: 'sold_out' };
  const had = cart.get(product.id) ?? 0;
  if (had === 0 && cart.size >= MAX_ORDER_LINES) return { cart, outcome: 'full' };
  if (had >= MAX_LINE_QUANTITY) return { cart, outcome: 'most' };
  if (product.stock !== null && had >= product.stock) return { cart, outcome: 'limited' };
  return { cart: withQuantity(cart, product.id, had + 1), outcome: 'added' };
}

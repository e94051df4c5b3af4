import { MAX_LINE_QUANTITY, MAX_ORDER_LINES } from '../../shared/contracts/money.ts';
import type { Product } from '../../shared/contracts/product.ts';
import { type Cart, withQuantity } from './cart.ts';
import type { Outcome } from './cart-outcome.ts';

interface Changed {
  cart: Cart;
  outcome: Outcome;
}

/** Puts more into the cart, as far as stock (which may change again) and the cart's bounds allow. */
export function addToCart(cart: Cart, product: Product | undefined, more = 1): Changed {
  if (!product) return { cart, outcome: 'gone' };
  if (product.stock === 0) return { cart, outcome: 'sold_out' };
  const had = cart.get(product.id) ?? 0;
  if (had === 0 && cart.size >= MAX_ORDER_LINES) return { cart, outcome: 'full' };
  if (had >= MAX_LINE_QUANTITY) return { cart, outcome: 'most' };
  if (product.stock !== null && had >= product.stock) return { cart, outcome: 'limited' };
  const changed = setInCart(cart, product.id, product, had + more);
  return changed.outcome === 'set' ? { ...changed, outcome: 'added' } : changed;
}

/**
 * Sets a line to a quantity, or to what there is of it. A line of what is sold out or gone only goes down: what else to
 * do about it is for the shopper to say.
 */
export function setInCart(cart: Cart, productId: number, product: Product | undefined, wanted: number): Changed {
  const had = cart.get(productId) ?? 0;
  const canRise = product !== undefined && product.stock !== 0;
  const most = canRise ? Math.min(product.stock ?? MAX_LINE_QUANTITY, MAX_LINE_QUANTITY) : had;
  if (wanted <= most) return { cart: withQuantity(cart, productId, wanted), outcome: 'set' };
  if (!canRise) return { cart, outcome: product ? 'sold_out' : 'gone' };
  const outcome = most < MAX_LINE_QUANTITY ? 'lowered' : 'lowered_most';
  return { cart: withQuantity(cart, productId, most), outcome };
}

import { orderTotalCents } from '../../shared/contracts/money.ts';
import type { Product } from '../../shared/contracts/product.ts';
import type { Cart } from './cart.ts';
import type { Products } from './products.ts';

export interface JudgedLine {
  product: Product;
  wanted: number;
  /** What can be ordered of it now; 0 when it is sold out. */
  quantity: number;
}

/** A cart as the shop could serve it right now. */
export interface JudgedCart {
  lines: JudgedLine[];
  /** Ids that are no longer sold. */
  gone: number[];
  /** Of what can be ordered. */
  totalCents: number;
  units: number;
}

export function judgeCart(cart: Cart, products: Products): JudgedCart {
  const lines: JudgedLine[] = [];
  const gone: number[] = [];
  for (const [productId, wanted] of cart) {
    const product = products.get(productId);
    if (product) lines.push({ product, wanted, quantity: Math.min(wanted, product.stock ?? wanted) });
    else gone.push(productId);
  }
  return {
    lines,
    gone,
    totalCents: orderTotalCents(
      lines.map(({ product, quantity }) => ({ unitPriceCents: product.priceCents, quantity })),
    ),
    units: lines.reduce((sum, line) => sum + line.quantity, 0),
  };
}

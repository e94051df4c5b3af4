import type { Product } from '../../shared/contracts/order.ts';
import type { Db } from './database.ts';
import { onceMore } from './transact.ts';

/** More products than this are not shown: a small shop has dozens. */
const MAX_PRODUCTS = 1_000;

/** Everything that is for sale, in the order in which it was entered. */
export async function listProducts(db: Db): Promise<Product[]> {
  return onceMore(() =>
    db
      .selectFrom('products')
      .select(['id', 'slug', 'name', 'description', 'price_cents as priceCents', 'stock'])
      .where('hidden', '=', 0)
      .orderBy('id')
      .limit(MAX_PRODUCTS)
      .execute(),
  );
}

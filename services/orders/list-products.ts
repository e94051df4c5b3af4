import type { AdminProduct, Product } from '../../shared/contracts/product.ts';
import type { Db } from './database.ts';
import { asAdminProduct } from './product-rows.ts';
import { onceMore } from './transact.ts';

/** More products than this there cannot be: a small shop has dozens. */
export const MAX_PRODUCTS = 1_000;

/** Everything that is for sale, in the order in which it was entered. */
export async function listProducts(db: Db): Promise<Product[]> {
  return onceMore(() =>
    db
      .selectFrom('products')
      .select(['id', 'slug', 'name', 'description', 'category', 'picture', 'price_cents as priceCents', 'stock'])
      .where('hidden', '=', 0)
      .orderBy('id')
      .limit(MAX_PRODUCTS)
      .execute(),
  );
}

/** The same as admins see it, with what is hidden. */
export async function listAllProducts(db: Db): Promise<AdminProduct[]> {
  const rows = await onceMore(() => db.selectFrom('products').selectAll().orderBy('id').limit(MAX_PRODUCTS).execute());
  return rows.map(asAdminProduct);
}

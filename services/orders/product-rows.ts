import type { Selectable } from 'kysely';
import type { AdminProduct } from '../../shared/contracts/product.ts';
import type { ProductRow } from './database.ts';

/** A row as admins see it. */
export function asAdminProduct(row: Selectable<ProductRow>): AdminProduct {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    category: row.category,
    picture: row.picture,
    priceCents: row.price_cents,
    stock: row.stock,
    hidden: row.hidden !== 0,
    version: row.version,
    changedAt: row.changed_at?.toISOString() ?? null,
    changedBy: row.changed_by,
  };
}

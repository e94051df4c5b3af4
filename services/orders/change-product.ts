import type { Selectable, Transaction } from 'kysely';
import { type AdminProduct, type ChangeProductInput, MAX_STOCK } from '../../shared/contracts/product.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { type Actor, audit } from './audit.ts';
import type { Database, ProductRow } from './database.ts';
import type { Durability } from './durability.ts';
import { asAdminProduct } from './product-rows.ts';
import type { Outcome } from './transact.ts';

export type ChangedBy = NonNullable<Actor>;

export interface ProductChange extends ChangeProductInput {
  productId: number;
  by: ChangedBy;
}

/**
 * Changes a product as an admin wishes, in one row that is locked.
 *
 * The version keeps two admins from overwriting each other; it does not grow with sales, which would make every edit
 * of a product that sells stale. So that the sales of the meantime are not overwritten either, a change of stock is
 * a difference: see `stock` of the input.
 *
 * The same change sent again by the same admin (an answer was lost) is answered as the first was. One of the stock is
 * refused instead, because nobody can tell it from a second one, and twice 8 is 16.
 *
 * @throws {HttpProblem} `not_found`; `stale_version` when somebody was faster, with who and when; `name_taken`
 */
export async function changeProduct(
  trx: Transaction<Database>,
  change: ProductChange,
  durability: Durability,
): Promise<Outcome<AdminProduct>> {
  const row = await lockProduct(trx, change.productId);
  const wanted = wantedColumns(row, change);
  if (row.version !== change.version) {
    if (!isRepeat(row, change, wanted)) throw staleProduct(row);
    // The change may not be on disk yet, and must not be answered before it is.
    await durability.touch(trx);
    return { commit: true, value: asAdminProduct(row) };
  }
  if (wanted.name !== undefined && wanted.name !== row.name) {
    const other = await trx.selectFrom('products').select('id').where('name', '=', wanted.name).execute();
    if (other.some(({ id }) => id !== row.id)) throw new HttpProblem(409, 'name_taken');
  }
  return { commit: true, value: await saveProduct(trx, row, wanted, change.by) };
}

/** @throws {HttpProblem} `not_found` */
export async function lockProduct(trx: Transaction<Database>, id: number): Promise<Selectable<ProductRow>> {
  const row = await trx.selectFrom('products').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (!row) throw new HttpProblem(404, 'not_found');
  return row;
}

/** Writes columns of a locked product, as its next version. */
export async function saveProduct(
  trx: Transaction<Database>,
  row: Selectable<ProductRow>,
  columns: Partial<Selectable<ProductRow>>,
  by: ChangedBy,
): Promise<AdminProduct> {
  const changed = {
    ...columns,
    version: row.version + 1,
    changed_at: new Date(),
    changed_by: by.name,
    changed_by_id: by.id,
  };
  await trx.updateTable('products').set(changed).where('id', '=', row.id).execute();
  await audit(trx, by, 'product_changed', { subject: row.slug, detail: whatChanged(row, columns) });
  return asAdminProduct({ ...row, ...changed });
}

export function staleProduct(row: Selectable<ProductRow>): HttpProblem {
  return new HttpProblem(409, 'stale_version', {
    extra: {
      current: {
        status: row.hidden === 0 ? 'shown' : 'hidden',
        version: row.version,
        changedBy: row.changed_by,
        changedAt: (row.changed_at ?? new Date(0)).toISOString(),
      },
    },
  });
}

function wantedColumns(row: Selectable<ProductRow>, change: ProductChange): Partial<Selectable<ProductRow>> {
  return {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.category === undefined ? {} : { category: change.category }),
    ...(change.description === undefined ? {} : { description: change.description }),
    ...(change.priceCents === undefined ? {} : { price_cents: change.priceCents }),
    ...(change.hidden === undefined ? {} : { hidden: change.hidden ? 1 : 0 }),
    ...(change.stock === undefined ? {} : { stock: stockAfter(row.stock, change.stock) }),
  };
}

/** What is on the shelf after an admin, who saw `from` there, wants `to`. */
function stockAfter(now: number | null, { from, to }: NonNullable<ChangeProductInput['stock']>): number | null {
  if (now === null || from === null || to === null) return to;
  return Math.min(MAX_STOCK, Math.max(0, now + to - from));
}

/** `price_cents 1250 → 1400, name`: numbers as they were and are, of words only which. */
function whatChanged(row: Selectable<ProductRow>, columns: Partial<Selectable<ProductRow>>): string {
  const changes = Object.entries(columns).flatMap(([column, now]) => {
    const before = row[column as keyof ProductRow];
    if (before === now) return [];
    return typeof before === 'string' || typeof now === 'string' ? column : `${column} ${before} → ${now}`;
  });
  return changes.join(', ');
}

function isRepeat(
  row: Selectable<ProductRow>,
  change: ProductChange,
  wanted: Partial<Selectable<ProductRow>>,
): boolean {
  return (
    row.version === change.version + 1 &&
    row.changed_by_id === change.by.id &&
    change.stock === undefined &&
    Object.entries(wanted).every(([column, value]) => row[column as keyof ProductRow] === value)
  );
}

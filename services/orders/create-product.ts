import { randomBytes } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { AdminProduct, CreateProductInput } from '../../shared/contracts/product.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { audit } from './audit.ts';
import type { ChangedBy } from './change-product.ts';
import type { Database } from './database.ts';
import { MAX_PRODUCTS } from './list-products.ts';
import { asAdminProduct } from './product-rows.ts';
import type { Outcome } from './transact.ts';

/** Leaves room in the column for what tells two products of one address apart. */
const MAX_SLUG_CHARS = 60;

/**
 * Puts a product into the catalogue, with an address made of its name.
 *
 * A second product of the same name is refused rather than made: a form that was sent twice, or sent again after its
 * answer was lost, makes one product. Two that are sent at the same instant meet at the unique address: run again as a
 * whole, the slower one finds the name.
 *
 * @throws {HttpProblem} `name_taken`; `catalogue_full` at 1,000 products, the hidden ones included
 */
export async function createProduct(
  trx: Transaction<Database>,
  input: CreateProductInput,
  by: ChangedBy,
): Promise<Outcome<AdminProduct>> {
  const others = await trx.selectFrom('products').select(['name', 'slug']).limit(MAX_PRODUCTS).execute();
  if (others.some(({ name }) => name === input.name)) throw new HttpProblem(409, 'name_taken');
  if (others.length >= MAX_PRODUCTS) throw new HttpProblem(409, 'catalogue_full');
  const slugs = new Set(others.map(({ slug }) => slug));
  const slug = freeSlug(slugOf(input.name), slugs);
  const { insertId } = await trx
    .insertInto('products')
    .values({
      slug,
      name: input.name,
      description: input.description ?? '',
      category: input.category ?? '',
      price_cents: input.priceCents,
      stock: input.stock,
      hidden: input.hidden ? 1 : 0,
      changed_at: sql`utc_timestamp(3)`,
      changed_by: by.name,
      changed_by_id: by.id,
    })
    .executeTakeFirstOrThrow();
  await audit(trx, by, 'product_created', { subject: slug });
  const row = await trx.selectFrom('products').selectAll().where('id', '=', Number(insertId)).executeTakeFirstOrThrow();
  return { commit: true, value: asAdminProduct(row) };
}

/** `Crème brûlée à l’œuf` → `creme-brulee-a-l-oeuf`; empty where no Latin letter or digit is in the name. */
function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG_CHARS)
    .replace(/^-+|-+$/g, '');
}

function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  // Two names that differ in what an address cannot show; digits alone would read as an id.
  if (slug === '' || /^\d+$/.test(slug) || taken.has(slug)) {
    return `${slug || 'p'}-${randomBytes(4).toString('hex')}`;
  }
  return slug;
}

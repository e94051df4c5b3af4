import type { Transaction } from 'kysely';
import type { Database } from './database.ts';
import { demoCatalogue } from './demo-catalogue.ts';

/** Fills the shelves of a shop that has none. @returns how many products there are now that were not before */
export async function loadDemo(trx: Transaction<Database>, locale: 'fr' | 'en'): Promise<number> {
  const anything = await trx.selectFrom('products').select('id').limit(1).executeTakeFirst();
  if (anything) return 0;
  await trx
    .insertInto('products')
    .values(
      demoCatalogue.map(({ slug, category, name, description, priceCents, stock }) => ({
        slug,
        category: category[locale],
        name: name[locale],
        description: description[locale],
        price_cents: priceCents,
        stock,
      })),
    )
    .execute();
  return demoCatalogue.length;
}

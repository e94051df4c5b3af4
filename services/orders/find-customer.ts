import type { Kysely } from 'kysely';
import type { CustomerSummary } from '../../shared/contracts/customer.ts';
import type { Database, Db } from './database.ts';
import { inSnapshot } from './transact.ts';

/** More numbers than this help nobody: whoever has them all to finish sees them in the order table. */
const MAX_NAMED = 20;

/** How many orders a customer has, and since when. The e-mail is compared without letter case. */
export function findCustomer(db: Db, email: string): Promise<CustomerSummary> {
  return inSnapshot(db, async (trx) => {
    const found = await trx
      .selectFrom('orders')
      .select((eb) => [
        eb.fn.countAll<number>().as('orders'),
        eb.fn.min('placed_at').as('first'),
        eb.fn.max('placed_at').as('last'),
      ])
      .where('email', '=', email)
      .executeTakeFirstOrThrow();
    return {
      orders: Number(found.orders),
      firstPlacedAt: found.first?.toISOString() ?? null,
      lastPlacedAt: found.last?.toISOString() ?? null,
      unfinished: await findUnfinished(trx, email),
    };
  });
}

/** Numbers of a customer's orders that have not ended, oldest first, at most 20. */
export async function findUnfinished(db: Kysely<Database>, email: string): Promise<string[]> {
  const rows = await db
    .selectFrom('orders')
    .select('number')
    .where('email', '=', email)
    .where('status', 'in', ['en_attente', 'en_cours'])
    .orderBy('id')
    .limit(MAX_NAMED)
    .execute();
  return rows.map(({ number }) => number);
}

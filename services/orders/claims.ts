import { sql, type Transaction } from 'kysely';
import { CLAIM_SECONDS, type Claim } from '../../shared/contracts/claim.ts';
import type { Database, Db } from './database.ts';
import type { By } from './lock-order.ts';
import { ORDER_NUMBER } from './order-number.ts';

// Who is on which order. A claim is a lease by the database's clock: the page that holds it renews it, and one that
// nobody renews is ended by whichever orders process finds it first, see release-claims.ts. Renewing is no event.

/** By the database's own clock, so that all processes mean the same. */
export const NOW = sql<Date>`utc_timestamp(3)`;
const NEW_END = sql<Date>`utc_timestamp(3) + interval ${sql.lit(CLAIM_SECONDS)} second`;

/** Who is on a locked order, if the lease still runs. */
export async function readLiveClaim(trx: Transaction<Database>, orderId: number): Promise<Claim | undefined> {
  const row = await trx
    .selectFrom('order_claims')
    .select(['admin_id', 'admin_name', 'since'])
    .where('order_id', '=', orderId)
    .where('until', '>=', NOW)
    .executeTakeFirst();
  return row && { byId: row.admin_id, by: row.admin_name, since: row.since.toISOString() };
}

/** Puts an admin on a locked order, whoever was on it. */
export async function setClaim(trx: Transaction<Database>, orderId: number, by: By, since: Date): Promise<void> {
  const claim = { admin_id: by.id, admin_name: by.name, since, until: NEW_END };
  await trx
    .insertInto('order_claims')
    .values({ order_id: orderId, ...claim })
    .onDuplicateKeyUpdate(claim)
    .execute();
}

/** @returns whether anybody was on the locked order */
export async function endClaim(trx: Transaction<Database>, orderId: number): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('order_claims')
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/**
 * Renews what an admin's open page holds. What has run out and was not released yet is renewed too: nobody knows.
 * @returns the numbers of those that the admin is still on
 */
export async function renewClaims(db: Db, adminId: number, asked: readonly string[]): Promise<string[]> {
  // What has another form is nobody's, and cannot even be compared with a column of ASCII.
  const numbers = asked.filter((number) => ORDER_NUMBER.test(number));
  if (numbers.length === 0) return [];
  const held = await db
    .selectFrom('order_claims as c')
    .innerJoin('orders as o', 'o.id', 'c.order_id')
    .select(['o.id', 'o.number'])
    .where('c.admin_id', '=', adminId)
    .where('o.number', 'in', numbers)
    .execute();
  if (held.length === 0) return [];
  await db
    .updateTable('order_claims')
    .set({ until: NEW_END })
    .where('admin_id', '=', adminId)
    .where(
      'order_id',
      'in',
      held.map(({ id }) => id),
    )
    .execute();
  return held.map(({ number }) => number);
}

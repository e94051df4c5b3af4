import type { Db } from './database.ts';

/**
 * A shop keeps the currency of its orders. Prices, totals and sums are numbers without one: under another sign the same
 * honey would cost another amount, and old and new orders would be added up as one.
 * @returns what is wrong, for people; null where there are no orders, or the newest is in this currency
 */
export async function otherCurrency(db: Db, currency: string): Promise<string | null> {
  const newest = await db.selectFrom('orders').select('currency').orderBy('id', 'desc').limit(1).executeTakeFirst();
  if (!newest || newest.currency === currency) return null;
  return `is ${currency}, and the orders in this database are in ${newest.currency}`;
}

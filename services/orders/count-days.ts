import { sql } from 'kysely';
import { formatCursor } from '../../shared/contracts/cursor.ts';
import type { Stats } from '../../shared/contracts/order.ts';
import type { Db } from './database.ts';
import type { Durability } from './durability.ts';
import { countsOf, placeOf, readHead } from './read-events.ts';
import { addDays, dayOf, startOfDay } from './shop-day.ts';
import { inSnapshot } from './transact.ts';

const DAYS = 7;

/**
 * Orders and revenue of the last seven days of the shop's calendar, today included, with the counts per status and
 * the cursor of the same snapshot. Revenue leaves cancelled orders out. Reads one index range, never the table.
 */
export async function countDays(
  db: Db,
  durability: Durability,
  shop: { timeZone: string; currency: string },
  now = new Date(),
): Promise<Stats> {
  const today = dayOf(now, shop.timeZone);
  const days = Array.from({ length: DAYS }, (_, i) => addDays(today, i - (DAYS - 1)));
  const starts = days.map((day) => startOfDay(day, shop.timeZone));
  const end = startOfDay(addDays(today, 1), shop.timeZone);

  const { head, rows } = await inSnapshot(db, async (trx) => {
    const head = await readHead(trx);
    // Days are 23 to 25 hours long, so each is told by where it starts: the number of starts at or before.
    const index = sql<number>`(${sql.join(
      starts.map((start) => sql`(placed_at >= ${start})`),
      sql` + `,
    )})`;
    const rows = await trx
      .selectFrom('orders')
      .select((eb) => [
        index.as('nth'),
        eb.fn.countAll<number>().as('orders'),
        sql<string>`sum(case when status = 'annulee' then 0 else total_cents end)`.as('revenue'),
      ])
      .where('placed_at', '>=', starts[0]!)
      .where('placed_at', '<', end)
      .groupBy('nth')
      .execute();
    return { head, rows };
  });
  await durability.ensure(placeOf(head));
  const counted = days.map((day, i) => {
    const row = rows.find(({ nth }) => Number(nth) === i + 1);
    return { day, orders: Number(row?.orders ?? 0), revenueCents: Number(row?.revenue ?? 0) };
  });
  return {
    currency: shop.currency,
    today: counted.at(-1)!,
    days: counted,
    counts: countsOf(head),
    cursor: formatCursor(placeOf(head)),
  };
}

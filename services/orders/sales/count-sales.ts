import type { Transaction } from 'kysely';
import { formatCursor } from '../../../shared/contracts/cursor.ts';
import type { DayStats, Period, PeriodStats, Stats } from '../../../shared/contracts/stats.ts';
import { STATUSES } from '../../../shared/contracts/status.ts';
import type { Database, Db } from '../database.ts';
import type { Durability } from '../durability.ts';
import { countsOf, placeOf, readHead } from '../read-events.ts';
import { addDays, dayOf } from '../shop-day.ts';
import { inSnapshot } from '../transact.ts';
import { salesInLog } from './read-log.ts';
import { addProduct, addSales, type DaySales, daySales, raise, type Sales } from './sales.ts';
import { PROGRESS_ROW } from './sum-up.ts';
import { medianSeconds } from './waits.ts';

/** Events that a read adds to the figures by itself. There are more only where the figures have fallen behind. */
const MAX_TAIL = 1_000;
const BEST = 8;

/** From how many days ago to how many days ago. */
const REACH: Record<Period, [from: number, to: number]> = {
  today: [0, 0],
  yesterday: [1, 1],
  week: [6, 0],
  month: [29, 0],
};

interface Days {
  from: string;
  to: string;
}

/**
 * What the dashboard shows of a period and of the days up to today, as of the newest event, with the counts per status
 * and the cursor of the same snapshot. Reads sums by day, and of the log what is not in them yet; no orders.
 */
export async function countSales(
  db: Db,
  durability: Durability,
  shop: { timeZone: string; currency: string },
  period: Period,
  now = new Date(),
): Promise<Stats> {
  const today = dayOf(now, shop.timeZone);
  const [from, to] = REACH[period].map((ago) => addDays(today, -ago)) as [string, string];
  const shown = { from: addDays(today, period === 'month' ? -29 : -6), to: today };

  const { head, behind, days, sum, products } = await inSnapshot(db, async (trx) => {
    const head = await readHead(trx);
    const progress = await trx
      .selectFrom('sales_progress')
      .selectAll()
      .where('id', '=', PROGRESS_ROW)
      .executeTakeFirstOrThrow();
    const isFilled = progress.time_zone === shop.timeZone;
    const after = isFilled ? progress.seq : 0;
    const until = Math.min(head.head, after + MAX_TAIL);
    const tail = await salesInLog(trx, { after, until }, shop.timeZone);
    const days = await readDays(trx, shown, tail, isFilled);
    const sum = await readPeriod(trx, { from, to }, days, tail, isFilled);
    const products = await bestProducts(trx, sum);
    return { head, behind: head.head - until, days, sum, products };
  });
  await durability.ensure(placeOf(head));

  const all = Array.from({ length: daysIn(shown) }, (_, i) => asDay(addDays(shown.from, i), days));
  return {
    currency: shop.currency,
    period: { from, to, products, ...figures(sum) },
    today: all.at(-1)!,
    days: all,
    counts: countsOf(head),
    behind,
    cursor: formatCursor(placeOf(head)),
  };
}

/** Statuses and revenue of each day; the stored sums hold `isFilled`, or nothing that counts. */
async function readDays(
  trx: Transaction<Database>,
  { from, to }: Days,
  tail: Sales,
  isFilled: boolean,
): Promise<Sales> {
  const rows = isFilled
    ? await trx.selectFrom('daily_sales').selectAll().where('day', '>=', from).where('day', '<=', to).execute()
    : [];
  const days: Sales = new Map();
  for (const { day, revenue_cents, ...statuses } of rows) {
    days.set(day, { ...daySales(), revenueCents: revenue_cents, statuses });
  }
  for (const [day, { statuses, revenueCents }] of tail) {
    const sales = days.get(day) ?? daySales();
    addSales(sales, { ...daySales(), statuses, revenueCents });
    days.set(day, sales);
  }
  return days;
}

/** Everything about the days of a period, in one sum. */
async function readPeriod(
  trx: Transaction<Database>,
  { from, to }: Days,
  days: Sales,
  tail: Sales,
  isFilled: boolean,
): Promise<DaySales> {
  const sum = daySales();
  for (const [day, sales] of days) if (day >= from && day <= to) addSales(sum, sales);
  for (const [day, { products, waits }] of tail) {
    if (day >= from && day <= to) addSales(sum, { ...daySales(), products, waits });
  }
  if (!isFilled) return sum;
  const products = await trx
    .selectFrom('daily_products')
    .select((eb) => [
      'product_id',
      eb.fn.sum<string>('quantity').as('quantity'),
      eb.fn.sum<string>('revenue_cents').as('revenue'),
    ])
    .where('day', '>=', from)
    .where('day', '<=', to)
    .groupBy('product_id')
    .execute();
  for (const { product_id, quantity, revenue } of products) {
    addProduct(sum, product_id, Number(quantity), Number(revenue));
  }
  const waits = await trx
    .selectFrom('daily_waits')
    .select((eb) => ['status', 'wait', eb.fn.sum<string>('orders').as('orders')])
    .where('day', '>=', from)
    .where('day', '<=', to)
    .groupBy(['status', 'wait'])
    .execute();
  for (const { status, wait, orders } of waits) raise(sum.waits[status], wait, Number(orders));
  return sum;
}

async function bestProducts(trx: Transaction<Database>, { products }: DaySales): Promise<PeriodStats['products']> {
  const best = [...products]
    .filter(([, { quantity }]) => quantity > 0)
    .sort(([a, one], [b, other]) => other.revenueCents - one.revenueCents || a - b)
    .slice(0, BEST);
  if (best.length === 0) return [];
  const ids = best.map(([id]) => id);
  const rows = await trx.selectFrom('products').select(['id', 'name']).where('id', 'in', ids).execute();
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return best.map(([productId, sold]) => ({ productId, name: names.get(productId) ?? '', ...sold }));
}

function figures({ statuses, revenueCents, waits }: DaySales): Omit<PeriodStats, 'from' | 'to' | 'products'> {
  const orders = countAll(statuses);
  const sold = orders - statuses.annulee;
  return {
    orders,
    statuses,
    revenueCents,
    averageCents: sold > 0 ? Math.round(revenueCents / sold) : null,
    medianSeconds: { en_cours: medianSeconds(waits.en_cours), terminee: medianSeconds(waits.terminee) },
  };
}

function asDay(day: string, days: Sales): DayStats {
  const { statuses, revenueCents } = days.get(day) ?? daySales();
  return { day, orders: countAll(statuses), revenueCents };
}

function countAll(statuses: DaySales['statuses']): number {
  return STATUSES.reduce((sum, status) => sum + statuses[status], 0);
}

function daysIn({ from, to }: Days): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
}

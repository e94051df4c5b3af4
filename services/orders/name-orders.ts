import { CompiledQuery, type Transaction } from 'kysely';
import { CLOCK_ERROR_MS } from './clock-error.ts';
import type { Database } from './database.ts';
import { inOnePacket } from './one-packet.ts';
import { type Days, INDEX_OF, type IndexedCondition, placedWithin } from './order-conditions.ts';
import { type Bounds, by, type Found, nearestOf, together, type Walk } from './walk-orders.ts';

// What narrow indexes, and claims, know without a look at any order.

interface Plan {
  /** Null where no order can be meant. */
  rows: number | null;
}

/**
 * About how many orders each condition's index names: exactly up to some thousands, of more up to three times as many.
 * InnoDB looks at the two ends of the range and at a few pages in between, in both servers; counting would read it all.
 */
export async function estimate(
  trx: Transaction<Database>,
  conditions: readonly IndexedCondition[],
): Promise<Map<IndexedCondition, number>> {
  if (conditions.length === 0) return new Map();
  const plans = await inOnePacket(
    trx,
    conditions.map(({ column, is }) => {
      // Where an index is forced upon it, MySQL does not look at all, and says 1.
      const { sql, parameters } = by(trx, INDEX_OF[column], 'use').where(is).compile();
      const plan = CompiledQuery.raw(`explain format=traditional ${sql}`, [...parameters]) as CompiledQuery<Plan>;
      return { compile: () => plan };
    }),
  );
  return new Map(conditions.map((condition, i) => [condition, plans[i]!.rows[0]?.rows ?? 0]));
}

/** The nearest orders that any of some conditions' indexes names. Each sorts what it names: worth it for some thousands. */
export async function nearestNamed(
  trx: Transaction<Database>,
  conditions: readonly IndexedCondition[],
  { over, under }: Bounds,
  walk: Walk,
  most: number,
): Promise<Found> {
  const direction = walk.above === undefined ? 'desc' : 'asc';
  const named = await inOnePacket(
    trx,
    conditions.map(({ column, is }) => {
      const within = by(trx, INDEX_OF[column]).where(is).where('id', '>', over).where('id', '<', under);
      return within.orderBy('id', direction).limit(most);
    }),
  );
  const each = named.map(({ rows }) => rows.map(({ id }) => id));
  return together(
    each.map((ids) => ({ ids, reached: ids.length < most ? undefined : ids.at(-1) })),
    walk,
  );
}

/** The nearest orders that an admin, or anybody else, is on. */
export async function nearestClaimed(
  trx: Transaction<Database>,
  is: '=' | '<>',
  adminId: number,
  bounds: Bounds,
  walk: Walk,
  most: number,
): Promise<Found> {
  const claims = trx.selectFrom('order_claims').select('order_id').where('admin_id', is, adminId);
  return nearestOf(claims, bounds, walk, most);
}

/** Of the orders of some days. Exactly, where they are rare: a small shop may have had its clock wrong by weeks. */
export async function boundsOf(
  trx: Transaction<Database>,
  { over, under }: Bounds,
  days: Days,
  isRare: boolean,
): Promise<Bounds> {
  if (!isRare) return narrow(trx, { over, under }, days);
  const { least, most } = await by(trx, INDEX_OF.placed_at)
    .clearSelect()
    .select(({ fn }) => [fn.min<number | null>('id').as('least'), fn.max<number | null>('id').as('most')])
    .where(placedWithin(days).is)
    .executeTakeFirstOrThrow();
  return { over: Math.max(over, (least ?? under) - 1), under: Math.min(under, (most ?? over) + 1) };
}

/**
 * Ids grow with time, and times are what clocks said: an order outside of these bounds was placed on another day, as
 * long as no two clocks are further apart than CLOCK_ERROR_MS.
 */
export async function narrow(trx: Transaction<Database>, { over, under }: Bounds, days: Days): Promise<Bounds> {
  const day = by(trx, INDEX_OF.placed_at).limit(1);
  const [earlier, later] = await inOnePacket(trx, [
    day.where('placed_at', '<', new Date(days.from.getTime() - CLOCK_ERROR_MS)).orderBy('placed_at', 'desc'),
    day.where('placed_at', '>=', new Date(days.until.getTime() + CLOCK_ERROR_MS)).orderBy('placed_at'),
  ]);
  return { over: Math.max(over, earlier.rows[0]?.id ?? 0), under: Math.min(under, later.rows[0]?.id ?? Infinity) };
}

import { type Expression, expressionBuilder, type SqlBool, sql, type Transaction } from 'kysely';
import { MAX_ORDER_CENTS } from '../../shared/contracts/money.ts';
import { OPEN_STATUSES, type OrderFilter, phonePrefixes } from '../../shared/contracts/order-filter.ts';
import type { Counts } from '../../shared/contracts/status.ts';
import { CLOCK_ERROR_MS } from './clock-error.ts';
import type { Database, OrderRow } from './database.ts';
import { addDays, startOfDay } from './shop-day.ts';

/**
 * Finds the orders that a filter leaves, newest first, from anywhere on, as quickly among a million as among a hundred.
 * No condition is indexed together with the id that orders are sorted by, so each is one of two kinds:
 *
 * - *Rare*: at most RARE orders fulfil it. Its own narrow index names them all, and only those are looked at.
 * - *Common*: more do. Then enough of them are soon met on a walk along the ids.
 *
 * Which it is, is found out by asking its index for RARE + 1 ids. Optimizers guess it, and for `order by id limit 50`
 * they may guess wrong by a factor of a thousand; so every index is named. Days that are common become bounds of the ids.
 *
 * What stays slow is a combination of common conditions that hardly ever meet: then the walk is long, at worst over
 * all orders between its bounds.
 */

/** Looking at so many costs about as much as walking to 50 out of a million of which so many fulfil a condition. */
const RARE = 3_000;
/** A status that fewer than one order in so many has is worth a walk along its own index. */
const FEW = 20;

/** Ids that one statement names; of more than a thousand MariaDB makes a table, and sorts. */
const CHUNK = 500;

const INDEX_OF = {
  number: 'orders_number',
  email: 'orders_email',
  name: 'orders_name',
  name_rest: 'orders_name_rest',
  phone_digits: 'orders_phone_digits',
  total_cents: 'orders_total',
  placed_at: 'orders_day',
} as const;
type Indexed = keyof typeof INDEX_OF;
type Condition = Expression<SqlBool>;

/** From where to read on, and how far. */
export interface Walk {
  /** To older orders, from below this id; absent: from the newest. */
  before?: number | undefined;
  /** Instead: to newer orders, from above this id, the nearest first. */
  above?: number | undefined;
  limit: number;
}

export interface Reader {
  timeZone: string;
  /** How many orders stand in each status, as of the same snapshot. */
  counts: Counts;
  /** Who asks, for what depends on it. */
  adminId?: number | undefined;
}

interface Bounds {
  over: number;
  under: number;
}

const orders = expressionBuilder<Database, 'orders'>();
const isClaimed = orders.exists(
  orders.selectFrom('order_claims as c').select('c.order_id').whereRef('c.order_id', '=', 'orders.id'),
);

/**
 * Ids of the orders that the filter leaves, in the direction of the walk.
 */
export async function filterOrders(
  trx: Transaction<Database>,
  filter: OrderFilter,
  shop: Reader,
  walk: Walk,
): Promise<number[]> {
  const { status, claim, q, minCents, maxCents } = filter;
  if (claim === 'free' && !status) {
    const open = await Promise.all(OPEN_STATUSES.map((status) => filterOrders(trx, { ...filter, status }, shop, walk)));
    return inOrder(open.flat(), walk);
  }
  const days = daysOf(filter, shop.timeZone);
  const ranges: { column: Indexed; is: Condition }[] = [];
  if (days) {
    const is = orders.and([orders('placed_at', '>=', days.from), orders('placed_at', '<', days.until)]);
    ranges.push({ column: 'placed_at', is });
  }
  if (minCents !== undefined || maxCents !== undefined) {
    ranges.push({
      column: 'total_cents',
      is: orders.between('total_cents', minCents ?? 0, maxCents ?? MAX_ORDER_CENTS),
    });
  }
  const conditions = [
    ...ranges.map(({ is }) => is),
    ...(status ? [orders('status', '=', status)] : []),
    ...(claim === 'free' ? [orders.not(isClaimed), orders('status', 'in', OPEN_STATUSES)] : []),
  ];
  const beginnings = q ? beginningsOf(q) : [];
  const all = q ? [...conditions, orders.or(beginnings.map(like))] : conditions;
  const anywhere: Bounds = { over: walk.above ?? 0, under: walk.before ?? Number.POSITIVE_INFINITY };
  if (claim === 'mine' || claim === 'others') {
    return findAmong(trx, await findClaimed(trx, claim, shop.adminId), all, anywhere, walk);
  }
  for (const { column, is } of ranges) {
    const ids = await findRare(trx, column, is);
    if (ids) return findAmong(trx, ids, all, anywhere, walk);
  }

  const bounds = days ? await narrow(trx, anywhere, days) : anywhere;
  const few = status !== undefined && shop.counts[status] * FEW < sum(shop.counts);
  const index = few || (status && conditions.length === 1 && !q) ? 'orders_status' : 'primary';
  if (!q) return walkAlong(trx, index, conditions, bounds, walk);

  const rare: number[] = [];
  const common: Beginning[] = [];
  for (const beginning of beginnings) {
    const ids = await findRare(trx, beginning.column, like(beginning));
    if (ids) rare.push(...ids);
    else common.push(beginning);
  }
  const found = await findAmong(trx, rare, conditions, bounds, walk);
  if (common.length > 0) {
    const met = [...conditions, orders.or(common.map(like))];
    // Numbers begin with their day: `CMD-2024` is common, but nothing of this year fulfils it.
    const days = common.every(({ column }) => column === 'number') ? daysOfNumbers(common[0]!.text) : undefined;
    const within = days ? await narrow(trx, bounds, days) : bounds;
    found.push(...(await walkAlong(trx, index, met, within, walk)));
  }
  return inOrder(found, walk);
}

/** The newest orders that somebody is on; at any time so few that the bound is never met. */
async function findClaimed(trx: Transaction<Database>, claim: 'mine' | 'others', adminId = 0): Promise<number[]> {
  const rows = await trx
    .selectFrom('order_claims')
    .select('order_id')
    .where('admin_id', claim === 'mine' ? '=' : '<>', adminId)
    .orderBy('order_id', 'desc')
    .limit(RARE)
    .execute();
  return rows.map(({ order_id }) => order_id);
}

/** Up to RARE ids, in no order; undefined when there are more. */
async function findRare(
  trx: Transaction<Database>,
  column: Indexed,
  condition: Condition,
): Promise<number[] | undefined> {
  const rows = await by(trx, INDEX_OF[column])
    .where(condition)
    .limit(RARE + 1)
    .execute();
  return rows.length > RARE ? undefined : rows.map(({ id }) => id);
}

async function findAmong(
  trx: Transaction<Database>,
  ids: readonly number[],
  conditions: readonly Condition[],
  { over, under }: Bounds,
  walk: Walk,
): Promise<number[]> {
  const named = ids.filter((id) => id > over && id < under);
  if (conditions.length === 0) return inOrder(named, walk);
  const nearest = inOrder(named, { ...walk, limit: named.length });
  const found: number[] = [];
  for (let at = 0; at < nearest.length && found.length < walk.limit; at += CHUNK) {
    const among = orders('id', 'in', nearest.slice(at, at + CHUNK));
    found.push(...(await walkAlong(trx, 'primary', [among, ...conditions], { over, under }, walk)));
  }
  return found.slice(0, walk.limit);
}

async function walkAlong(
  trx: Transaction<Database>,
  index: 'primary' | 'orders_status',
  conditions: readonly Condition[],
  { over, under }: Bounds,
  { above, limit }: Walk,
): Promise<number[]> {
  let query = by(trx, index)
    .orderBy('id', above === undefined ? 'desc' : 'asc')
    .limit(limit);
  for (const condition of conditions) query = query.where(condition);
  if (over > 0) query = query.where('id', '>', over);
  if (under < Number.POSITIVE_INFINITY) query = query.where('id', '<', under);
  return (await query.execute()).map(({ id }) => id);
}

function by(trx: Transaction<Database>, index: string) {
  const table = sql<OrderRow>`orders`.as<'orders'>(sql`orders force index (${sql.ref(index)})`);
  return trx.selectFrom(table).select('id');
}

/** From one instant to before another. */
interface Days {
  from: Date;
  until: Date;
}

/** No day of a shop lies outside: see ShopDay. */
const EVER: Days = { from: new Date('1899-12-31'), until: new Date('3000-01-02') };

function daysOf({ from, to }: OrderFilter, timeZone: string): Days | undefined {
  if (!from && !to) return undefined;
  return {
    from: from ? startOfDay(from, timeZone) : EVER.from,
    until: to ? startOfDay(addDays(to, 1), timeZone) : EVER.until,
  };
}

/**
 * Ids grow with time, and times are what clocks said: an order outside of these bounds was placed on another day, as
 * long as no two clocks are further apart than CLOCK_ERROR_MS.
 */
async function narrow(trx: Transaction<Database>, { over, under }: Bounds, { from, until }: Days): Promise<Bounds> {
  const day = by(trx, INDEX_OF.placed_at).limit(1);
  const earlier = await day
    .where('placed_at', '<', new Date(from.getTime() - CLOCK_ERROR_MS))
    .orderBy('placed_at', 'desc')
    .executeTakeFirst();
  const later = await day
    .where('placed_at', '>=', new Date(until.getTime() + CLOCK_ERROR_MS))
    .orderBy('placed_at')
    .executeTakeFirst();
  return { over: Math.max(over, earlier?.id ?? 0), under: Math.min(under, later?.id ?? Number.POSITIVE_INFINITY) };
}

interface Beginning {
  column: Exclude<Indexed, 'total_cents' | 'placed_at'>;
  text: string;
}

/** What the search may be the beginning of. */
function beginningsOf(q: string): Beginning[] {
  const number = q.toUpperCase();
  return [
    // Written in capitals, and compared byte by byte; a column of ASCII cannot be compared with anything else.
    ...(/^(?:C|CM|CMD|CMD-[0-9A-Z-]*)$/.test(number) ? [{ column: 'number' as const, text: number }] : []),
    ...(['email', 'name', 'name_rest'] as const).map((column) => ({ column, text: q })),
    ...phonePrefixes(q).map((text) => ({ column: 'phone_digits' as const, text })),
  ];
}

/** Between which instants orders were placed whose number begins like this; undefined before it has a year. */
function daysOfNumbers(beginning: string): Days | undefined {
  const digits = /^CMD-(\d{4,8})/.exec(beginning)?.[1];
  if (!digits) return undefined;
  const at = (filled: string, days: number) => {
    const month = Math.min(Math.max(Number(filled.slice(4, 6)), 1), 12);
    return new Date(Date.UTC(Number(filled.slice(0, 4)), month - 1, Math.min(Number(filled.slice(6)), 31) + days));
  };
  // A day more on either side covers every time zone.
  return { from: at(digits.padEnd(8, '0'), -1), until: at(digits.padEnd(8, '9'), 2) };
}

/** Taken literally, whatever is in it. */
function like({ column, text }: Beginning): Condition {
  return orders(column, 'like', `${text.replace(/[\\%_]/g, '\\$&')}%`);
}

function inOrder(ids: readonly number[], { above, limit }: Walk): number[] {
  const sorted = [...new Set(ids)].sort((a, b) => (above === undefined ? b - a : a - b));
  return sorted.slice(0, limit);
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import { MAX_ORDER_CENTS } from '../../shared/contracts/money.ts';
import { OPEN_STATUSES, type OrderFilter, phonePrefixes, STAGES } from '../../shared/contracts/order-filter.ts';
import { STATUSES, type Status } from '../../shared/contracts/status.ts';
import type { Database } from './database.ts';
import { addDays, startOfDay } from './shop-day.ts';

/** What a filter and its members are in SQL, and which index of `orders` names the orders that fulfil one. */

export const INDEX_OF = {
  number: 'orders_number',
  email: 'orders_email',
  name: 'orders_name',
  name_rest: 'orders_name_rest',
  phone_digits: 'orders_phone_digits',
  total_cents: 'orders_total',
  placed_at: 'orders_day',
} as const;

export type Condition = Expression<SqlBool>;

/** A condition whose orders an index of its own can name. */
export interface IndexedCondition {
  column: keyof typeof INDEX_OF;
  is: Condition;
}

const orders = expressionBuilder<Database, 'orders'>();

/** Those that an order can have to be among them; all four when it does not matter. */
export function statusesOf({ status, stage, claim }: OrderFilter): Status[] {
  return STATUSES.filter(
    (one) =>
      (!status || status === one) &&
      (!stage || (STAGES[stage] as readonly Status[]).includes(one)) &&
      (claim !== 'free' || (OPEN_STATUSES as readonly Status[]).includes(one)),
  );
}

export const hasStatus = (statuses: readonly Status[]): Condition =>
  statuses.length === 1 ? orders('status', '=', statuses[0]!) : orders('status', 'in', statuses);

const isNotClaimed: Condition = orders.not(
  orders.exists(orders.selectFrom('order_claims as c').select('c.order_id').whereRef('c.order_id', '=', 'orders.id')),
);

/** Written out: of hundreds of parameters the driver searches the text for each. @param ids at least one */
export const isAmong = (column: 'orders.id' | 'order_lines.order_id', ids: readonly number[]): Condition =>
  sql<SqlBool>`${sql.ref(column)} in (${sql.raw(ids.join(', '))})`;

function totalWithin({ minCents, maxCents }: OrderFilter): IndexedCondition | undefined {
  if (minCents === undefined && maxCents === undefined) return undefined;
  return { column: 'total_cents', is: orders.between('total_cents', minCents ?? 0, maxCents ?? MAX_ORDER_CENTS) };
}

/** From one instant to before another. */
export interface Days {
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

export const placedWithin = ({ from, until }: Days): IndexedCondition => ({
  column: 'placed_at',
  is: orders.and([orders('placed_at', '>=', from), orders('placed_at', '<', until)]),
});

export interface Beginning extends IndexedCondition {
  text: string;
}

/** What a search may be the beginning of: any of these. */
function beginningsOf(q: string): Beginning[] {
  const number = q.toUpperCase();
  return [
    // Written in capitals, and compared byte by byte; a column of ASCII cannot be compared with anything else.
    ...(/^(?:C|CM|CMD|CMD-[0-9A-Z-]*)$/.test(number) ? [begins('number', number)] : []),
    ...(['email', 'name', 'name_rest'] as const).map((column) => begins(column, q)),
    ...phonePrefixes(q).map((text) => begins('phone_digits', text)),
  ];
}

/** Taken literally, whatever is in it. */
function begins(column: Exclude<keyof typeof INDEX_OF, 'total_cents' | 'placed_at'>, text: string): Beginning {
  return { column, text, is: orders(column, 'like', `${text.replace(/[\\%_]/g, '\\$&')}%`) };
}

export const anyOf = (beginnings: readonly Beginning[]): Condition => orders.or(beginnings.map(({ is }) => is));

/**
 * Between which instants orders were placed whose number begins like this: `CMD-2024` is common, but nothing of this
 * year fulfils it. Undefined before it has a year, and where a search may be the beginning of something else.
 */
export function daysOfNumbers([first, ...others]: readonly Beginning[]): Days | undefined {
  const digits = others.length === 0 && first?.column === 'number' && /^CMD-(\d{4,8})/.exec(first.text)?.[1];
  if (!digits) return undefined;
  const at = (filled: string, days: number) => {
    const month = Math.min(Math.max(Number(filled.slice(4, 6)), 1), 12);
    return new Date(Date.UTC(Number(filled.slice(0, 4)), month - 1, Math.min(Number(filled.slice(6)), 31) + days));
  };
  // A day more on either side covers every time zone.
  return { from: at(digits.padEnd(8, '0'), -1), until: at(digits.padEnd(8, '9'), 2) };
}

/** What a filter asks for. */
export interface Question {
  /** Those that an order can have to be among them. */
  statuses: readonly Status[];
  product: number | undefined;
  days: Days | undefined;
  placed: IndexedCondition | undefined;
  total: IndexedCondition | undefined;
  /** Any of them. */
  texts: Beginning[];
  /** All conditions but the texts and the product, and all but the product. */
  numbers: Condition[];
  all: Condition[];
}

export function questionOf(filter: OrderFilter, statuses: readonly Status[], timeZone: string): Question {
  const { claim, product, q } = filter;
  const days = daysOf(filter, timeZone);
  const placed = days && placedWithin(days);
  const total = totalWithin(filter);
  const texts = q ? beginningsOf(q) : [];
  const numbers: Condition[] = [
    ...(statuses.length < STATUSES.length ? [hasStatus(statuses)] : []),
    ...(claim === 'free' ? [isNotClaimed] : []),
    ...(placed ? [placed.is] : []),
    ...(total ? [total.is] : []),
  ];
  const all = texts.length > 0 ? [...numbers, anyOf(texts)] : numbers;
  return { statuses, product, days, placed, total, texts, numbers, all };
}

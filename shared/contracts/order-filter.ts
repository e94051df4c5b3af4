import { dayOf } from './shop-day.ts';
import type { Status } from './status.ts';

export const MAX_SEARCH_CHARS = 200;

/**
 * Who is on an order: nobody, although something is left to be done; the admin who asks; or another one.
 */
export const CLAIM_FILTERS = ['free', 'mine', 'others'] as const;
export type ClaimFilter = (typeof CLAIM_FILTERS)[number];

/** Those from which an order goes on. */
export const OPEN_STATUSES = ['en_attente', 'en_cours'] as const satisfies readonly Status[];
const isOpen = (status: Status) => (OPEN_STATUSES as readonly Status[]).includes(status);

/** What the figures of a period are about: orders that are not cancelled, and those of them that somebody has begun with. */
export const STAGES = {
  sold: ['en_attente', 'en_cours', 'terminee'],
  started: ['en_cours', 'terminee'],
} as const satisfies Record<string, readonly Status[]>;
export type Stage = keyof typeof STAGES;
export const STAGE_NAMES = ['sold', 'started'] as const satisfies Stage[];

/**
 * What an order table is narrowed to; an absent member narrows nothing.
 *
 * Read from an address in web/admin/filter-in-url.ts, applied to the tables in services/orders/filter-orders.ts, and to
 * the rows of an open page here. This file needs no library, because browsers run it.
 */
export interface OrderFilter {
  status?: Status | undefined;
  claim?: ClaimFilter | undefined;
  stage?: Stage | undefined;
  /** The id of what a line is of. */
  product?: number | undefined;
  /** The beginning of a number, an e-mail, a phone number, a name, or of what follows the first word of a name. */
  q?: string | undefined;
  /** Days of the shop, both included. */
  from?: string | undefined;
  to?: string | undefined;
  /** Of the order's total, both included. */
  minCents?: number | undefined;
  maxCents?: number | undefined;
}

/** What a filter looks at. */
export interface OrderFacts {
  status: Status;
  number: string;
  name: string;
  email: string;
  phone: string | null;
  /** ISO 8601. */
  placedAt: string;
  totalCents: number;
  lines: readonly { productId: number }[];
  claim?: { byId: number } | undefined;
}

/**
 * Whether an order is among those that the filter leaves; the same that `GET /orders` answers with.
 * @param adminId who asks, where it is asked who is on an order
 */
export function matches(filter: OrderFilter, order: OrderFacts, timeZone: string, adminId?: number): boolean {
  const { status, stage, claim, product, q, from, to, minCents = 0, maxCents = Number.POSITIVE_INFINITY } = filter;
  if (status && status !== order.status) return false;
  if (stage && !(STAGES[stage] as readonly Status[]).includes(order.status)) return false;
  if (product !== undefined && !order.lines.some(({ productId }) => productId === product)) return false;
  if (claim === 'free' && (order.claim || !isOpen(order.status))) return false;
  if (claim === 'mine' && order.claim?.byId !== adminId) return false;
  if (claim === 'others' && (!order.claim || order.claim.byId === adminId)) return false;
  if (order.totalCents < minCents || order.totalCents > maxCents) return false;
  if (from || to) {
    const day = dayOf(new Date(order.placedAt), timeZone);
    if ((from && day < from) || (to && day > to)) return false;
  }
  return !q || isFound(q, order);
}

function isFound(q: string, { number, email, name, phone }: OrderFacts): boolean {
  const digits = phone?.replace(/\D/g, '');
  return (
    number.startsWith(q.toUpperCase()) ||
    [email, name, afterFirstWord(name)].some((text) => fold(text).startsWith(fold(q))) ||
    (digits !== undefined && phonePrefixes(q).some((prefix) => digits.startsWith(prefix)))
  );
}

/** Letters without case and accents, as the tables' collation (`utf8mb4_unicode_ci`) compares them. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

function afterFirstWord(name: string): string {
  return name.slice(name.indexOf(' ') + 1);
}

/**
 * The digits that a phone number may begin with to begin like this, however either was written: `06 12`, `+33 6.12` and
 * `0033 (0)6-12` are one number. Empty for what is no number; at most four.
 */
export function phonePrefixes(q: string): string[] {
  if (!/^[+(]?\d[\d ().\-/]*$/.test(q)) return [];
  const digits = q.replace(/\D/g, '');
  const national =
    /^(?:\+|00)330?(.+)$/.exec(q.startsWith('+') ? `+${digits}` : digits)?.[1] ?? /^0([1-9].*)$/.exec(digits)?.[1];
  return national === undefined ? [digits] : ['0', '33', '330', '0033'].map((start) => start + national);
}

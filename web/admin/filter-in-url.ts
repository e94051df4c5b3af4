import { MAX_ORDER_CENTS } from '../../shared/contracts/money.ts';
import { ShopDay } from '../../shared/contracts/order.ts';
import { CLAIM_FILTERS, MAX_SEARCH_CHARS, type OrderFilter, STAGE_NAMES } from '../../shared/contracts/order-filter.ts';
import { MAX_PRODUCT_ID } from '../../shared/contracts/product.ts';
import { Status } from '../../shared/contracts/status.ts';

/** The fields of the filter's form, by their names in the address. */
export const FILTER_FIELDS = ['q', 'from', 'to', 'min', 'max', 'stage', 'product'] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];

export interface FilterInUrl {
  /** What could be read; nothing of what is wrong. */
  filter: OrderFilter;
  /** What cannot be: it has to be said, because the list is longer than was asked for. */
  wrong: ReadonlySet<FilterField>;
  /** As it stands in the address, to be shown again. */
  typed: Readonly<Record<FilterField, string>>;
}

/** The one place where a filter is read from an address: of a page, of its polls, of a saved view. */
export function readFilter(query: URLSearchParams): FilterInUrl {
  const typed = Object.fromEntries(FILTER_FIELDS.map((name) => [name, (query.get(name) ?? '').trim()])) as Record<
    FilterField,
    string
  >;
  const wrong = new Set<FilterField>();
  const read = <T>(name: FilterField, parse: (text: string) => T | undefined): T | undefined => {
    if (typed[name] === '') return undefined;
    const value = parse(typed[name]);
    if (value === undefined) wrong.add(name);
    return value;
  };
  const status = Status.safeParse(query.get('view'));
  const filter: OrderFilter = {
    status: status.success ? status.data : undefined,
    claim: CLAIM_FILTERS.find((claim) => claim === query.get('claim')),
    q: read('q', (text) => (text.length <= MAX_SEARCH_CHARS ? text.normalize('NFC') : undefined)),
    from: read('from', readDay),
    to: read('to', readDay),
    minCents: read('min', readCents),
    maxCents: read('max', readCents),
    stage: read('stage', (text) => STAGE_NAMES.find((stage) => stage === text)),
    product: read('product', readProduct),
  };
  if (filter.from && filter.to && filter.to < filter.from) wrong.add('to');
  if ((filter.minCents ?? 0) > (filter.maxCents ?? Number.POSITIVE_INFINITY)) wrong.add('max');
  return { filter, wrong, typed };
}

/** The same filter as an address says it, without what narrows nothing. */
export function writeFilter({
  status,
  claim,
  q,
  from,
  to,
  minCents,
  maxCents,
  stage,
  product,
}: OrderFilter): URLSearchParams {
  const query = new URLSearchParams();
  const write = (name: string, value: string | undefined) => value && query.set(name, value);
  write('view', status);
  write('claim', claim);
  write('q', q);
  write('from', from);
  write('to', to);
  write('min', minCents === undefined ? undefined : writeCents(minCents));
  write('max', maxCents === undefined ? undefined : writeCents(maxCents));
  write('stage', stage);
  write('product', product === undefined ? undefined : String(product));
  return query;
}

function readDay(text: string): string | undefined {
  const day = ShopDay.safeParse(text);
  return day.success ? day.data : undefined;
}

function readProduct(text: string): number | undefined {
  return /^[1-9]\d{0,9}$/.test(text) && Number(text) <= MAX_PRODUCT_ID ? Number(text) : undefined;
}

/** `12`, `12,5`, `1 234,50 €`, `12.50`. */
function readCents(text: string): number | undefined {
  const amount = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.replace(/[\s€]/g, ''));
  if (!amount) return undefined;
  const cents = Number(amount[1]) * 100 + Number((amount[2] ?? '').padEnd(2, '0'));
  return cents <= MAX_ORDER_CENTS ? cents : undefined;
}

function writeCents(cents: number): string {
  return cents % 100 === 0 ? String(cents / 100) : (cents / 100).toFixed(2);
}

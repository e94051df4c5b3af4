import type { OrderFilter } from '../../shared/contracts/order-filter.ts';
import type { View } from '../../shared/contracts/status.ts';
import { type FilterInUrl, readFilter, writeFilter } from './filter-in-url.ts';

/** Which orders a page of the table shows. */
export interface Place {
  filter: OrderFilter;
  /** Only orders older than this one; undefined on the first page. */
  before: number | undefined;
  /** Instead: the page of orders just newer than this one. */
  above?: number | undefined;
}

export function readPlace(query: URLSearchParams): Place & FilterInUrl {
  return { ...readFilter(query), before: readId(query.get('before')), above: readId(query.get('above')) };
}

export function placePath(path: string, { filter, before, above }: Place): string {
  const query = writeFilter(filter);
  if (before !== undefined) query.set('before', String(before));
  if (above !== undefined) query.set('above', String(above));
  return query.size ? `${path}?${query}` : path;
}

/** The stream that a filter's page follows; what else it asks for the page sees to itself. */
export function viewOf(filter: OrderFilter): View {
  return filter.status ?? 'all';
}

function readId(text: string | null): number | undefined {
  return text !== null && /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : undefined;
}

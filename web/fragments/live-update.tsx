import type { AdminOrder } from '../../shared/contracts/order.ts';
import { type Counts, STATUSES, type View } from '../../shared/contracts/status.ts';
import { escapeHtml } from './escape-html.ts';
import { formatMoney, formatNumber, type ShopFormat } from './format.ts';
import { renderBareRow } from './order-row.ts';

export type { ShopFormat } from './format.ts';

/** Everything that changed between two cursors, as one view sees it. */
export interface LiveUpdate {
  view: View;
  /** Latest state of every order touched, newest order first, at most PAGE_ROWS. */
  rows: readonly {
    order: AdminOrder;
    /** False: it has left this view; an open row is marked, none is inserted. */
    inView: boolean;
  }[];
  /** Orders touched that `rows` leaves out; the page asks for its rows anew when there are any. */
  omitted: number;
  /** New orders that this view does not show: an admin who filters is told of them all the same. At most PAGE_ROWS. */
  placedElsewhere: readonly AdminOrder[];
  /** Numbers of trials, which are no orders. */
  tested?: readonly string[];
  /** Seq of the last event before these; a page that is not as far lacks what lies between. Not known where rows were read. */
  after?: number;
  /** Of these events, how many a poll found that the stream should have brought. */
  rescued?: number;
  counts: Counts;
  /** Where the log stands after these changes. */
  cursor: string;
}

export const PAGE_ROWS = 50;

/**
 * The HTML that brings an open page up to date: the same for the notifier's stream and for the answer of a poll.
 *
 * One line, so it is one `data:` of a frame. The page swaps `rows` by id and version and `live` by cursor,
 * so a frame that comes twice, or after a newer one, changes nothing.
 */
export function renderLiveUpdate(update: LiveUpdate, format: ShopFormat): string {
  let rows = '';
  for (const { order, inView } of update.rows) rows += renderBareRow(order, inView, format);
  if (rows) rows = `<hx-partial hx-target="#order-rows" hx-swap="rows">${rows}</hx-partial>`;
  return rows + renderLiveState(update, format);
}

/** Cursor, counts and news of other views: what every frame ends with. */
export function renderLiveState(
  update: Pick<LiveUpdate, 'omitted' | 'placedElsewhere' | 'tested' | 'after' | 'rescued' | 'counts' | 'cursor'>,
  format: ShopFormat,
): string {
  let total = 0;
  let counts = '';
  for (const status of STATUSES) {
    total += update.counts[status];
    counts += `<b data-count="${status}">${formatNumber(format, update.counts[status])}</b>`;
  }
  let placed = '';
  for (const { id, number, totalCents, currency } of update.placedElsewhere) {
    const total = escapeHtml(formatMoney(format, totalCents, currency));
    placed += `<i data-placed data-id="${id}" data-number="${number}" data-total="${total}"></i>`;
  }
  let tested = '';
  for (const number of update.tested ?? []) tested += `<i data-tested="${number}"></i>`;
  const omitted = update.omitted ? ` data-omitted="${update.omitted}"` : '';
  const after = update.after === undefined ? '' : ` data-after="${update.after}"`;
  const rescued = update.rescued ? ` data-rescued="${update.rescued}"` : '';
  return (
    `<hx-partial hx-target="#live-state" hx-swap="live"><p data-cursor="${update.cursor}"${omitted}${after}${rescued}>` +
    `<b data-count="all">${formatNumber(format, total)}</b>${counts}${placed}${tested}</p></hx-partial>`
  );
}

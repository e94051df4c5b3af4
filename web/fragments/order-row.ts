import type { AdminOrder } from '../../shared/contracts/order.ts';
import { type Status, TRANSITIONS, type View } from '../../shared/contracts/status.ts';
import { ROW_WORDS, type RowWords } from '../locales/desk-row.ts';
import { STATUS_WORDS } from '../locales/status.ts';
import { escapeHtml } from './escape-html.ts';
import { formatMoney, formatTime, type ShopFormat } from './format.ts';
import { type OrderControls, renderControls } from './order-controls.ts';

/** A row shows this many lines of the order and counts the rest. */
const SHOWN_LINES = 3;

/** A row as it was drawn: what follows says whether it has left the view, and the view itself where it stands in a form. */
interface RowParts {
  head: string;
  body: string;
  tail: string | undefined;
}

interface Rendered extends RowParts {
  order: AdminOrder;
  locale: string;
  timeZone: string;
}

/** Ten pages' worth, by order id. Plain maps, because a collector takes many times longer over weak ones. */
const MAX_RENDERED = 500;
const wholeRows = new Map<number, Rendered>();
const bareRows = new Map<number, Rendered>();

/** The badge of a status, for rows and pages alike. */
export function statusBadge(status: Status, format: ShopFormat): string {
  const { sign, word } = STATUS_WORDS[format.locale][status];
  return `<span class="badge ${status}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

/**
 * One row of the order table as HTML on one line, with everything that can be done with the order.
 *
 * Plain strings, because rows are what the stream renders under load, and the same state of an order is rendered
 * once, whatever the number of views and requests. What a person typed is escaped, under `hx-ignore`, and in a
 * `<bdi>`, so that no mark of direction in it turns what stands beside it.
 *
 * @param inView false for an order that has left the view: an open row is marked, none is inserted
 */
export function renderOrderRow(order: AdminOrder, view: View, inView: boolean, format: ShopFormat): string {
  const { head, body, tail } = keep(wholeRows, order, format, renderWhole);
  return `${head}${inView ? '' : LEFT}${body}${tail === undefined ? '' : view + tail}`;
}

/**
 * The same row for an open page, whose script adds what can be done with the order (desk/complete-row.ts): every byte
 * of it is written once for each admin.
 */
export function renderBareRow(order: AdminOrder, inView: boolean, format: ShopFormat): string {
  const { head, body } = keep(bareRows, order, format, renderBare);
  return `${head}${inView ? '' : LEFT}${body}`;
}

const LEFT = ' data-left';

function keep(
  rows: Map<number, Rendered>,
  order: AdminOrder,
  format: ShopFormat,
  render: (order: AdminOrder, format: ShopFormat) => RowParts,
): RowParts {
  const kept = rows.get(order.id);
  if (kept && drawsAs(kept, order, format)) return kept;
  const { locale, timeZone } = format;
  const drawn = { order, locale, timeZone, ...render(order, format) };
  rows.delete(order.id);
  rows.set(order.id, drawn);
  if (rows.size > MAX_RENDERED) rows.delete(rows.keys().next().value as number);
  return drawn;
}

/**
 * Whether a row as it was drawn is this order's row. Every change raises the version, but for claims and for what
 * erasing leaves of older events; number and time tell the orders of a restored database from those it had before.
 */
function drawsAs({ order: drawn, locale, timeZone }: Rendered, order: AdminOrder, format: ShopFormat): boolean {
  if (locale !== format.locale || timeZone !== format.timeZone) return false;
  return (
    drawn === order ||
    (drawn.number === order.number &&
      drawn.version === order.version &&
      drawn.changedAt === order.changedAt &&
      drawn.erasedAt === order.erasedAt &&
      drawn.claim?.byId === order.claim?.byId &&
      drawn.claim?.by === order.claim?.by)
  );
}

function renderWhole(order: AdminOrder, format: ShopFormat): RowParts {
  const { id, number, version, status } = order;
  const controls = renderControls({ id, number, version, status, isClaimed: !!order.claim }, ROW_WORDS[format.locale]);
  // On a phone rows are cards by CSS, and a table that is no longer displayed as one loses its meaning.
  const { head, body } = renderParts(order, format, { row: ' role="row"', cell: ' role="cell"', ...controls });
  const [steps, end] = controls.steps;
  return steps ? { head, body: flat(body + steps), tail: end } : { head, body: flat(body), tail: undefined };
}

/** V8 joins texts by reference, and would go through all thirty parts of each row for each page. */
const flat = (text: string) => Buffer.from(text).toString();

function renderBare(order: AdminOrder, format: ShopFormat): RowParts {
  return { ...renderParts(order, format, { row: '', cell: '', pick: '', number: '', claim: '' }), tail: undefined };
}

/** A row up to the content of its last cell. HTML needs no end tags of cells and rows (tag omission), so there are none. */
function renderParts(
  order: AdminOrder,
  format: ShopFormat,
  { row, cell, ...controls }: Pick<OrderControls, 'pick' | 'number' | 'claim'> & { row: string; cell: string },
): { head: string; body: string } {
  const words = ROW_WORDS[format.locale];
  const { id, number, status } = order;
  const total = escapeHtml(formatMoney(format, order.totalCents, order.currency));
  const td = (name: string, content: string) => `<td class="order-${name}"${cell}>${content}`;
  const typed = (name: string, text: string | null) =>
    text ? `<td class="order-${name}" hx-ignore${cell}><bdi>${escapeHtml(text)}</bdi>` : td(name, '');
  const head = `<tr id="order-${id}" class="order" data-id="${id}" data-version="${order.version}" data-status="${status}" data-number="${number}" data-total="${total}" data-cents="${order.totalCents}" data-products="${order.lines.map(({ productId }) => productId).join(' ')}"${order.claim ? ` data-claim="${order.claim.byId}"` : ''}${row}`;
  const body =
    `>${td('pick', controls.pick)}` +
    td('number', `<a href="/admin/orders/${number}" data-part="number">${number}</a>${controls.number}`) +
    td(
      'time',
      `<time datetime="${order.placedAt}"><b>${formatTime(format, order.placedAt, 'clock')}</b> <span>${formatTime(format, order.placedAt, 'day')}</span></time>`,
    ) +
    (order.erasedAt ? td('customer', `<span class="muted">${words.erased}</span>`) : typed('customer', order.name)) +
    typed('email', order.email) +
    typed('phone', order.phone) +
    `<td class="order-lines" hx-ignore${cell}>${renderLines(order, words.moreLines)}` +
    td('total', total) +
    td('status', `${statusBadge(status, format)}${renderClaim(order, words, controls.claim)}`) +
    `<td class="order-steps"${cell}>`;
  return { head, body };
}

/** Cancelled, and by nobody of the team; an erasure by itself names nobody either. */
const byShopper = ({ status, changedBy, erasedAt }: AdminOrder) =>
  status === 'annulee' && changedBy === null && !erasedAt;

/**
 * Who is on the order, and the way to be it, as long as something is left to be done. The page of that very admin has
 * its own words, see desk/claims.ts.
 */
function renderClaim(order: AdminOrder, words: RowWords, control: string): string {
  if (TRANSITIONS[order.status].length === 0)
    return byShopper(order) ? `<span class="order-by">${words.byShopper}</span>` : '';
  const { claim } = order;
  const claimant = claim
    ? `<span hx-ignore><span aria-hidden="true">👤</span><span class="visually-hidden"> ${words.claimedBy} </span> <bdi>${escapeHtml(claim.by)}</bdi></span>`
    : '';
  return `<span class="order-claim">${claimant}${control}</span>`;
}

function renderLines(order: AdminOrder, moreLines: (count: number) => string): string {
  const shown = order.lines.slice(0, SHOWN_LINES);
  const hidden = order.lines.length - shown.length;
  const text = shown.map((line) => `${line.quantity} × ${escapeHtml(line.name)}`).join(', ');
  return `<span class="order-goods"><span>${text}</span>${hidden > 0 ? ` <span class="order-more">${moreLines(hidden)}</span>` : ''}</span>`;
}

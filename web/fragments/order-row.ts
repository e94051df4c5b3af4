import type { AdminOrder } from '../../shared/contracts/order.ts';
import { type Status, TRANSITIONS, type View } from '../../shared/contracts/status.ts';
import { ROW_WORDS } from '../locales/desk-row.ts';
import { STATUS_WORDS } from '../locales/status.ts';
import { escapeHtml } from './escape-html.ts';
import { formatMoney, formatTime, type ShopFormat } from './format.ts';

/** A row shows this many lines of the order and counts the rest. */
const SHOWN_LINES = 3;

/** One rendering serves every view; only the two gaps between the three parts differ. */
interface RowParts {
  head: string;
  body: string;
  tail: string;
}

interface Rendered extends RowParts {
  order: AdminOrder;
  locale: string;
  timeZone: string;
}

/** Ten pages' worth, by order id. A plain map, because a collector takes many times longer over a weak one. */
const MAX_RENDERED = 500;
const rendered = new Map<number, Rendered>();

/** The badge of a status, for rows and pages alike. */
export function statusBadge(status: Status, format: ShopFormat): string {
  const { sign, word } = STATUS_WORDS[format.locale][status];
  return `<span class="badge ${status}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

/**
 * One row of the order table as HTML on one line.
 *
 * Plain strings, because rows are what the stream renders under load, and the same state of an order is rendered
 * once, whatever the number of views and requests. What a person typed is escaped, under `hx-ignore`, and in a
 * `<bdi>`, so that no mark of direction in it turns what stands beside it.
 *
 * @param inView false for an order that has left the view: an open row is marked, none is inserted
 */
export function renderOrderRow(order: AdminOrder, view: View, inView: boolean, format: ShopFormat): string {
  let parts = rendered.get(order.id);
  if (!parts || !drawsAs(parts, order, format)) {
    const { locale, timeZone } = format;
    parts = { order, locale, timeZone, ...renderParts(order, format) };
    rendered.delete(order.id);
    rendered.set(order.id, parts);
    if (rendered.size > MAX_RENDERED) rendered.delete(rendered.keys().next().value as number);
  }
  return `${parts.head}${inView ? '' : ' data-left'}${parts.body}${view}${parts.tail}`;
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

function renderParts(order: AdminOrder, format: ShopFormat): RowParts {
  const words = ROW_WORDS[format.locale];
  const { id, number, version, status } = order;
  const total = formatMoney(format, order.totalCents, order.currency);
  const head = `<tr id="order-${id}" class="order" role="row" data-id="${id}" data-version="${version}" data-status="${status}" data-number="${number}" data-total="${escapeHtml(total)}" data-cents="${order.totalCents}"${order.claim ? ` data-claim="${order.claim.byId}"` : ''}`;
  const columns =
    `<td role="cell" class="order-pick"><input type="checkbox" form="bulk" name="order" value="${number}:${version}" data-part="pick" aria-label="${words.pick(number)}"></td>` +
    `<td role="cell" class="order-number"><a href="/admin/orders/${number}" data-part="number">${number}</a>` +
    `<span class="badge order-new">${words.fresh}</span><span class="badge order-left">${words.left}</span></td>` +
    `<td role="cell" class="order-time"><time datetime="${order.placedAt}"><b>${formatTime(format, order.placedAt, 'clock')}</b> <span>${formatTime(format, order.placedAt, 'day')}</span></time></td>` +
    `<td role="cell" class="order-customer" hx-ignore>${order.erasedAt ? `<span class="muted">${words.erased}</span>` : `<bdi>${escapeHtml(order.name)}</bdi>`}</td>` +
    `<td role="cell" class="order-email" hx-ignore><bdi>${escapeHtml(order.email)}</bdi></td>` +
    `<td role="cell" class="order-phone" hx-ignore><bdi>${escapeHtml(order.phone ?? '')}</bdi></td>` +
    `<td role="cell" class="order-lines" hx-ignore>${renderLines(order, words.moreLines)}</td>` +
    `<td role="cell" class="order-total">${escapeHtml(total)}</td>` +
    `<td role="cell" class="order-status">${statusBadge(status, format)}`;
  const steps = TRANSITIONS[status];
  if (steps.length === 0) {
    return {
      head,
      body: `>${columns}${byShopper(order) ? `<span class="order-by">${words.byShopper}</span>` : ''}</td><td role="cell" class="order-steps" data-view="`,
      tail: '"></td></tr>',
    };
  }
  const action = `/admin/orders/${number}/status`;
  const name = `<span class="visually-hidden"> ${words.ofOrder(number)}</span>`;
  // The version seen goes with the change, so that two admins never overwrite each other unawares.
  const body =
    `>${columns}${renderClaim(order, format, name)}</td><td role="cell" class="order-steps"><form id="steps-${id}" method="post" action="${action}" hx-post="${action}" hx-swap="none" hx-sync="this:drop">` +
    `<input type="hidden" name="version" value="${version}"><input type="hidden" name="view" value="`;
  const buttons = steps.map((step) =>
    step === 'annulee'
      ? `<button name="status" value="annulee" class="button plain small" data-part="cancel" data-confirm="${words.confirmCancel(number)}">${words.step.annulee}${name}</button>`
      : `<button name="status" value="${step}" class="button primary small" data-part="next">${words.step[step]}${name}</button>`,
  );
  return { head, body, tail: `">${buttons.join('')}</form></td></tr>` };
}

/** Cancelled, and by nobody of the team; an erasure by itself names nobody either. */
const byShopper = ({ status, changedBy, erasedAt }: AdminOrder) =>
  status === 'annulee' && changedBy === null && !erasedAt;

/** Who is on the order, and the way to be it. The page of that very admin has its own words, see desk/claims.ts. */
function renderClaim({ id, claim }: AdminOrder, format: ShopFormat, name: string): string {
  const words = ROW_WORDS[format.locale];
  const button = (value: string, word: string) =>
    `<button form="steps-${id}" name="claim" value="${value}" data-part="claim">${word}${name}</button>`;
  if (!claim) return `<span class="order-claim">${button('take', words.take)}</span>`;
  return `<span class="order-claim"><span hx-ignore><span aria-hidden="true">👤</span><span class="visually-hidden"> ${words.claimedBy} </span> <bdi>${escapeHtml(claim.by)}</bdi></span>${button('over', words.takeOver)}</span>`;
}

function renderLines(order: AdminOrder, moreLines: (count: number) => string): string {
  const shown = order.lines.slice(0, SHOWN_LINES);
  const hidden = order.lines.length - shown.length;
  const text = shown.map((line) => `${line.quantity} × ${escapeHtml(line.name)}`).join(', ');
  return `<span class="order-goods"><span>${text}</span>${hidden > 0 ? ` <span class="order-more">${moreLines(hidden)}</span>` : ''}</span>`;
}

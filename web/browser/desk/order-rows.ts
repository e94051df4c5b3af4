import htmx from 'htmx.org';
import { sameEpoch } from '../compare-cursors.ts';
import { type Attention, watchAttention } from './attention.ts';
import { completeRow } from './complete-row.ts';
import { currentCursor, moveCursor } from './cursor.ts';
import { refuseSettlingClicks, settle } from './misclicks.ts';
import { readRowFilter } from './row-filter.ts';

/**
 * The rows of the open order table, and the two swaps that change them.
 *
 * `rows` brings the latest state of some orders: by id it inserts or replaces, by version it refuses what is older,
 * so frames may repeat, overlap and overtake each other and the table comes out the same. `all-rows` brings the
 * page as the server has it now, and also takes away what is no longer there.
 */
export interface OrderRows {
  apply(fragment: DocumentFragment): void;
  /**
   * @param fragment one `<tbody>` with the rows, the cursor they were read at, and where the next page begins
   * @param askedAt `performance.now()` of the request: rows that came or changed after it are newer than the answer
   */
  applyAll(fragment: DocumentFragment, askedAt: number): void;
  /** New orders that stand in another view: told, and led to by the pill. */
  tellElsewhere(placed: HTMLElement[]): void;
  /** Lets waiting rows in, whatever the admin is doing, because they asked for it. */
  release(): HTMLElement[];
  /** Takes away rows that have left the view for so long, in milliseconds, once the admin is not at work on them. */
  clearLeft(afterMs: number): void;
}

export interface RowEvents {
  /** Orders that nobody at this page has seen before; some may be waiting. */
  onArrivals(rows: HTMLElement[]): void;
  /** The row stands here no more, and does not wait either: nobody has to look at it. */
  onGone(row: HTMLElement): void;
  /**
   * @param waiting.elsewhere those of the rows that this page will not show, because they stand on the first one
   * @param waiting.outside further orders, all new, that the filter leaves out
   */
  onWaiting(waiting: { rows: number; arrivals: number; elsewhere: number; outside: number }): void;
}

/** A table that is open all day must not grow all day; older orders are one click away. */
const MAX_OPEN_ROWS = 200;
const MAX_REMEMBERED = 5_000;

export function openOrderRows(body: HTMLElement, events: RowEvents): OrderRows {
  /** The newest version of each order that came, also of those that stand nowhere: what comes late is refused. */
  const seen = new Map<number, number>();
  const waiting = new Map<number, HTMLElement>();
  const changedAt = new WeakMap<Element, number>();
  const leaves = readRowFilter(body);
  /** New orders that belong on the first page while this is a later one. */
  let elsewhere = 0;
  /** New orders that the filter leaves out. */
  let outside = 0;
  /** Whatever has a higher id is new, whichever version of it comes first. */
  let newestKnown = 0;
  for (const row of rowsOf(body)) remember(idOf(row), versionOf(row));
  // Neither a later page nor a filtered one shows which order is the newest.
  newestKnown = Math.max(Number(body.dataset.newest || 0), ...seen.keys());
  const olderAtLoad = Number(body.dataset.next || 0);

  const attention: Attention = watchAttention(body, () => {
    if (waiting.size > 0 && !attention.isBusy()) release();
  });
  refuseSettlingClicks(body);

  function remember(id: number, version: number): void {
    seen.delete(id);
    seen.set(id, version);
    if (seen.size <= MAX_REMEMBERED) return;
    const forgotten = seen.keys().next().value as number;
    seen.delete(forgotten);
    // It was told once: when it changes tonight, it is not to be told again.
    newestKnown = Math.max(newestKnown, forgotten);
  }

  /** @returns the row when its order is new to this page */
  function applyRow(row: HTMLElement): HTMLElement | undefined {
    const id = idOf(row);
    const version = versionOf(row);
    const hasLeftView = row.dataset.left !== undefined;
    completeRow(row, body.dataset.view as string);
    if (!leaves(row)) row.dataset.left = '';
    const left = row.dataset.left !== undefined;
    const open = openRow(id);
    const before = seen.get(id);
    if (before !== undefined && version < before) return undefined;
    if (version === before && (open || waiting.has(id))) return undefined;
    const isArrival = before === undefined && !hasLeftView && isNew(id, version);
    remember(id, version);
    if (open) {
      replace(open, row);
    } else if (left) {
      if (waiting.delete(id)) events.onGone(row);
      if (isArrival) outside += 1;
    } else if (belongsHere(body, id)) {
      if (isArrival) row.dataset.unseen = '';
      if (waiting.get(id)?.dataset.unseen === '') row.dataset.unseen = '';
      if (waiting.has(id) || attention.isBusy()) wait(row);
      else insert(row);
    } else if (isArrival) {
      elsewhere += 1;
    }
    return isArrival ? row : undefined;
  }

  /** Ids are given before the commit, so an order may come after one with a higher id; as placed it has version 1. */
  function isNew(id: number, version: number): boolean {
    return id > newestKnown || (version === 1 && id > olderAtLoad);
  }

  function applyMany(rows: readonly HTMLElement[]): void {
    const arrivals = rows.map(applyRow).filter((row) => row !== undefined);
    trim();
    tellWaiting();
    if (arrivals.length > 0) events.onArrivals(arrivals);
  }

  function replace(open: HTMLElement, row: HTMLElement): void {
    const focused = open.contains(document.activeElement) ? (document.activeElement as HTMLElement) : undefined;
    const mayBeClicked = focused !== undefined || open.matches(':hover');
    if (open.dataset.unseen !== undefined) row.dataset.unseen = '';
    if (open.dataset.status !== row.dataset.status) row.classList.add('order-changed');
    open.replaceWith(row);
    changedAt.set(row, performance.now());
    htmx.process(row);
    if (mayBeClicked) settle(row);
    if (focused) focusPart(row, focused.dataset.part);
  }

  function wait(row: HTMLElement): void {
    waiting.set(idOf(row), row);
    changedAt.set(row, performance.now());
  }

  function remove(row: HTMLElement): void {
    waiting.delete(idOf(row));
    row.remove();
    events.onGone(row);
  }

  function insert(row: HTMLElement): void {
    const id = idOf(row);
    const next = rowsOf(body).find((other) => idOf(other) < id);
    body.insertBefore(row, next ?? null);
    changedAt.set(row, performance.now());
    htmx.process(row);
    // The rows below have moved under a mouse that was at rest.
    if (attention.isPointerInside()) for (const other of rowsOf(body)) settle(other);
  }

  function trim(): void {
    const rows = rowsOf(body);
    if (rows.length <= MAX_OPEN_ROWS) return;
    rows.slice(MAX_OPEN_ROWS).forEach(remove);
    setNext(body, String(idOf(rows[MAX_OPEN_ROWS - 1] as HTMLElement)));
  }

  function tellWaiting(): void {
    const arrivals = [...waiting.values()].filter((row) => row.dataset.unseen !== undefined).length;
    events.onWaiting({ rows: waiting.size + elsewhere, arrivals: arrivals + elsewhere, elsewhere, outside });
  }

  function release(): HTMLElement[] {
    const rows = [...waiting.values()];
    waiting.clear();
    for (const row of rows) insert(row);
    trim();
    tellWaiting();
    return rows;
  }

  function openRow(id: number): HTMLElement | undefined {
    return body.querySelector<HTMLElement>(`:scope > [data-id="${id}"]`) ?? undefined;
  }

  return {
    apply: (fragment) => applyMany(rowsOf(fragment)),
    applyAll(fragment, askedAt) {
      const answer = fragment.firstElementChild as HTMLElement;
      const here = currentCursor();
      const epochEnded = here !== undefined && !sameEpoch(answer.dataset.cursor ?? '', here);
      // After a restored backup versions begin again: nothing remembered can be compared with what comes now.
      if (epochEnded) {
        seen.clear();
        [...rowsOf(body), ...waiting.values()].forEach(remove);
      }
      const rows = rowsOf(answer);
      const present = new Set(rows.map(idOf));
      for (const row of rows) {
        const open = openRow(idOf(row));
        // The tables themselves have filtered these: whatever we thought of one, it belongs here.
        if (open && versionOf(open) === versionOf(row)) delete open.dataset.left;
        row.dataset.asked = '';
      }
      for (const row of [...rowsOf(body), ...waiting.values()]) {
        if (!present.has(idOf(row)) && (changedAt.get(row) ?? 0) < askedAt) remove(row);
      }
      setNext(body, answer.dataset.next ?? '');
      applyMany(rows);
      moveCursor(answer.dataset.cursor ?? '', { anyEpoch: true });
    },
    tellElsewhere(placed) {
      const arrivals = placed.filter((order) => !seen.has(idOf(order)));
      if (arrivals.length === 0) return;
      for (const order of arrivals) remember(idOf(order), 1);
      outside += arrivals.length;
      tellWaiting();
      events.onArrivals(arrivals);
    },
    release,
    clearLeft(afterMs) {
      if (attention.isBusy()) return;
      for (const row of rowsOf(body)) {
        const isDone = row.dataset.left !== undefined && performance.now() - (changedAt.get(row) ?? 0) > afterMs;
        if (isDone) remove(row);
      }
    },
  };
}

function rowsOf(parent: ParentNode): HTMLElement[] {
  return [...parent.children].filter((child): child is HTMLElement => child instanceof HTMLTableRowElement);
}

function idOf(row: HTMLElement): number {
  return Number(row.dataset.id);
}

function versionOf(row: HTMLElement): number {
  return Number(row.dataset.version);
}

/** Whether the order's place is on this page, and not on one before or after it. */
function belongsHere(body: HTMLElement, id: number): boolean {
  const { before, next } = body.dataset;
  return (!before || id < Number(before)) && (!next || id >= Number(next));
}

function setNext(body: HTMLElement, next: string): void {
  body.dataset.next = next;
  const link = document.getElementById('older-orders') as HTMLAnchorElement | null;
  if (!link) return;
  link.hidden = next === '';
  const url = new URL(link.href);
  url.searchParams.set('before', next);
  link.href = url.pathname + url.search;
}

function focusPart(row: HTMLElement, part: string | undefined): void {
  const target =
    row.querySelector<HTMLElement>(`[data-part="${part}"]`) ?? row.querySelector<HTMLElement>('[data-part="number"]');
  target?.focus({ preventScroll: true });
}

import { announce } from './announce.ts';
import type { RowEvents } from './order-rows.ts';
import { showArrivals } from './toasts.ts';
import { keepUnread, type Unread } from './unread.ts';
import { words } from './words.ts';

/** Arrivals within this time are announced together, so that a burst is one sentence. */
const ANNOUNCE_WINDOW_MS = 1_500;
/** A row has been seen once it stood in view for this long and somebody was there… */
const GLANCE_MS = 1_000;
/** …or for this long on a visible page, whether or not anybody touched it. */
const DWELL_MS = 20_000;

export interface Arrivals extends Pick<RowEvents, 'onArrivals' | 'onGone'> {
  readonly unread: Unread;
}

/**
 * What tells of new orders until they have been seen, in this tab or another of the same admin: badge on the row,
 * toast, number in the tab's title.
 * @param body the table's rows; on a page without them orders are told all the same
 */
export function tellArrivals(body: HTMLElement | null): Arrivals {
  const title = document.title;
  const unread = keepUnread(body, show);
  const inViewSince = new Map<number, number>();
  let touchedAt = Number.NEGATIVE_INFINITY;
  let unannounced: HTMLElement[] = [];
  for (const row of body?.children ?? []) {
    if (unread.has(idOf(row as HTMLElement))) (row as HTMLElement).dataset.unseen = '';
  }
  // To open an order is to have seen it.
  const opened = document.getElementById('order-detail')?.dataset.id;
  if (opened) unread.see(Number(opened));
  show();

  const touched = () => {
    touchedAt = performance.now();
  };
  for (const type of ['pointermove', 'pointerdown', 'keydown', 'wheel', 'focus'] as const) {
    window.addEventListener(type, touched, { passive: true });
  }
  setInterval(lookAround, 500);

  function unseenRows(): HTMLElement[] {
    return [...(body?.querySelectorAll<HTMLElement>(':scope > [data-unseen]') ?? [])];
  }

  function lookAround(): void {
    const now = performance.now();
    for (const row of unseenRows()) {
      const id = idOf(row);
      if (document.visibilityState !== 'visible' || !isInView(row)) {
        inViewSince.delete(id);
        continue;
      }
      const since = inViewSince.get(id) ?? now;
      inViewSince.set(id, since);
      const glanced = now - since >= GLANCE_MS && touchedAt > since;
      if (glanced || now - since >= DWELL_MS) see(row);
    }
  }

  function see(row: HTMLElement): void {
    inViewSince.delete(idOf(row));
    delete row.dataset.unseen;
    unread.see(idOf(row));
  }

  function show(): void {
    for (const row of unseenRows()) if (!unread.has(idOf(row))) delete row.dataset.unseen;
    const text = unread.size > 0 ? `(${unread.size}) ${title}` : title;
    if (document.title !== text) document.title = text;
  }

  function announceSoon(rows: readonly HTMLElement[]): void {
    if (unannounced.length === 0) setTimeout(announceAll, ANNOUNCE_WINDOW_MS);
    unannounced.push(...rows);
  }

  function announceAll(): void {
    const [first] = unannounced;
    const count = unannounced.length;
    unannounced = [];
    announce(count === 1 ? words.announceOne(first?.dataset.number ?? '') : words.announceMany(count));
  }

  return {
    unread,
    onArrivals(rows) {
      unread.add(rows.map(idOf));
      const { number = '', total = '' } = rows[0]?.dataset ?? {};
      showArrivals(rows.length, { number, total });
      announceSoon(rows);
    },
    onGone: see,
  };
}

function idOf(row: HTMLElement): number {
  return Number(row.dataset.id);
}

function isInView(row: HTMLElement): boolean {
  const { top, bottom, height } = row.getBoundingClientRect();
  return height > 0 && top + height / 2 > 0 && bottom - height / 2 < window.innerHeight;
}

import { announce } from './announce.ts';
import type { RowEvents } from './order-rows.ts';
import { showArrivals } from './toasts.ts';
import { words } from './words.ts';

/** Arrivals within this time are announced together, so that a burst is one sentence. */
const ANNOUNCE_WINDOW_MS = 1_500;
/** A row has been seen once it stood in view for this long and somebody was there… */
const GLANCE_MS = 1_000;
/** …or for this long on a visible page, whether or not anybody touched it. */
const DWELL_MS = 20_000;

/** What tells of new orders until they have been seen: badge on the row, toast, number in the tab's title. */
export function tellArrivals(body: HTMLElement): Pick<RowEvents, 'onArrivals' | 'onGone'> {
  const title = document.title;
  const unseen = new Set<string>();
  const inViewSince = new Map<string, number>();
  let touchedAt = Number.NEGATIVE_INFINITY;
  let unannounced: HTMLElement[] = [];

  const touched = () => {
    touchedAt = performance.now();
  };
  for (const type of ['pointermove', 'pointerdown', 'keydown', 'wheel', 'focus'] as const) {
    window.addEventListener(type, touched, { passive: true });
  }
  setInterval(lookAround, 500);

  function lookAround(): void {
    if (unseen.size === 0) return;
    const now = performance.now();
    for (const id of unseen) {
      const row = body.querySelector<HTMLElement>(`:scope > [data-id="${id}"]`);
      if (!row || document.visibilityState !== 'visible' || !isInView(row)) {
        inViewSince.delete(id);
        continue;
      }
      const since = inViewSince.get(id) ?? now;
      inViewSince.set(id, since);
      const glanced = now - since >= GLANCE_MS && touchedAt > since;
      if (glanced || now - since >= DWELL_MS) see(id, row);
    }
    showCount();
  }

  function see(id: string, row: HTMLElement): void {
    unseen.delete(id);
    inViewSince.delete(id);
    delete row.dataset.unseen;
  }

  function showCount(): void {
    const text = unseen.size > 0 ? `(${unseen.size}) ${title}` : title;
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
    onArrivals(rows) {
      for (const row of rows) unseen.add(row.dataset.id as string);
      const { number = '', total = '' } = rows[0]?.dataset ?? {};
      showArrivals(rows.length, { number, total });
      announceSoon(rows);
      showCount();
    },
    onGone(row) {
      see(row.dataset.id as string, row);
      showCount();
    },
  };
}

function isInView(row: HTMLElement): boolean {
  const { top, bottom, height } = row.getBoundingClientRect();
  return height > 0 && top + height / 2 > 0 && bottom - height / 2 < window.innerHeight;
}

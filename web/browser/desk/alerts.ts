import type { Arrivals } from './arrivals.ts';
import { hangBell } from './bell.ts';
import { offerNotifications } from './notifications.ts';

export interface Alerts {
  /** Orders that are new to this page. */
  arrived(rows: readonly HTMLElement[]): void;
  /** Orders as they are now: some may be attended to. */
  moved(rows: Iterable<Element>): void;
  /** A frame, on a page that has no table to put its rows in. */
  news(html: string): void;
  /** This tab reads the stream for all, or does so no more. */
  lead(isLeading: boolean): void;
}

/** Sound and notifications of a live page of the desk, whether it shows the table or not. */
export function openAlerts(arrivals: Arrivals): Alerts {
  let isLeading = false;
  const bell = hangBell();
  const notifications = offerNotifications(() => isLeading);
  const told = new Set<number>();
  // The other tabs hear of it as of any message; this one's own bell has nothing to ring for.
  const opened = new BroadcastChannel('msp opened');
  opened.onmessage = ({ data }) => bell.attended(data as number);
  const detail = document.getElementById('order-detail');
  if (detail) opened.postMessage(Number(detail.dataset.id));

  function arrived(rows: readonly HTMLElement[]): void {
    const waiting = rows.filter(isWaiting);
    if (waiting.length === 0) return;
    bell.ring(waiting.map(idOf));
    void notifications.tell(waiting);
  }

  function moved(rows: Iterable<Element>): void {
    for (const row of rows) if (!isWaiting(row as HTMLElement)) bell.attended(idOf(row as HTMLElement));
  }

  return {
    arrived,
    moved,
    news(html) {
      const rows = rowsIn(html);
      moved(rows);
      const placed = rows.filter(
        (row) => row.dataset.version === '1' && !told.has(idOf(row)) && arrivals.unread.isNews(idOf(row)),
      );
      for (const row of placed) told.add(idOf(row));
      if (placed.length === 0) return;
      arrivals.onArrivals(placed);
      arrived(placed);
    },
    lead(next) {
      isLeading = next;
    },
  };
}

/** Nobody has taken the order or passed it on. What stands in another view comes without a status, as it was placed. */
function isWaiting({ dataset }: HTMLElement): boolean {
  return (dataset.status ?? 'en_attente') === 'en_attente' && dataset.claim === undefined;
}

function rowsIn(html: string): HTMLElement[] {
  const body = document.createElement('tbody');
  body.innerHTML = /hx-swap="rows">(.*?)<\/hx-partial>/.exec(html)?.[1] ?? '';
  return [...body.children] as HTMLElement[];
}

function idOf(row: HTMLElement): number {
  return Number(row.dataset.id);
}

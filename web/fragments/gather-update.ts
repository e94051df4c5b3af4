import type { OrderEvent } from '../../shared/contracts/event.ts';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import { isInView, type View } from '../../shared/contracts/status.ts';
import { type LiveUpdate, PAGE_ROWS } from './live-update.tsx';

/**
 * Everything that these events changed, as one view sees it: the latest state of each order that is in the view
 * or was in it before one of them, newest order first, and no more rows than a page shows.
 *
 * An order that has left the view comes with `inView: false`, so that an open row can be marked.
 * Counts and cursor move with every event, so there is an update even when no row of the view changed.
 *
 * @param events at least one, dense, oldest first
 * @param cursor the place of the last of them
 */
export function gatherUpdate(view: View, events: readonly OrderEvent[], cursor: string): LiveUpdate {
  const touched = new Map<number, AdminOrder>();
  const placed: AdminOrder[] = [];
  const tested: string[] = [];
  for (const { order, previousStatus, type } of events) {
    if (type === 'order.tested') {
      tested.push(order.number);
      continue;
    }
    if (type === 'order.placed' && !isInView(view, order.status)) placed.push(order);
    const wasInView = previousStatus !== null && isInView(view, previousStatus);
    if (wasInView || isInView(view, order.status) || touched.has(order.id)) touched.set(order.id, order);
  }
  const newestFirst = [...touched.values()].sort((a, b) => b.id - a.id);
  return {
    view,
    rows: newestFirst.slice(0, PAGE_ROWS).map((order) => ({ order, inView: isInView(view, order.status) })),
    omitted: Math.max(0, newestFirst.length - PAGE_ROWS),
    placedElsewhere: placed.slice(-PAGE_ROWS),
    counts: (events.at(-1) as OrderEvent).counts,
    tested,
    after: (events[0] as OrderEvent).seq - 1,
    cursor,
  };
}

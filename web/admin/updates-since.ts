import type { OrderEvent } from '../../shared/contracts/event.ts';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import { isInView, type View } from '../../shared/contracts/status.ts';
import { type LiveUpdate, PAGE_ROWS } from '../fragments/live-update.tsx';
import type { OrdersClient } from '../orders-client.ts';

/** More than this in one poll, and reading the rows anew is cheaper than replaying. */
const MAX_EVENTS = 300;

export type Since =
  | { kind: 'nothing' }
  | { kind: 'update'; update: LiveUpdate; events: readonly OrderEvent[] }
  /** The cursor is too old, of another epoch, or too far behind: only fresh rows help. */
  | { kind: 'anew' };

/** What has changed in a view since a page's cursor, in the very form that the stream sends. */
export async function updatesSince(orders: OrdersClient, session: string, view: View, after: string): Promise<Since> {
  const answer = await orders.events(session, { after, limit: MAX_EVENTS });
  if (!answer.ok) return { kind: 'anew' };
  const { epoch, head, events } = answer.data;
  const last = events.at(-1);
  if (!last) return after === `${epoch}.${head}` ? { kind: 'nothing' } : { kind: 'anew' };
  if (last.seq < head) return { kind: 'anew' };
  const rows = rowsTouched(view, events);
  if (rows.length > PAGE_ROWS) return { kind: 'anew' };
  return {
    kind: 'update',
    update: { view, rows, omitted: 0, counts: last.counts, cursor: `${epoch}.${last.seq}` },
    events,
  };
}

/** Latest state of every order that is in the view or has been in it meanwhile, newest order first. */
function rowsTouched(view: View, events: readonly OrderEvent[]): LiveUpdate['rows'] {
  const latest = new Map<number, AdminOrder>();
  for (const { order, previousStatus } of events) {
    const was = previousStatus !== null && isInView(view, previousStatus);
    if (was || latest.has(order.id) || isInView(view, order.status)) latest.set(order.id, order);
  }
  return [...latest.values()]
    .sort((a, b) => b.id - a.id)
    .map((order) => ({ order, inView: isInView(view, order.status) }));
}

import type { OrderEvent } from '../../shared/contracts/event.ts';
import type { View } from '../../shared/contracts/status.ts';
import { gatherUpdate } from '../fragments/gather-update.ts';
import type { LiveUpdate } from '../fragments/live-update.tsx';
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
  const update = gatherUpdate(view, events, `${epoch}.${last.seq}`);
  return update.omitted > 0 ? { kind: 'anew' } : { kind: 'update', update, events };
}

import { z } from 'zod';
import { CursorText } from './cursor.ts';
import { AdminOrder } from './order.ts';
import { queryInteger } from './query-integer.ts';
import { Counts, Status } from './status.ts';

/**
 * What the team does around an order without moving it: no shopper is told, and nobody's change of status is stale
 * because of it.
 */
const TEAM_EVENT_TYPES = ['order.claimed', 'order.taken_over', 'order.released', 'order.noted'] as const;
export const EVENT_TYPES = [
  'order.placed',
  'order.status_changed',
  'order.status_undone',
  'order.erased',
  /** Of no order: an admin has tried whether orders arrive. Tells its number, moves no count. */
  'order.tested',
  ...TEAM_EVENT_TYPES,
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export function isTeamEvent(type: string): boolean {
  return (TEAM_EVENT_TYPES as readonly string[]).includes(type);
}

/** One row of the event log: what happened, and the order as it was right after. */
export const OrderEvent = z.object({
  seq: z.int().min(1),
  /** One of EVENT_TYPES, or what a newer writer added: to whoever does not know it, a change like any other. */
  type: z.string().max(32),
  at: z.iso.datetime(),
  /** The status before, also where it stayed the same; null when the order was placed. */
  previousStatus: Status.nullable(),
  order: AdminOrder,
  /** Counts per status right after this event. */
  counts: Counts,
  /** Which shopper's page this concerns, without the token that opens it: see `shopperKey`. */
  shopperKey: z.string(),
});
export type OrderEvent = z.infer<typeof OrderEvent>;

/** `GET /events?after=<cursor>&limit=` — dense, in commit order, durable before it is shown. */
export const EventPage = z.object({
  epoch: z.string(),
  /** The newest event that is durable. */
  head: z.int().min(0),
  /** The oldest seq that is still kept; `head + 1` when none is. */
  floor: z.int().min(1),
  events: z.array(OrderEvent),
});
export type EventPage = z.infer<typeof EventPage>;
export const EventQuery = z.object({
  /** Absent: from the oldest event kept. */
  after: CursorText.optional(),
  /** 0 asks for the head alone. */
  limit: queryInteger(0, 500).default(100),
});

/**
 * What orders processes send to notifiers over Redis: the events of one committed group, where the log stands, or
 * that an admin has changed a product.
 */
export const EVENTS_CHANNEL = 'msp:events';
export const ChannelMessage = z.union([
  z.object({ epoch: z.string(), events: z.array(OrderEvent).min(1) }),
  z.object({ epoch: z.string(), head: z.int().min(0) }),
  z.object({ catalogue: z.literal('changed') }),
]);
/** Of these, what is said of the log. */
export type LogMessage = Exclude<ChannelMessage, { catalogue: unknown }>;
export type ChannelMessage = z.infer<typeof ChannelMessage>;

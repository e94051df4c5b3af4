import { z } from 'zod';
import { CursorText } from './cursor.ts';
import { Cents } from './money.ts';
import { Counts } from './status.ts';

/** What the dashboard looks at; days of the shop, today included but in `yesterday`. */
export const PERIODS = ['today', 'yesterday', 'week', 'month'] as const;
export const Period = z.enum(PERIODS);
export type Period = z.infer<typeof Period>;

/** `GET /stats?period=` */
export const StatsQuery = z.object({ period: Period.default('today') });

/** Revenue leaves cancelled orders out. */
export const DayStats = z.object({ day: z.iso.date(), orders: z.int(), revenueCents: z.int() });
export type DayStats = z.infer<typeof DayStats>;

/** Of the orders placed in a period. */
export const PeriodStats = z.object({
  /** Days of the shop, both included. */
  from: z.iso.date(),
  to: z.iso.date(),
  orders: z.int().min(0),
  statuses: Counts,
  /** Of orders that are not cancelled, as the average is; null where there are none. */
  revenueCents: z.int(),
  averageCents: z.int().nullable(),
  /**
   * From being placed to each status: what half of the orders that came so far took at most, to within 5 %. Without
   * cancelled ones: of those that stand there, or further on.
   */
  medianSeconds: z.object({ en_cours: z.number().nullable(), terminee: z.number().nullable() }),
  /** Those that brought most, the best first. */
  products: z.array(z.object({ productId: z.int(), name: z.string(), quantity: z.int(), revenueCents: Cents })),
});
export type PeriodStats = z.infer<typeof PeriodStats>;

export const Stats = z.object({
  currency: z.string(),
  period: PeriodStats,
  today: DayStats,
  /** Oldest first, today included: thirty for the period `month`, else seven. */
  days: z.array(DayStats),
  /** Of all orders there are. */
  counts: Counts,
  /** Events that the figures by day do not hold yet; 0 but after a long pause. The counts hold all. */
  behind: z.int().min(0),
  cursor: CursorText,
});
export type Stats = z.infer<typeof Stats>;

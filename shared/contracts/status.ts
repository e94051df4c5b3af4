import { z } from 'zod';

export const STATUSES = ['en_attente', 'en_cours', 'terminee', 'annulee'] as const;
export const Status = z.enum(STATUSES);
export type Status = z.infer<typeof Status>;

export { TRANSITIONS } from './transitions.ts';

/** A view is a filter of the order table that has a live stream of its own. */
export const VIEWS = ['all', ...STATUSES] as const;
export const View = z.enum(VIEWS);
export type View = z.infer<typeof View>;

/** True when an order with this status belongs to the view. */
export function isInView(view: View, status: Status): boolean {
  return view === 'all' || view === status;
}

/** How many orders stand in each status. */
export const Counts = z.object({
  en_attente: z.int().min(0),
  en_cours: z.int().min(0),
  terminee: z.int().min(0),
  annulee: z.int().min(0),
});
export type Counts = z.infer<typeof Counts>;

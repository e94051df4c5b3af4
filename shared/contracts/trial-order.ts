import { z } from 'zod';

/** The answer to `POST /trial-orders`. */
export const TrialOrder = z.object({
  /** By this the page recognises the trial when its event arrives; no order has it. */
  number: z.string(),
  /** From its place in the queue of orders to the acknowledged commit, in milliseconds. */
  storedMs: z.number().nonnegative(),
});
export type TrialOrder = z.infer<typeof TrialOrder>;

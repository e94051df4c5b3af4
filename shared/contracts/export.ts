import { z } from 'zod';
import { ShopDay } from './order.ts';
import { Status } from './status.ts';

/** Orders that may be named one by one, to be exported or printed. */
export const MAX_PICKED_ORDERS = 200;

/**
 * `POST /exports` — what is about to be taken away as a file, as far as the audit log may know it: never what was
 * searched for, because that may be a customer's name.
 */
export const ExportInput = z.strictObject({
  /** How many orders were named; absent where a filter says which. */
  picked: z.int().min(1).max(MAX_PICKED_ORDERS).optional(),
  status: Status.optional(),
  from: ShopDay.optional(),
  to: ShopDay.optional(),
  /** The filter has more to it. */
  isNarrower: z.boolean().optional(),
});
export type ExportInput = z.infer<typeof ExportInput>;

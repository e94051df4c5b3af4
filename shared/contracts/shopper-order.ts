import { z } from 'zod';
import { CustomerInput } from './order.ts';

/** `POST /orders/by-token/:token/cancel` — the version that the shopper saw. */
export const CancelOrderInput = z.strictObject({ version: z.int().min(1).max(2_147_483_647) });

/** `POST /find-order` — a number of another form is nobody's, and is answered like any other that is. */
export const FindOrderInput = z.strictObject({ number: z.string().min(1).max(64), email: CustomerInput.shape.email });

/** What the shopper's link ends with. */
export const FoundOrder = z.object({ token: z.string() });
export type FoundOrder = z.infer<typeof FoundOrder>;

/**
 * A number as people copy it from a screen or a paper: in small letters, with spaces, without its dashes, with an O
 * for a zero. Anything that is none comes out as something that is none.
 */
export function readOrderNumber(text: string): string {
  const [, day, random = ''] = /^(?:CMD)?(\d{8})(\w{6})$/.exec(text.toUpperCase().replace(/[^0-9A-Z]/g, '')) ?? [];
  return day ? `CMD-${day}-${random.replaceAll('O', '0').replace(/[IL]/g, '1')}` : text.trim().slice(0, 64);
}

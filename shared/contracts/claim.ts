import { z } from 'zod';

/** Who is on an order. Ends when the page that holds it is gone. */
export const Claim = z.object({ byId: z.int().min(1), by: z.string(), since: z.iso.datetime() });
export type Claim = z.infer<typeof Claim>;

/** A claim that no page has renewed for so long is over. Browsers run the timers of a hidden page once a minute. */
export const CLAIM_SECONDS = 90;

/** `PUT /orders/:number/claim` — with `takeOver` also from somebody who is on it. */
export const ClaimInput = z.strictObject({ takeOver: z.boolean().default(false) });

export const MAX_RENEWED_CLAIMS = 200;
/** `POST /claims/renew` — the orders that a page holds. */
export const RenewClaimsInput = z.strictObject({ numbers: z.array(z.string().max(32)).max(MAX_RENEWED_CLAIMS) });
/** Those of them that the admin is still on. */
export const RenewedClaims = z.object({ held: z.array(z.string()) });

import { z } from 'zod';
import { Claim } from './claim.ts';

/**
 * RFC 9457 problem details, as every service answers errors to programs.
 * `code` is stable and few; `detail` is for people and may change; neither ever holds a cause, a path or SQL.
 */
export const PROBLEM_CODES = {
  validation: 400,
  unauthenticated: 401,
  bad_credentials: 401,
  totp_required: 401,
  bad_code: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  out_of_stock: 409,
  price_changed: 409,
  stale_version: 409,
  bad_transition: 409,
  unfinished_orders: 409,
  name_taken: 409,
  catalogue_full: 409,
  already_claimed: 409,
  undo_expired: 409,
  too_many_notes: 409,
  already_admin: 409,
  last_owner: 409,
  already_enrolled: 409,
  not_enrolled: 409,
  cursor_expired: 410,
  invitation_gone: 410,
  too_large: 413,
  unsupported_media_type: 415,
  key_reused: 422,
  too_many_requests: 429,
  internal: 500,
  overloaded: 503,
  unavailable: 503,
  timeout: 504,
} as const;

export const ProblemCode = z.enum(Object.keys(PROBLEM_CODES) as [keyof typeof PROBLEM_CODES]);
export type ProblemCode = z.infer<typeof ProblemCode>;

/** One field that was refused: `path` is a JSON path such as `lines.0.quantity`. */
export const FieldError = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/** A line that could not be served as asked, with what the shop can offer now. */
export const LineConflict = z.object({
  productId: z.int(),
  requested: z.int(),
  /** Units left; null when the product's stock is not limited. */
  available: z.int().nullable(),
  unitPriceCents: z.int(),
});
export type LineConflict = z.infer<typeof LineConflict>;

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: ProblemCode,
  detail: z.string().optional(),
  /** With `validation`. */
  errors: z.array(FieldError).optional(),
  /** With `out_of_stock` and `price_changed`: the lines as they stand now, and their total. */
  lines: z.array(LineConflict).optional(),
  totalCents: z.int().optional(),
  /** With `stale_version` and `bad_transition`: what the order is now, and who made it so. */
  current: z
    .object({
      status: z.string(),
      version: z.int(),
      changedBy: z.string().nullable(),
      changedAt: z.iso.datetime(),
    })
    .optional(),
  /** With `already_claimed`: who is on it. */
  claim: Claim.optional(),
  /** With `unfinished_orders`: their numbers, at most 20. */
  orders: z.array(z.string()).optional(),
  /** With `totp_required`: stands for the password in `POST /sessions/second-step`. */
  ticket: z.string().optional(),
  /** With `cursor_expired`: where the log stands, so that the reader can start again. */
  cursor: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

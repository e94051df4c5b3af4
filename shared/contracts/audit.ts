import { z } from 'zod';

/** What is written down of what admins do. What they do to orders is in the event log, and listed beside it. */
export const AUDIT_ACTIONS = [
  'signed_in',
  'signed_in_by_recovery_code',
  'code_refused',
  'signed_out',
  'sessions_ended',
  'password_changed',
  'second_factor_enabled',
  'second_factor_disabled',
  'recovery_codes_renewed',
  'admin_invited',
  'access_link_made',
  'invitation_withdrawn',
  'admin_joined',
  'access_renewed',
  'admin_disabled',
  'admin_enabled',
  'role_changed',
  'customer_exported',
  'customer_erased',
  'orders_exported',
  'product_created',
  'product_changed',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** How long an entry is kept: the most that the CNIL advises for logs of access (six months to a year). */
export const AUDIT_DAYS = 365;

export const AuditEntry = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  /** Null when nobody of the team did it. */
  by: z.string().nullable(),
  /** One of AUDIT_ACTIONS; a newer service may know more. */
  action: z.string(),
  /** What it was done to: an admin's e-mail, a product's slug. Never a customer. */
  subject: z.string().nullable(),
  /** Such as a device, a role, or how many. */
  detail: z.string().nullable(),
  /** The network that the session was opened from. */
  network: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** A change of an order by an admin. */
export const OrderChange = z.object({
  seq: z.int(),
  at: z.iso.datetime(),
  by: z.string(),
  type: z.string(),
  number: z.string(),
  status: z.string(),
  previousStatus: z.string().nullable(),
});
export type OrderChange = z.infer<typeof OrderChange>;

/** `GET /audit?before=&limit=` — newest first; `next` is the `before` of the next page. */
export const AuditPage = z.object({ entries: z.array(AuditEntry), next: z.int().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;
/** `GET /audit/orders?before=&limit=` */
export const OrderChangePage = z.object({ changes: z.array(OrderChange), next: z.int().nullable() });
export type OrderChangePage = z.infer<typeof OrderChangePage>;

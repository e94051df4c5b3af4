import { z } from 'zod';
import { AdminOrder, CustomerInput } from './order.ts';
import { Status } from './status.ts';

/** A customer is known by nothing but the e-mail of their orders, in whatever letter case it was typed. */
export const CustomerQuery = z.strictObject({ email: CustomerInput.shape.email });

/** `POST /customers/find` — what there is of a customer. Null dates when there is nothing. */
export const CustomerSummary = z.object({
  orders: z.int().min(0),
  firstPlacedAt: z.iso.datetime().nullable(),
  lastPlacedAt: z.iso.datetime().nullable(),
  /** Numbers of orders that are neither finished nor cancelled, oldest first, at most 20: they stop an erasure. */
  unfinished: z.array(z.string()),
});
export type CustomerSummary = z.infer<typeof CustomerSummary>;

/**
 * `POST /customers/export` — everything that is kept about a customer, as GDPR art. 15 and 20 ask for it.
 * Names no admin: who of the team did what is not the customer's data.
 */
export const CustomerExport = z.object({
  format: z.literal('msp-customer-1'),
  exportedAt: z.iso.datetime(),
  /** As it was asked for; each order has it as it was typed then. */
  email: z.string(),
  /** Oldest first. */
  orders: z.array(
    AdminOrder.pick({
      number: true,
      status: true,
      name: true,
      email: true,
      phone: true,
      notes: true,
      lines: true,
      totalCents: true,
      currency: true,
      placedAt: true,
      changedAt: true,
    }).extend({
      /** What the team wrote down about the order. */
      teamNotes: z.array(z.string()),
      /** What happened to the order and when, oldest first. */
      history: z.array(z.object({ type: z.string(), status: Status, at: z.iso.datetime() })),
    }),
  ),
});
export type CustomerExport = z.infer<typeof CustomerExport>;

/** `POST /customers/erase` */
export const CustomerErasure = z.object({
  /** Orders that have lost their customer by this request. */
  erased: z.int().min(0),
  /** False when there were more than one request may take: ask again. */
  complete: z.boolean(),
});
export type CustomerErasure = z.infer<typeof CustomerErasure>;

import { z } from 'zod';
import { Claim } from './claim.ts';
import { CursorText } from './cursor.ts';
import {
  CUSTOMER_RULES,
  type CustomerField,
  EMAIL,
  MAX_EMAIL_CHARS,
  MAX_NAME_CHARS,
  MAX_NOTES_CHARS,
  MAX_PHONE_CHARS,
  PHONE,
  tidyText,
} from './customer-rules.ts';
import { Cents, MAX_ORDER_CENTS, MAX_ORDER_LINES, Quantity } from './money.ts';
import { CLAIM_FILTERS, MAX_SEARCH_CHARS, STAGE_NAMES } from './order-filter.ts';
import { MAX_PRODUCT_ID } from './product.ts';
import { queryInteger } from './query-integer.ts';
import { SavedView } from './saved-view.ts';
import { Counts, Status, View } from './status.ts';

/** Sentences are for pages: see customer-rules.ts. */
const REQUIRED = { error: 'required' };
const INVALID = { error: 'invalid' };
const PRINTABLE = '[^\\p{Cc}\\p{Zl}\\p{Zp}]*';

/** A text by the rules that browsers apply as well, tidied first. */
const typed = (field: CustomerField, missing: { error: string }) =>
  z
    .string(missing)
    .overwrite(tidyText)
    .superRefine((text, ctx) => {
      const message = CUSTOMER_RULES[field](text);
      if (message) ctx.addIssue({ code: 'custom', message });
    });

const optional = <Schema extends z.ZodType<string>>(schema: Schema) =>
  schema.optional().transform((text) => text || undefined);

/** What a shopper types. Empty optional fields count as absent. `meta` tells the API's description what rules cannot. */
export const CustomerInput = z.object({
  name: typed('name', REQUIRED).meta({
    minLength: 1,
    maxLength: MAX_NAME_CHARS,
    pattern: `^${PRINTABLE}[\\p{L}\\p{N}]${PRINTABLE}$`,
  }),
  email: typed('email', REQUIRED).meta({
    format: 'email',
    minLength: 1,
    maxLength: MAX_EMAIL_CHARS,
    pattern: EMAIL.source,
  }),
  phone: optional(typed('phone', INVALID).meta({ maxLength: MAX_PHONE_CHARS, pattern: PHONE.source })),
  notes: optional(
    typed('notes', INVALID).meta({
      maxLength: MAX_NOTES_CHARS,
      pattern: '^(?:[\\n\\r\\t]|[^\\p{Cc}\\p{Zl}\\p{Zp}])*$',
    }),
  ),
});

export const PlaceOrderInput = z.strictObject({
  ...CustomerInput.shape,
  lines: z
    .array(z.strictObject({ productId: z.int().min(1).max(MAX_PRODUCT_ID), quantity: Quantity }))
    .min(1)
    .max(MAX_ORDER_LINES),
  /** The total that the shopper saw. When it is no longer right, the order is refused with `price_changed`. */
  expectedTotalCents: Cents.optional(),
});
export type PlaceOrderInput = z.infer<typeof PlaceOrderInput>;

/** Printable ASCII without spaces, 1 to 255 characters, chosen by the client at random and kept across repeats. */
export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/);

/** The answer to a placed order; the same for every repeat, so it only holds what never changes. */
export const PlacedOrder = z.object({
  number: z.string(),
  /** Opens the shopper's page; 128 random bits and a check, see shopper-token.ts. */
  token: z.string(),
  status: Status,
  totalCents: Cents,
  currency: z.string(),
  placedAt: z.iso.datetime(),
});
export type PlacedOrder = z.infer<typeof PlacedOrder>;

export const OrderLine = z.object({
  productId: z.int(),
  name: z.string(),
  quantity: Quantity,
  unitPriceCents: Cents,
});
export type OrderLine = z.infer<typeof OrderLine>;

/** An order as an admin sees it: enough for a row of the table and for the order's page. */
export const AdminOrder = z.object({
  /** Grows with every order and never changes; the order table is sorted by it, because clocks jump. */
  id: z.int().min(1),
  number: z.string(),
  status: Status,
  /** 1 when placed, one more for every change; a change must name the version it saw. */
  version: z.int().min(1),
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  notes: z.string().nullable(),
  lines: z.array(OrderLine),
  totalCents: Cents,
  currency: z.string(),
  placedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  /** The admin who made the last change; null where it was the shopper, or the retention of personal data. */
  changedBy: z.string().nullable(),
  /** When the customer was erased: name and e-mail are empty since, phone and notes null. Absent until then. */
  erasedAt: z.iso.datetime().optional(),
  /** Absent while nobody is on it. */
  claim: Claim.optional(),
});
export type AdminOrder = z.infer<typeof AdminOrder>;

/** The same order without whoever placed it; number, lines, total and status stay. */
export function withoutCustomer(order: AdminOrder, erasedAt: string): AdminOrder {
  return { ...order, name: '', email: '', phone: null, notes: null, erasedAt };
}

/** A day in the shop's time zone that a DATETIME can hold, and its neighbours too. */
export const ShopDay = z.iso
  .date()
  .regex(/^(?:19|2[0-9])[0-9]{2}-/, INVALID)
  .meta({ format: 'date' });

/** `GET /orders` — rows, counts and cursor come from one snapshot: the stream goes on exactly where the page ends. */
export const OrderListQuery = z.object({
  status: View.optional(),
  /** Who is on it, seen from who asks; `free` are those that still have to be done. */
  claim: z.enum(CLAIM_FILTERS).optional(),
  /** `sold`: not cancelled. `started`: somebody has begun, and it is not cancelled. */
  stage: z.enum(STAGE_NAMES).optional(),
  /** A line of it is of this product. */
  product: queryInteger(1, MAX_PRODUCT_ID).optional(),
  /** How a number, e-mail or phone number begins, or a name, or what follows its first word: see order-filter.ts. */
  q: z.string().trim().normalize('NFC').max(MAX_SEARCH_CHARS).optional(),
  /** Both included. */
  from: ShopDay.optional(),
  to: ShopDay.optional(),
  /** Of the total, both included. */
  minCents: queryInteger(0, MAX_ORDER_CENTS).optional(),
  maxCents: queryInteger(0, MAX_ORDER_CENTS).optional(),
  /** Keyset: only orders with a smaller id than this one. */
  before: queryInteger(1, Number.MAX_SAFE_INTEGER).optional(),
  /** Keyset, the other way: the nearest orders with a greater id. Where they are fewer than a page, the first page. */
  above: queryInteger(0, Number.MAX_SAFE_INTEGER).optional(),
  limit: queryInteger(1, 200).default(50),
  /** Asks for more in the same answer: what the order table shows beside its rows. */
  with: z.literal('views').optional(),
});
export const OrderList = z.object({
  orders: z.array(AdminOrder),
  /** With `with=views`: those of `GET /views`. Absent from an orders process of a version before, too. */
  views: z.array(SavedView).optional(),
  /** Pass as `before` for the page of older orders; null on the last one. */
  next: z.int().nullable(),
  /** Pass as `above` for the page of newer orders; null on the first one. */
  previous: z.int().nullable().default(null),
  /**
   * Set when the search ended before the page was full, because one request looks at so many orders and no more: those
   * back to then were looked at. `next`, or `previous` where it was asked for by `above`, leads on.
   */
  searchedUntil: z.iso.datetime().nullable().default(null),
  /** The newest order of all, whatever was asked for: those with a greater id are new. Null where there is none. */
  newest: z.int().nullable().default(null),
  counts: Counts,
  cursor: CursorText,
});
export type OrderList = z.infer<typeof OrderList>;

/** One entry of an order's history, out of the event log. */
export const HistoryEntry = z.object({
  seq: z.int(),
  type: z.string(),
  /** As it was before, and right after. The same where the order was not moved; null before it was placed. */
  previousStatus: Status.nullable(),
  status: Status,
  at: z.iso.datetime(),
  by: z.string().nullable(),
  /** With `order.noted`; empty once the customer was erased. */
  note: z.string().optional(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;
export const OrderDetail = z.object({
  order: AdminOrder,
  /** Opens the shopper's page. */
  token: z.string(),
  history: z.array(HistoryEntry),
  cursor: CursorText,
});
export type OrderDetail = z.infer<typeof OrderDetail>;

/** `GET /orders/by-token/:token` — the shopper's own order. Names no admin. */
export const ShopperOrder = z.object({
  number: z.string(),
  status: Status,
  version: z.int(),
  /** Empty once the customer was erased. */
  name: z.string(),
  lines: z.array(OrderLine),
  totalCents: Cents,
  currency: z.string(),
  placedAt: z.iso.datetime(),
  /** When each status was reached, oldest first. */
  history: z.array(z.object({ status: Status, at: z.iso.datetime() })),
  cursor: CursorText,
});
export type ShopperOrder = z.infer<typeof ShopperOrder>;

const SeenVersion = z.int().min(1).max(2_147_483_647);
export const ChangeStatusInput = z.strictObject({ status: Status, version: SeenVersion });
/** `POST /orders/:number/undo` — the version that the change to be undone has made. */
export const UndoInput = z.strictObject({ version: SeenVersion });
/** A change of status may be undone by whoever made it, for so long. */
export const UNDO_SECONDS = 10;

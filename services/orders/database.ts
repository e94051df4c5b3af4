import type { Generated, GeneratedAlways, Kysely } from 'kysely';
import type { Role } from '../../shared/contracts/role.ts';
import type { Status } from '../../shared/contracts/status.ts';

export interface ProductRow {
  id: Generated<number>;
  slug: string;
  name: string;
  description: string;
  price_cents: number;
  /** Null when the stock is not limited. */
  stock: number | null;
  /** 1 when it is not for sale: not listed, and not to be ordered. */
  hidden: Generated<number>;
  /** Empty where there is none. */
  category: Generated<string>;
  /** The hash of a row of product_pictures; null where none was uploaded. */
  picture: string | null;
  version: Generated<number>;
  /** Of the last change by an admin; null until there is one. */
  changed_at: Date | null;
  changed_by: string | null;
  changed_by_id: number | null;
}

/** A picture as it is served. */
export interface ProductPictureRow {
  hash: string;
  bytes: Buffer;
  /** When a product was given it, or lost it. */
  used_at: Date;
}

export interface OrderRow {
  id: Generated<number>;
  number: string;
  token: string;
  status: Status;
  version: number;
  name: string;
  /** What follows the first word of the name, or all of it. */
  name_rest: GeneratedAlways<string>;
  email: string;
  phone: string | null;
  phone_digits: GeneratedAlways<string | null>;
  notes: string | null;
  total_cents: number;
  currency: string;
  placed_at: Date;
  changed_at: Date;
  changed_by: string | null;
  changed_by_id: number | null;
  /** When the order lost its customer: name and e-mail are empty since, phone and notes null. */
  erased_at: Date | null;
}

export interface OrderLineRow {
  order_id: number;
  position: number;
  product_id: number;
  name: string;
  quantity: number;
  unit_price_cents: number;
}

export interface IdempotencyKeyRow {
  key_text: string;
  body_hash: string;
  /** The transaction attempt that inserted the row; tells one's own keys from those of others. */
  group_id: string;
  order_id: number | null;
  created_at: Date;
}

/** The one row that says where the event log stands. Locked last by whoever appends, freed by the commit. */
export interface EventHeadRow {
  id: number;
  epoch: string;
  head: number;
  /** The oldest event whose snapshot is kept; `head + 1` when none is. */
  floor: number;
  en_attente: number;
  en_cours: number;
  terminee: number;
  annulee: number;
}

export interface OrderEventRow {
  seq: number;
  type: string;
  order_id: number;
  status: Status;
  previous_status: Status | null;
  at: Date;
  actor: string | null;
  /** The whole event as JSON; null once it is out of retention, while the row stays as the order's history. */
  snapshot: string | null;
}

/** Who is on an order; gone when nobody is. */
export interface OrderClaimRow {
  order_id: number;
  admin_id: number;
  admin_name: string;
  since: Date;
  /** By the database's clock, so that all processes mean the same. */
  until: Date;
}

/** What the team wrote down; who and when is in the event of the same version. */
export interface OrderNoteRow {
  order_id: number;
  /** Which version of the order the note has made. */
  version: number;
  note_id: string;
  /** Empty once the customer was erased. */
  text: string;
}

export interface AdminRow {
  id: Generated<number>;
  email: string;
  name: string;
  password_hash: string;
  role: Generated<Role>;
  created_at: Date;
  /** Null while the admin may sign in. */
  disabled_at: Date | null;
  last_sign_in_at: Date | null;
  /** Sealed, see totp.ts. */
  totp_secret: string | null;
  /** Null while the second factor is off, or not confirmed yet. */
  totp_since: Date | null;
  /** The step of the last code that was taken; no code of it or of one before is taken again. */
  totp_step: Generated<number>;
}

export interface RecoveryCodeRow {
  admin_id: number;
  code_hash: string;
}

/** A link by which somebody becomes an admin, or gets back in. */
export interface InvitationRow {
  id: Generated<number>;
  token_hash: string;
  email: string;
  role: Role;
  /** Who gets back in; null for somebody new. */
  admin_id: number | null;
  invited_by: number;
  expires_at: Date;
}

/** Written once, and neither changed nor deleted by the orders process. */
export interface AuditLogRow {
  id: Generated<number>;
  at: Date;
  admin_id: number | null;
  admin_name: string | null;
  action: string;
  subject: string | null;
  detail: string | null;
  network: string | null;
}

export interface SessionRow {
  id: string;
  admin_id: number;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  /** What opened it, and from where, as far as its owner needs to know it again. */
  device: string | null;
  network: string | null;
  /** To within a few minutes. */
  last_seen_at: Date | null;
}

/** A filter of the order table that an admin has given a name. */
export interface SavedViewRow {
  id: Generated<number>;
  admin_id: number;
  name: string;
  /** As it stands in the address of the table. */
  query: string;
}

export interface SignInFailuresRow {
  bucket: string;
  clears_at: Date;
}

/** The one row that says which events the sums by day hold, and in which zone its days are. */
export interface SalesProgressRow {
  id: number;
  seq: number;
  time_zone: string;
}

/** Orders placed on a day of the shop, by the status that they have; revenue without those that were cancelled. */
export interface DailySalesRow {
  day: string;
  en_attente: number;
  en_cours: number;
  terminee: number;
  annulee: number;
  revenue_cents: number;
}

export interface DailyProductsRow {
  day: string;
  product_id: number;
  quantity: number;
  revenue_cents: number;
}

/** How many orders of a day have reached a status after a wait of this class: see sales/waits.ts. */
export interface DailyWaitsRow {
  day: string;
  status: 'en_cours' | 'terminee';
  wait: number;
  orders: number;
}

export interface DurabilityGuardRow {
  process_id: string;
  beat: number;
  at: Date;
}

export interface Database {
  products: ProductRow;
  product_pictures: ProductPictureRow;
  orders: OrderRow;
  order_lines: OrderLineRow;
  idempotency_keys: IdempotencyKeyRow;
  event_head: EventHeadRow;
  order_events: OrderEventRow;
  order_claims: OrderClaimRow;
  order_notes: OrderNoteRow;
  admins: AdminRow;
  sessions: SessionRow;
  saved_views: SavedViewRow;
  sign_in_failures: SignInFailuresRow;
  recovery_codes: RecoveryCodeRow;
  invitations: InvitationRow;
  audit_log: AuditLogRow;
  sales_progress: SalesProgressRow;
  daily_sales: DailySalesRow;
  daily_products: DailyProductsRow;
  daily_waits: DailyWaitsRow;
  durability_guard: DurabilityGuardRow;
}

export type Db = Kysely<Database>;

/** The id of the only row of `event_head`. */
export const HEAD_ROW = 1;

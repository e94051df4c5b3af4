import type { Generated, Kysely } from 'kysely';
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
}

export interface OrderRow {
  id: Generated<number>;
  number: string;
  token: string;
  status: Status;
  version: number;
  name: string;
  email: string;
  phone: string | null;
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

export interface AdminRow {
  id: Generated<number>;
  email: string;
  name: string;
  password_hash: string;
  created_at: Date;
}

export interface SessionRow {
  id: string;
  admin_id: number;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

export interface SignInFailuresRow {
  bucket: string;
  clears_at: Date;
}

export interface DurabilityGuardRow {
  process_id: string;
  beat: number;
  at: Date;
}

export interface Database {
  products: ProductRow;
  orders: OrderRow;
  order_lines: OrderLineRow;
  idempotency_keys: IdempotencyKeyRow;
  event_head: EventHeadRow;
  order_events: OrderEventRow;
  admins: AdminRow;
  sessions: SessionRow;
  sign_in_failures: SignInFailuresRow;
  durability_guard: DurabilityGuardRow;
}

export type Db = Kysely<Database>;

/** The id of the only row of `event_head`. */
export const HEAD_ROW = 1;

import type { Selectable, Transaction } from 'kysely';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import { TRANSITIONS } from '../../shared/contracts/status.ts';
import type { Database, OrderClaimRow, OrderLineRow, OrderRow } from './database.ts';
import { inOnePacket } from './one-packet.ts';
import { statement } from './statement.ts';

/** What an order is made of, but for its lines and its claim. */
type Row = Pick<
  Selectable<OrderRow>,
  | 'id'
  | 'number'
  | 'status'
  | 'version'
  | 'name'
  | 'email'
  | 'phone'
  | 'notes'
  | 'total_cents'
  | 'currency'
  | 'placed_at'
  | 'changed_at'
  | 'changed_by'
  | 'erased_at'
>;
type Line = Omit<OrderLineRow, 'position'>;
type ClaimRow = Pick<OrderClaimRow, 'order_id' | 'admin_id' | 'admin_name' | 'since'>;

/** @param ids at least one; the rows come in descending order of their ids */
export const rowsOf = (ids: readonly number[]) =>
  statement<Row>`select id, number, status, version, name, email, phone, notes, total_cents, currency, placed_at, changed_at, changed_by, erased_at from orders where id in (${ids}) order by id desc`;

/** The lines of these orders, and who is on them. One that has run out counts until its end is an event. */
export const belongings = (ids: readonly number[]) =>
  [
    statement<Line>`select order_id, product_id, name, quantity, unit_price_cents from order_lines where order_id in (${ids}) order by order_id, position`,
    statement<ClaimRow>`select order_id, admin_id, admin_name, since from order_claims where order_id in (${ids})`,
  ] as const;

/** Adds to rows of the orders table their lines and, as long as there is something to do, who is on them. */
export async function withLines(trx: Transaction<Database>, rows: readonly Row[]): Promise<AdminOrder[]> {
  if (rows.length === 0) return [];
  const [lines, claims] = await inOnePacket(trx, belongings(rows.map(({ id }) => id)));
  return asOrders(rows, lines.rows, claims.rows);
}

/** Orders in the order of the rows. */
export function asOrders(rows: readonly Row[], lines: readonly Line[], claims: readonly ClaimRow[]): AdminOrder[] {
  const linesOf = Map.groupBy(lines, (line) => line.order_id);
  const claimOf = new Map(claims.map((claim) => [claim.order_id, claim]));
  return rows.map((row) => adminOrder(row, linesOf.get(row.id) ?? [], claimOf.get(row.id)));
}

function adminOrder(row: Row, lines: readonly Line[], claim: ClaimRow | undefined): AdminOrder {
  const isOpen = TRANSITIONS[row.status].length > 0;
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    version: row.version,
    name: row.name,
    email: row.email,
    phone: row.phone,
    notes: row.notes,
    lines: lines.map((line) => ({
      productId: line.product_id,
      name: line.name,
      quantity: line.quantity,
      unitPriceCents: line.unit_price_cents,
    })),
    totalCents: row.total_cents,
    currency: row.currency,
    placedAt: row.placed_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
    ...(row.erased_at && { erasedAt: row.erased_at.toISOString() }),
    ...(isOpen && claim && { claim: { byId: claim.admin_id, by: claim.admin_name, since: claim.since.toISOString() } }),
  };
}

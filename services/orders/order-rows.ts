import type { Kysely, Selectable } from 'kysely';
import type { Claim } from '../../shared/contracts/claim.ts';
import type { AdminOrder, OrderLine } from '../../shared/contracts/order.ts';
import { TRANSITIONS } from '../../shared/contracts/status.ts';
import { readClaims } from './claims.ts';
import type { Database, OrderRow } from './database.ts';

/** Adds to rows of the orders table their lines and, as long as there is something to do, who is on them. */
export async function withLines(db: Kysely<Database>, rows: readonly Selectable<OrderRow>[]): Promise<AdminOrder[]> {
  if (rows.length === 0) return [];
  const lines = await db
    .selectFrom('order_lines')
    .select(['order_id', 'product_id', 'name', 'quantity', 'unit_price_cents'])
    .where(
      'order_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('order_id')
    .orderBy('position')
    .execute();
  const open = rows.filter(({ status }) => TRANSITIONS[status].length > 0);
  const claims = await readClaims(
    db,
    open.map(({ id }) => id),
  );
  const byOrder = Map.groupBy(lines, (line) => line.order_id);
  return rows.map((row) =>
    adminOrder(
      row,
      (byOrder.get(row.id) ?? []).map((line) => ({
        productId: line.product_id,
        name: line.name,
        quantity: line.quantity,
        unitPriceCents: line.unit_price_cents,
      })),
      claims.get(row.id),
    ),
  );
}

function adminOrder(row: Selectable<OrderRow>, lines: OrderLine[], claim: Claim | undefined): AdminOrder {
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    version: row.version,
    name: row.name,
    email: row.email,
    phone: row.phone,
    notes: row.notes,
    lines,
    totalCents: row.total_cents,
    currency: row.currency,
    placedAt: row.placed_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
    ...(row.erased_at && { erasedAt: row.erased_at.toISOString() }),
    ...(claim && { claim }),
  };
}

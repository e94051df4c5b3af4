import type { Kysely, Selectable } from 'kysely';
import type { AdminOrder, OrderLine } from '../../shared/contracts/order.ts';
import type { Database, OrderRow } from './database.ts';

/** Adds the lines to rows of the orders table; one query for all of them. */
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
    ),
  );
}

function adminOrder(row: Selectable<OrderRow>, lines: OrderLine[]): AdminOrder {
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
  };
}

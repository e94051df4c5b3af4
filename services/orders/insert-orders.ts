import type { Transaction } from 'kysely';
import type { AdminOrder, OrderLine, PlaceOrderInput } from '../../shared/contracts/order.ts';
import type { Database } from './database.ts';

/** An accepted order on its way into the tables. */
export interface Draft {
  key: string;
  order: PlaceOrderInput;
  lines: OrderLine[];
  totalCents: number;
  number: string;
  token: string;
}

/** Writes accepted orders and their lines, two statements for all of them, and tells what they are now. */
export async function insertOrders(
  trx: Transaction<Database>,
  drafts: readonly Draft[],
  currency: string,
  now: Date,
): Promise<AdminOrder[]> {
  const { insertId } = await trx
    .insertInto('orders')
    .values(
      drafts.map(({ order, number, token, totalCents }) => ({
        number,
        token,
        status: 'en_attente' as const,
        version: 1,
        name: order.name,
        email: order.email,
        phone: order.phone ?? null,
        notes: order.notes ?? null,
        total_cents: totalCents,
        currency,
        placed_at: now,
        changed_at: now,
        changed_by: null,
        changed_by_id: null,
      })),
    )
    .executeTakeFirstOrThrow();
  // InnoDB gives consecutive ids to one insert of a known number of rows, and the session's increment is 1.
  const firstId = Number(insertId);
  const at = now.toISOString();
  const orders = drafts.map(
    ({ order, number, lines, totalCents }, i): AdminOrder => ({
      id: firstId + i,
      number,
      status: 'en_attente',
      version: 1,
      name: order.name,
      email: order.email,
      phone: order.phone ?? null,
      notes: order.notes ?? null,
      lines,
      totalCents,
      currency,
      placedAt: at,
      changedAt: at,
      changedBy: null,
    }),
  );
  await trx
    .insertInto('order_lines')
    .values(
      orders.flatMap(({ id, lines }) =>
        lines.map((line, position) => ({
          order_id: id,
          position,
          product_id: line.productId,
          name: line.name,
          quantity: line.quantity,
          unit_price_cents: line.unitPriceCents,
        })),
      ),
    )
    .execute();
  return orders;
}

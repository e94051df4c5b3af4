import type { AdminOrder, OrderLine, PlaceOrderInput } from '../../shared/contracts/order.ts';
import type { Change } from './append-events.ts';
import { insertion, lastInsertId } from './statement.ts';

/** An accepted order on its way into the tables. */
export interface Draft {
  key: string;
  bodyHash: string;
  order: PlaceOrderInput;
  lines: OrderLine[];
  totalCents: number;
  number: string;
  token: string;
}

/** The statement that writes accepted orders; InnoDB gives consecutive ids to one insert, in the order of its rows. */
export function insertOrders(drafts: readonly Draft[], currency: string, now: Date) {
  return insertion(
    'orders',
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
    })),
  );
}

/** The statement that writes the lines of the orders inserted last. Draws no ids itself, so those stay the last. */
export function insertLines(drafts: readonly Draft[]) {
  return insertion(
    'order_lines',
    drafts.flatMap(({ lines }, i) =>
      lines.map((line, position) => ({
        order_id: lastInsertId(i),
        position,
        product_id: line.productId,
        name: line.name,
        quantity: line.quantity,
        unit_price_cents: line.unitPriceCents,
      })),
    ),
  );
}

/** What happened to accepted orders once they are written, from this id on. */
export function placedChanges(drafts: readonly Draft[], firstId: number, currency: string, now: Date): Change[] {
  return drafts.map((draft, i) => ({
    type: 'order.placed',
    previousStatus: null,
    order: { id: firstId + i, ...placedOrder(draft, currency, now) },
    token: draft.token,
  }));
}

/** What an accepted order is, without the id that the table gives it. */
export function placedOrder(draft: Draft, currency: string, now: Date): Omit<AdminOrder, 'id'> {
  const { order, number, lines, totalCents } = draft;
  const at = now.toISOString();
  return {
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
  };
}

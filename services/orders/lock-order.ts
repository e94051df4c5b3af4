import type { Selectable, Transaction } from 'kysely';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Appended } from './append-events.ts';
import type { Database, OrderRow } from './database.ts';
import { withLines } from './order-rows.ts';

export type LockedOrder = Selectable<OrderRow>;

/** The admin who does something to an order. */
export interface By {
  id: number;
  name: string;
}

export interface ChangedOrder {
  order: AdminOrder;
  /** Null when this very change had been made before. */
  appended: Appended | null;
}

/**
 * An order, locked until the end of the transaction. Whoever changes one begins with this.
 * @throws {HttpProblem} `not_found`
 */
export async function lockOrder(
  trx: Transaction<Database>,
  value: string,
  by: 'number' | 'token' = 'number',
): Promise<LockedOrder> {
  const row = await trx.selectFrom('orders').selectAll().where(by, '=', value).forUpdate().executeTakeFirst();
  if (!row) throw new HttpProblem(404, 'not_found');
  return row;
}

export async function asOrder(trx: Transaction<Database>, row: LockedOrder): Promise<AdminOrder> {
  const [order] = await withLines(trx, [row]);
  return order!;
}

/** A new version of a locked order of which nothing but its claim or its notes is new. */
export async function newVersion(trx: Transaction<Database>, row: LockedOrder): Promise<LockedOrder> {
  const version = row.version + 1;
  await trx.updateTable('orders').set({ version }).where('id', '=', row.id).execute();
  return { ...row, version };
}

/** What a refused change is told of the order: where it stands now, and who moved it there. */
export const currentOf = (row: LockedOrder) => ({
  status: row.status,
  version: row.version,
  changedBy: row.changed_by,
  changedAt: row.changed_at.toISOString(),
});

import type { Selectable, Transaction } from 'kysely';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import { type Status, TRANSITIONS } from '../../shared/contracts/status.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { type Appended, appendEvents } from './append-events.ts';
import type { Database, OrderRow } from './database.ts';
import type { Durability } from './durability.ts';
import { withLines } from './order-rows.ts';
import { giveBackToStock } from './stock.ts';
import type { Outcome } from './transact.ts';

export interface StatusChange {
  number: string;
  status: Status;
  /** The version that the admin saw. */
  version: number;
  by: { id: number; name: string };
}

export interface ChangedOrder {
  order: AdminOrder;
  /** Null when this very change had been made before. */
  appended: Appended | null;
}

/**
 * Moves an order to another status. Cancelling gives its stock back.
 *
 * Locks the order, then products by id, then the head of the log. The same change sent again by the same admin (an
 * answer was lost) is answered as the first was; so the transaction may be run again as a whole.
 *
 * @throws {HttpProblem} `not_found`; `stale_version` when somebody was faster; `bad_transition` when no order goes
 * that way; the last two with the order's `current` state
 */
export async function changeStatus(
  trx: Transaction<Database>,
  change: StatusChange,
  durability: Durability,
): Promise<Outcome<ChangedOrder>> {
  const row = await trx
    .selectFrom('orders')
    .selectAll()
    .where('number', '=', change.number)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new HttpProblem(404, 'not_found');
  if (isRepeat(row, change)) {
    // The change may not be on disk yet, and must not be answered before it is.
    await durability.touch(trx);
    return { commit: true, value: { order: await asOrder(trx, row), appended: null } };
  }
  if (row.version !== change.version)
    throw new HttpProblem(409, 'stale_version', { extra: { current: currentOf(row) } });
  if (!TRANSITIONS[row.status].includes(change.status)) {
    throw new HttpProblem(409, 'bad_transition', { extra: { current: currentOf(row) } });
  }

  const changed = {
    status: change.status,
    version: row.version + 1,
    changed_at: new Date(),
    changed_by: change.by.name,
    changed_by_id: change.by.id,
  };
  await trx.updateTable('orders').set(changed).where('id', '=', row.id).execute();
  const order = await asOrder(trx, { ...row, ...changed });
  if (change.status === 'annulee') await giveBackToStock(trx, order.lines);
  const appended = await appendEvents(
    trx,
    [{ type: 'order.status_changed', previousStatus: row.status, order, token: row.token }],
    durability,
  );
  return { commit: true, value: { order, appended } };
}

function isRepeat(row: Selectable<OrderRow>, change: StatusChange): boolean {
  return row.version === change.version + 1 && row.status === change.status && row.changed_by_id === change.by.id;
}

const currentOf = (row: Selectable<OrderRow>) => ({
  status: row.status,
  version: row.version,
  changedBy: row.changed_by,
  changedAt: row.changed_at.toISOString(),
});

async function asOrder(trx: Transaction<Database>, row: Selectable<OrderRow>): Promise<AdminOrder> {
  const [order] = await withLines(trx, [row]);
  return order!;
}

import type { Transaction } from 'kysely';
import { type AdminOrder, UNDO_SECONDS } from '../../shared/contracts/order.ts';
import type { LineConflict } from '../../shared/contracts/problem.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { appendEvents } from './append-events.ts';
import type { Database } from './database.ts';
import type { Durability } from './durability.ts';
import { asOrder, type By, type ChangedOrder, currentOf, lockOrder } from './lock-order.ts';
import { lastMove, movesSince } from './moves-since.ts';
import { lockShelf, takeFromStock } from './stock.ts';
import type { Outcome } from './transact.ts';

export interface Undo {
  number: string;
  /** The version that the change to be undone has made. */
  version: number;
  by: By;
}

/**
 * Takes a change of status back, for whoever made it and within ten seconds: a slip of the hand, not another way for
 * orders to go. An order that is cancelled no more takes its stock again. Safe to repeat.
 *
 * Locks as `changeStatus` does.
 *
 * @throws {HttpProblem} `not_found`; `stale_version` when the order was moved since; `undo_expired` when it is too
 * late, or was somebody else's change; `out_of_stock` when others have bought what a cancellation gave back
 */
export async function undoChange(
  trx: Transaction<Database>,
  undo: Undo,
  durability: Durability,
): Promise<Outcome<ChangedOrder>> {
  const row = await lockOrder(trx, undo.number);
  const since = await movesSince(trx, row, undo.version);
  const isMine = row.changed_by_id === undo.by.id;
  if (since?.length === 1 && since[0]!.type === 'order.status_undone' && isMine) {
    await durability.touch(trx);
    return { commit: true, value: { order: await asOrder(trx, row), appended: null } };
  }
  if (since?.length !== 0) throw new HttpProblem(409, 'stale_version', { extra: { current: currentOf(row) } });
  const move = await lastMove(trx, row);
  const isInTime = Date.now() - row.changed_at.getTime() <= UNDO_SECONDS * 1000;
  if (move?.type !== 'order.status_changed' || !move.previous_status || !isMine || !isInTime) {
    throw new HttpProblem(409, 'undo_expired', { extra: { current: currentOf(row) } });
  }

  const changed = {
    status: move.previous_status,
    version: row.version + 1,
    changed_at: new Date(),
    changed_by: undo.by.name,
    changed_by_id: undo.by.id,
  };
  await trx.updateTable('orders').set(changed).where('id', '=', row.id).execute();
  const order = await asOrder(trx, { ...row, ...changed });
  if (row.status === 'annulee') await takeAgain(trx, order.lines);
  const appended = await appendEvents(
    trx,
    [{ type: 'order.status_undone', previousStatus: row.status, order, token: row.token }],
    durability,
  );
  return { commit: true, value: { order, appended } };
}

/** All of it or nothing: what the cancellation gave back may have been bought by now. */
async function takeAgain(trx: Transaction<Database>, lines: AdminOrder['lines']): Promise<void> {
  const wanted = new Map<number, number>();
  for (const { productId, quantity } of lines) wanted.set(productId, (wanted.get(productId) ?? 0) + quantity);
  const shelf = await lockShelf(trx, [...wanted.keys()]);
  const short: LineConflict[] = [];
  for (const [productId, requested] of wanted) {
    const item = shelf.get(productId);
    if (!item || item.stock === null || item.stock >= requested) continue;
    short.push({ productId, requested, available: item.stock, unitPriceCents: item.priceCents });
  }
  if (short.length > 0) throw new HttpProblem(409, 'out_of_stock', { extra: { lines: short } });
  await takeFromStock(trx, lines, shelf);
}

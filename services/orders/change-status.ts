import type { Transaction } from 'kysely';
import { type Status, TRANSITIONS } from '../../shared/contracts/status.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { appendEvents } from './append-events.ts';
import { endClaim } from './claims.ts';
import type { Database } from './database.ts';
import type { Durability } from './durability.ts';
import { asOrder, type By, type ChangedOrder, currentOf, type LockedOrder, lockOrder } from './lock-order.ts';
import { type Move, movesSince } from './moves-since.ts';
import { giveBackToStock } from './stock.ts';
import type { Outcome } from './transact.ts';

export interface StatusChange {
  number: string;
  status: Status;
  /** The version that the admin saw. */
  version: number;
  by: By;
}

/**
 * Moves an order to another status. Cancelling gives its stock back; nobody is on an order that has come to its end.
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
  const row = await lockOrder(trx, change.number);
  const since = await movesSince(trx, row, change.version);
  if (isRepeat(row, since, change)) {
    // The change may not be on disk yet, and must not be answered before it is.
    await durability.touch(trx);
    return { commit: true, value: { order: await asOrder(trx, row), appended: null } };
  }
  if (since?.length !== 0) throw new HttpProblem(409, 'stale_version', { extra: { current: currentOf(row) } });
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
  if (TRANSITIONS[change.status].length === 0) await endClaim(trx, row.id);
  const order = await asOrder(trx, { ...row, ...changed });
  if (change.status === 'annulee') await giveBackToStock(trx, order.lines);
  const appended = await appendEvents(
    trx,
    [{ type: 'order.status_changed', previousStatus: row.status, order, token: row.token }],
    durability,
  );
  return { commit: true, value: { order, appended } };
}

function isRepeat(row: LockedOrder, since: Move[] | undefined, change: StatusChange): boolean {
  return (
    since?.length === 1 &&
    since[0]!.type === 'order.status_changed' &&
    row.status === change.status &&
    row.changed_by_id === change.by.id
  );
}

import type { Transaction } from 'kysely';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { type Appended, appendEvents } from './append-events.ts';
import { endClaim } from './claims.ts';
import type { Database } from './database.ts';
import type { Durability } from './durability.ts';
import { asOrder, currentOf, lockOrder } from './lock-order.ts';
import { movesSince } from './moves-since.ts';
import { giveBackToStock } from './stock.ts';
import type { Outcome } from './transact.ts';

export interface Cancellation {
  token: string;
  /** The version that the shopper saw. */
  version: number;
}

/**
 * A shopper takes back their own order, for as long as nobody has begun with it. Its stock goes back, and its history
 * names nobody: that is how a shopper's cancellation is told from an admin's.
 *
 * Locks as `changeStatus` does. The same sent again (an answer was lost) finds its wish fulfilled, so the transaction
 * may be run again as a whole.
 *
 * @returns what was appended; null when the shopper had cancelled it before
 * @throws {HttpProblem} `not_found`; `bad_transition` once it is no longer waiting; `stale_version` when it has moved
 * since and is waiting again; the last two with the order's `current` state, without who moved it
 */
export async function cancelOrder(
  trx: Transaction<Database>,
  { token, version }: Cancellation,
  durability: Durability,
): Promise<Outcome<Appended | null>> {
  const row = await lockOrder(trx, token, 'token');
  if (row.status === 'annulee' && row.changed_by_id === null && row.erased_at === null) {
    await durability.touch(trx);
    return { commit: true, value: null };
  }
  const refusal = { extra: { current: { ...currentOf(row), changedBy: null } } };
  if (row.status !== 'en_attente') throw new HttpProblem(409, 'bad_transition', refusal);
  if ((await movesSince(trx, row, version))?.length !== 0) throw new HttpProblem(409, 'stale_version', refusal);

  const changed = {
    status: 'annulee' as const,
    version: row.version + 1,
    changed_at: new Date(),
    changed_by: null,
    changed_by_id: null,
  };
  await trx.updateTable('orders').set(changed).where('id', '=', row.id).execute();
  await endClaim(trx, row.id);
  const order = await asOrder(trx, { ...row, ...changed });
  await giveBackToStock(trx, order.lines);
  const appended = await appendEvents(
    trx,
    [{ type: 'order.status_changed', previousStatus: row.status, order, token }],
    durability,
  );
  return { commit: true, value: appended };
}

import type { Transaction } from 'kysely';
import { TRANSITIONS } from '../../shared/contracts/status.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { appendEvents } from './append-events.ts';
import { readLiveClaim, setClaim } from './claims.ts';
import type { Database } from './database.ts';
import type { Durability } from './durability.ts';
import { asOrder, type By, type ChangedOrder, currentOf, lockOrder, newVersion } from './lock-order.ts';
import type { Outcome } from './transact.ts';

export interface ClaimWish {
  number: string;
  /** Also when somebody is on it. */
  takeOver: boolean;
  by: By;
}

/**
 * Puts an admin on an order, so that two do not work on one. It only tells: nobody is kept from changing the order.
 * Safe to repeat; whoever is on it already stays, and has the lease renewed.
 *
 * @throws {HttpProblem} `not_found`; `bad_transition` when there is nothing left to be done; `already_claimed`, with
 * who is on it
 */
export async function claimOrder(
  trx: Transaction<Database>,
  { number, takeOver, by }: ClaimWish,
  durability: Durability,
): Promise<Outcome<ChangedOrder>> {
  const row = await lockOrder(trx, number);
  if (TRANSITIONS[row.status].length === 0) {
    throw new HttpProblem(409, 'bad_transition', { extra: { current: currentOf(row) } });
  }
  const claim = await readLiveClaim(trx, row.id);
  if (claim && claim.byId !== by.id && !takeOver) {
    throw new HttpProblem(409, 'already_claimed', { extra: { claim, current: currentOf(row) } });
  }
  const now = new Date();
  await setClaim(trx, row.id, by, claim?.byId === by.id ? new Date(claim.since) : now);
  if (claim?.byId === by.id) {
    await durability.touch(trx);
    return { commit: true, value: { order: await asOrder(trx, row), appended: null } };
  }
  const order = await asOrder(trx, await newVersion(trx, row));
  const type = claim ? 'order.taken_over' : 'order.claimed';
  const did = { by: by.name, at: now.toISOString() };
  const appended = await appendEvents(
    trx,
    [{ type, previousStatus: row.status, order, token: row.token, did }],
    durability,
  );
  return { commit: true, value: { order, appended } };
}

import type { CustomerErasure } from '../../shared/contracts/customer.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Announce } from './announce.ts';
import type { Db } from './database.ts';
import type { Durability } from './durability.ts';
import { ENDED, ERASE_BATCH, eraseOrders } from './erase-orders.ts';
import { findUnfinished } from './find-customer.ts';
import { forgetSearches } from './saved-views.ts';
import { transact } from './transact.ts';

/** One request's work has an end; a customer with more than 2,000 orders takes another one. */
const MAX_BATCHES = 20;

export interface EraseDeps {
  db: Db;
  durability: Durability;
  announce: Announce;
}

/**
 * Erases a customer from all of their orders, batch by batch. Safe to repeat: what is erased is no longer found.
 *
 * All or nothing as far as a person can tell: while an order is neither finished nor cancelled nothing is erased,
 * because the shop still owes it to somebody, and must know to whom.
 *
 * @param customer.email compared without letter case
 * @throws {HttpProblem} `unfinished_orders`, naming them
 */
export async function eraseCustomer(
  { db, durability, announce }: EraseDeps,
  customer: { email: string; by: { id: number; name: string } },
): Promise<CustomerErasure> {
  let erased = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const appended = await transact(db, async (trx) => {
      const unfinished = await findUnfinished(trx, customer.email);
      if (unfinished.length > 0) {
        throw new HttpProblem(409, 'unfinished_orders', {
          detail: 'Finish or cancel these orders first.',
          extra: { orders: unfinished },
        });
      }
      const rows = await trx
        .selectFrom('orders')
        .selectAll()
        .where('email', '=', customer.email)
        .where('status', 'in', ENDED)
        .orderBy('id')
        .limit(ERASE_BATCH)
        .forUpdate()
        .execute();
      if (rows.length === 0) return { commit: false, value: null };
      return { commit: true, value: await eraseOrders(trx, rows, { by: customer.by, at: new Date() }, durability) };
    });
    if (!appended) {
      await forgetSearches(db, customer.email);
      return { erased, complete: true };
    }
    announce(appended);
    erased += appended.events.length;
  }
  return { erased, complete: false };
}

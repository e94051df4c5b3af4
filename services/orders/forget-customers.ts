import type { Logger } from '../../shared/process/log.ts';
import type { Appended } from './append-events.ts';
import type { EraseDeps } from './erase-customer.ts';
import { ENDED, ERASE_BATCH, eraseOrders } from './erase-orders.ts';
import { regularly } from './regularly.ts';
import { transact } from './transact.ts';

const DAY_MS = 24 * 3_600_000;
const EVERY_MS = 10 * 60_000;
/** One turn's work has an end, even on the day on which the setting is first made. */
const MAX_BATCHES = 50;

/**
 * Every ten minutes, give or take half, erases the customers of orders that ended more than `days` days ago. Every
 * process does; each batch passes over the rows that another one is at.
 *
 * Orders that never ended keep theirs, however old: the shop still owes them to somebody, and they stand in the table
 * until a person finishes or cancels them.
 *
 * @param days 0: never
 * @returns ends it
 */
export function forgetRegularly(deps: EraseDeps & { log: Logger }, days: number): () => void {
  if (days === 0) return () => {};
  const job = { everyMs: EVERY_MS, firstMs: 1_000, failed: 'forgetting customers failed, and will be tried again' };
  return regularly({ ...job, log: deps.log }, async (goesOn) => {
    let erased = 0;
    for (let batch = 0; batch < MAX_BATCHES && goesOn(); batch += 1) {
      const count = await forgetCustomers(deps, days, new Date());
      erased += count;
      if (count === 0) break;
    }
    if (erased > 0) deps.log.info({ erased }, 'personal data out of retention');
  });
}

/** One batch of each kind of end. @returns how many orders have lost their customer */
export async function forgetCustomers(
  { db, durability, announce }: EraseDeps,
  days: number,
  now: Date,
): Promise<number> {
  const cutoff = new Date(now.getTime() - days * DAY_MS);
  let erased = 0;
  for (const status of ENDED) {
    const appended = await transact<Appended | null>(db, async (trx) => {
      // An order that has ended changes no more, so its last change is its end.
      const rows = await trx
        .selectFrom('orders')
        .selectAll()
        .where('status', '=', status)
        .where('erased_at', 'is', null)
        .where('changed_at', '<', cutoff)
        .orderBy('changed_at')
        .limit(ERASE_BATCH)
        .forUpdate()
        .skipLocked()
        .execute();
      if (rows.length === 0) return { commit: false, value: null };
      return { commit: true, value: await eraseOrders(trx, rows, { by: null, at: now }, durability) };
    });
    if (!appended) continue;
    announce(appended);
    erased += appended.events.length;
  }
  return erased;
}

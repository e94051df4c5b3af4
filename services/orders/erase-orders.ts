import { type Selectable, sql, type Transaction } from 'kysely';
import { withoutCustomer } from '../../shared/contracts/order.ts';
import type { Status } from '../../shared/contracts/status.ts';
import { type Appended, appendEvents } from './append-events.ts';
import type { Database, OrderRow } from './database.ts';
import type { Durability } from './durability.ts';
import { withLines } from './order-rows.ts';

/** Only what has ended can lose its customer: anything else still has to be delivered to somebody. */
export const ENDED = ['terminee', 'annulee'] as const satisfies Status[];
/** Orders in one transaction: few enough that nobody waits for it. */
export const ERASE_BATCH = 100;

export interface Erasure {
  /** Null: nobody, it was the retention of personal data. */
  by: { id: number; name: string } | null;
  at: Date;
}

/**
 * Takes the customer out of orders: name, e-mail, phone and notes, from the orders themselves and from what the event
 * log remembers of them, and whatever the team wrote down about them. Numbers, lines, totals, statuses and the numbering of the log stay. Each order gets an event,
 * so that open tables lose the customer too; its history says who did this, and when.
 *
 * @param rows at least one, at most ERASE_BATCH, ended, locked
 */
export async function eraseOrders(
  trx: Transaction<Database>,
  rows: readonly Selectable<OrderRow>[],
  erasure: Erasure,
  durability: Durability,
): Promise<Appended> {
  const ids = rows.map(({ id }) => id);
  const changed = {
    changed_at: erasure.at,
    changed_by: erasure.by?.name ?? null,
    changed_by_id: erasure.by?.id ?? null,
    erased_at: erasure.at,
  };
  await trx
    .updateTable('orders')
    .set((eb) => ({ ...changed, name: '', email: '', phone: null, notes: null, version: eb('version', '+', 1) }))
    .where('id', 'in', ids)
    .execute();
  const at = erasure.at.toISOString();
  await eraseSnapshots(trx, ids, at);
  await blankBodyHashes(trx, rows);
  await trx.updateTable('order_notes').set({ text: '' }).where('order_id', 'in', ids).execute();

  const orders = await withLines(
    trx,
    rows.map((row) => ({ ...row, ...changed, version: row.version + 1 })),
  );
  return appendEvents(
    trx,
    orders.map((order, i) => ({
      type: 'order.erased',
      previousStatus: order.status,
      order: withoutCustomer(order, at),
      token: rows[i]!.token,
    })),
    durability,
  );
}

/** What a catch-up would replay. The same as `withoutCustomer`, where the events lie. */
async function eraseSnapshots(trx: Transaction<Database>, orderIds: readonly number[], at: string): Promise<void> {
  await trx
    .updateTable('order_events')
    .set({
      snapshot: sql<string>`json_set(snapshot, '$.order.name', '', '$.order.email', '', '$.order.phone', null,
        '$.order.notes', null, '$.order.erasedAt', ${at})`,
    })
    .where('order_id', 'in', orderIds)
    .where('snapshot', 'is not', null)
    .execute();
}

/**
 * A key remembers a hash of what was sent, and who guesses a name and an e-mail could prove the guess by it. Without
 * the hash a repeat within the key's 24 hours is refused as `key_reused`; it still never orders twice.
 * Keys are as old as their orders to the millisecond, and age is what they are indexed by.
 */
async function blankBodyHashes(
  trx: Transaction<Database>,
  rows: readonly Pick<Selectable<OrderRow>, 'id' | 'placed_at'>[],
): Promise<void> {
  const keys = await trx
    .selectFrom('idempotency_keys')
    .select('key_text')
    .where('created_at', 'in', [...new Set(rows.map(({ placed_at }) => placed_at))])
    .where(
      'order_id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  if (keys.length === 0) return;
  await trx
    .updateTable('idempotency_keys')
    .set({ body_hash: '' })
    .where(
      'key_text',
      'in',
      keys.map(({ key_text }) => key_text),
    )
    .execute();
}

import { sql, type Transaction } from 'kysely';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Database } from './database.ts';
import type { Placement } from './place-orders.ts';

interface Claim {
  key: string;
  bodyHash: string;
}

/**
 * Takes the keys that are new for this group; answers for those that were settled before.
 *
 * The insert waits for any other transaction that holds one of the keys, so afterwards each key is either ours or
 * has been committed with its order. Sorted, so that two groups with the same keys wait and do not deadlock.
 */
export async function claimKeys(
  trx: Transaction<Database>,
  claims: readonly Claim[],
  groupId: string,
  now: Date,
): Promise<Map<string, Placement>> {
  const sorted = claims.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('idempotency_keys')
    .ignore()
    .values(
      sorted.map(({ key, bodyHash }) => ({
        key_text: key,
        body_hash: bodyHash,
        group_id: groupId,
        order_id: null,
        created_at: now,
      })),
    )
    .executeTakeFirstOrThrow();
  if (Number(numInsertedOrUpdatedRows) === claims.length) return new Map();

  const rows = await trx
    .selectFrom('idempotency_keys as k')
    .innerJoin('orders as o', 'o.id', 'k.order_id')
    .select(['k.key_text', 'k.body_hash', 'o.number', 'o.token', 'o.total_cents', 'o.currency', 'o.placed_at'])
    .where(
      'k.key_text',
      'in',
      claims.map(({ key }) => key),
    )
    .where('k.group_id', '<>', groupId)
    .execute();
  const hashes = new Map(claims.map(({ key, bodyHash }) => [key, bodyHash]));
  return new Map(
    rows.map((row): [string, Placement] => [
      row.key_text,
      hashes.get(row.key_text) === row.body_hash
        ? {
            kind: 'placed',
            repeat: true,
            // The first answer once more: an order is placed as «en attente», whatever became of it since.
            answer: {
              number: row.number,
              token: row.token,
              status: 'en_attente',
              totalCents: row.total_cents,
              currency: row.currency,
              placedAt: row.placed_at.toISOString(),
            },
          }
        : { kind: 'refused', problem: new HttpProblem(422, 'key_reused') },
    ]),
  );
}

/** Gives back the keys of refused orders. */
export async function forgetKeys(trx: Transaction<Database>, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await trx.deleteFrom('idempotency_keys').where('key_text', 'in', keys).execute();
}

/** Writes down which order each key stands for. */
export async function settleKeys(
  trx: Transaction<Database>,
  keys: readonly { key: string; orderId: number }[],
): Promise<void> {
  const cases = keys.map(({ key, orderId }) => sql`when ${key} then ${orderId}`);
  await trx
    .updateTable('idempotency_keys')
    .set({ order_id: sql<number>`case key_text ${sql.join(cases, sql` `)} end` })
    .where(
      'key_text',
      'in',
      keys.map(({ key }) => key),
    )
    .execute();
}

import type { Transaction } from 'kysely';
import type { Database } from './database.ts';
import type { Earlier } from './placement.ts';
import { insertion, lastInsertId, statement } from './statement.ts';

interface Claim {
  key: string;
  bodyHash: string;
}

/**
 * The statement that takes the keys which are new for this group; the others were settled before (`earlierAnswers`)
 * when fewer rows than keys were inserted.
 *
 * It waits for any other transaction that holds one of the keys, so afterwards each key is either ours or has been
 * committed with its order. Sorted, so that two groups with the same keys wait and do not deadlock.
 */
export const claimKeys = (claims: readonly Claim[], groupId: string, now: Date) =>
  insertKeys(claims, () => null, groupId, now, 'insert ignore');

/**
 * The statement that takes keys for the orders inserted last, in their order. It waits as `claimKeys` does, and fails
 * where one of the keys is known.
 */
export const takeKeys = (claims: readonly Claim[], groupId: string, now: Date) =>
  insertKeys(claims, lastInsertId, groupId, now, 'insert');

function insertKeys(
  claims: readonly Claim[],
  orderId: (i: number) => number | null,
  groupId: string,
  now: Date,
  verb: 'insert' | 'insert ignore',
) {
  const rows = claims.map(({ key, bodyHash }, i) => ({
    key_text: key,
    body_hash: bodyHash,
    group_id: groupId,
    order_id: orderId(i),
    created_at: now,
  }));
  return insertion(
    'idempotency_keys',
    rows.toSorted((a, b) => (a.key_text < b.key_text ? -1 : 1)),
    verb,
  );
}

/** The keys that were settled before this group came: by which body, and what it was answered. */
export async function earlierAnswers(
  trx: Transaction<Database>,
  claims: readonly Claim[],
  groupId: string,
): Promise<Map<string, Earlier>> {
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
  return new Map(
    rows.map((row): [string, Earlier] => [
      row.key_text,
      {
        bodyHash: row.body_hash,
        placement: {
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
        },
      },
    ]),
  );
}

/** The statement that gives back the keys of refused orders; none when there are none. */
export const forgetKeys = (keys: readonly string[]) =>
  keys.length === 0 ? undefined : statement`delete from idempotency_keys where key_text in (${keys})`;

/** The statement that writes down which order each key stands for: the orders inserted last, in their order. */
export const settleKeys = (keys: readonly string[]) =>
  statement`update idempotency_keys set order_id = last_insert_id() + field(key_text, ${keys}) - 1
    where key_text in (${keys})`;

import type { Transaction } from 'kysely';
import {
  AUDIT_DAYS,
  type AuditAction,
  type AuditPage,
  type OrderChange,
  type OrderChangePage,
} from '../../shared/contracts/audit.ts';
import type { Database, Db } from './database.ts';
import { readHead } from './read-events.ts';
import { inSnapshot, onceMore } from './transact.ts';

const DAY_MS = 86_400_000;
/** Events that one page of order changes looks through: most of them are orders that shoppers placed. */
const MAX_LOOKED_THROUGH = 20_000;

/** Who did something, and from where. Null: nobody of the team. */
export type Actor = { id: number; name: string; network: string | null } | null;

/**
 * Writes down what an admin did; in the transaction that does it, where there is one.
 * @param what.subject what it was done to, never a customer: entries outlive an erasure. At most 254 characters
 * @param what.detail at most 254 characters
 */
export async function audit(
  db: Db | Transaction<Database>,
  by: Actor,
  action: AuditAction,
  what: { subject?: string; detail?: string | null } = {},
): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      at: new Date(),
      admin_id: by?.id ?? null,
      admin_name: by?.name ?? null,
      action,
      subject: what.subject?.slice(0, 254) ?? null,
      detail: what.detail?.slice(0, 254) ?? null,
      network: by?.network ?? null,
    })
    .execute();
}

/** Entries of the last AUDIT_DAYS from before `before`, newest first. */
export async function listAudit(
  db: Db,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<AuditPage> {
  let query = db
    .selectFrom('audit_log')
    .selectAll()
    .where('at', '>=', new Date(Date.now() - AUDIT_DAYS * DAY_MS))
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await onceMore(() => query.execute());
  const entries = rows.slice(0, limit).map(({ id, at, admin_name, action, subject, detail, network }) => ({
    id,
    at: at.toISOString(),
    by: admin_name,
    action,
    subject,
    detail,
    network,
  }));
  return { entries, next: rows.length > limit ? entries.at(-1)!.id : null };
}

/**
 * What admins did to orders, out of the event log, newest first. A page may hold fewer than `limit` changes, or none,
 * and have a next one all the same: each looks through a bounded part of the log.
 */
export function listOrderChanges(
  db: Db,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<OrderChangePage> {
  return inSnapshot(db, async (trx) => {
    const from = before ?? (await readHead(trx)).head + 1;
    const down = Math.max(1, from - MAX_LOOKED_THROUGH);
    const rows = await trx
      .selectFrom('order_events as e')
      .innerJoin('orders as o', 'o.id', 'e.order_id')
      .select(['e.seq', 'e.at', 'e.actor', 'e.type', 'e.status', 'e.previous_status', 'o.number'])
      .where('e.seq', '<', from)
      .where('e.seq', '>=', down)
      .where('e.actor', 'is not', null)
      .orderBy('e.seq', 'desc')
      .limit(limit)
      .execute();
    const changes = rows.map(
      ({ seq, at, actor, type, status, previous_status, number }): OrderChange => ({
        seq,
        at: at.toISOString(),
        by: actor!,
        type,
        number,
        status,
        previousStatus: previous_status,
      }),
    );
    const reached = changes.length === limit ? changes.at(-1)!.seq : down;
    return { changes, next: reached > 1 ? reached : null };
  });
}

/** Lets go of what is older than AUDIT_DAYS. For the migrate job: the orders process has no right to. */
export async function forgetAudit(trx: Transaction<Database>, now: Date): Promise<number> {
  const cutoff = new Date(now.getTime() - AUDIT_DAYS * DAY_MS);
  const { numDeletedRows } = await trx.deleteFrom('audit_log').where('at', '<', cutoff).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

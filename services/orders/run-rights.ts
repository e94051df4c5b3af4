import { sql } from 'kysely';
import { connect, MIGRATION_POOL } from './connect.ts';
import type { Database, Db } from './database.ts';

type Right = 'select' | 'insert' | 'update' | 'delete';

/**
 * What the orders process does to each table, and so all that its account may. It cannot change a table's form, delete
 * an order, an event or an admin, or change what the audit log says. A right that a newer version no longer needs stays
 * until somebody revokes it.
 */
const RUN_RIGHTS: Record<keyof Database | 'kysely_migration', readonly Right[]> = {
  products: ['select', 'insert', 'update'],
  product_pictures: ['select', 'insert', 'update', 'delete'],
  orders: ['select', 'insert', 'update'],
  order_lines: ['select', 'insert'],
  idempotency_keys: ['select', 'insert', 'update', 'delete'],
  event_head: ['select', 'update'],
  order_events: ['select', 'insert', 'update'],
  order_claims: ['select', 'insert', 'update', 'delete'],
  order_notes: ['select', 'insert', 'update'],
  admins: ['select', 'insert', 'update'],
  sessions: ['select', 'insert', 'update', 'delete'],
  saved_views: ['select', 'insert', 'update', 'delete'],
  sign_in_failures: ['select', 'insert', 'update', 'delete'],
  recovery_codes: ['select', 'insert', 'delete'],
  invitations: ['select', 'insert', 'delete'],
  // Whoever takes the process over cannot wipe the traces: the migrate job lets go of what is too old.
  audit_log: ['select', 'insert'],
  sales_progress: ['select', 'update'],
  daily_sales: ['select', 'insert', 'update', 'delete'],
  daily_products: ['select', 'insert', 'update', 'delete'],
  daily_waits: ['select', 'insert', 'update', 'delete'],
  durability_guard: ['select', 'insert', 'update', 'delete'],
  kysely_migration: ['select'],
};

/** Access denied, in the words that servers have for an account that may not hand on what it has. */
const MAY_NOT_GRANT = new Set([1044, 1045, 1142, 1227, 1410]);

/**
 * Gives the account of `runUrl` its rights on the tables, which exist by now.
 * @param owner may do everything to the tables, and hand it on
 * @returns false when the owner may not hand rights on; then whoever runs the server has to
 */
export async function grantRunRights(owner: Db, runUrl: string): Promise<boolean> {
  const account = await accountOf(runUrl);
  try {
    for (const [table, rights] of Object.entries(RUN_RIGHTS)) {
      await sql`grant ${sql.raw(rights.join(', '))} on ${sql.table(table)} to ${account.user}@${account.host}`.execute(
        owner,
      );
    }
    return true;
  } catch (error) {
    if (MAY_NOT_GRANT.has((error as { errno?: number }).errno ?? 0)) return false;
    throw error;
  }
}

/** The account as the server knows it. Without a database, because it may have no rights on any yet. */
async function accountOf(runUrl: string): Promise<{ user: string; host: string }> {
  const url = new URL(runUrl);
  url.pathname = '/';
  const db = connect(url.href, MIGRATION_POOL);
  try {
    const { rows } = await sql<{ account: string }>`select current_user() as account`.execute(db);
    const { account } = rows[0]!;
    const at = account.lastIndexOf('@');
    return { user: account.slice(0, at), host: account.slice(at + 1) };
  } finally {
    await db.destroy();
  }
}

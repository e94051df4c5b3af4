import { type Kysely, sql } from 'kysely';

/**
 * When an order lost its customer. The index finds orders that ended long ago and still have theirs, without
 * passing over those that have been erased; see forget-customers.ts.
 *
 * Looked for first, because neither server can roll a definition back, and only MariaDB knows `if not exists` here.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ name: string }>`select column_name as name from information_schema.columns
    where table_schema = database() and table_name = 'orders' and column_name = 'erased_at'`.execute(db);
  if (rows.length > 0) return;
  await sql`alter table orders
    add column erased_at datetime(3) null,
    add key orders_ended (status, erased_at, changed_at)`.execute(db);
}

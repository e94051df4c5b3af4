import { type Kysely, sql } from 'kysely';

/**
 * What admins change of products, and their pictures. Every column has a default, because older processes and seeds
 * insert products without it.
 *
 * Looked for first, because neither server can roll a definition back, and only MariaDB knows `if not exists` here.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table if not exists product_pictures (
    hash char(32) character set ascii collate ascii_bin not null primary key,
    bytes mediumblob not null,
    used_at datetime(3) not null
  ) engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_unicode_ci`.execute(db);

  const { rows } = await sql<{ name: string }>`select column_name as name from information_schema.columns
    where table_schema = database() and table_name = 'products' and column_name = 'version'`.execute(db);
  if (rows.length > 0) return;
  await sql`alter table products
    add column category varchar(60) not null default '',
    add column picture char(32) character set ascii collate ascii_bin null,
    add column version int not null default 1,
    add column changed_at datetime(3) null,
    add column changed_by varchar(120) null,
    add column changed_by_id int null`.execute(db);
}

import { type Kysely, sql } from 'kysely';

const TABLE = sql.raw('engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_unicode_ci');

/**
 * Who is on which order, and what the team wrote down about orders. Tables of their own: orders are placed as fast as
 * before, and a claim is renewed without a touch to its order.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table if not exists order_claims (
    order_id bigint not null primary key,
    admin_id int not null,
    admin_name varchar(120) not null,
    since datetime(3) not null,
    until datetime(3) not null,
    key order_claims_admin (admin_id),
    key order_claims_end (until)
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists order_notes (
    order_id bigint not null,
    version int not null,
    note_id char(36) character set ascii collate ascii_bin not null,
    text text not null,
    primary key (order_id, version),
    unique key order_notes_id (order_id, note_id)
  ) ${TABLE}`.execute(db);
}

import { type Kysely, sql } from 'kysely';

const TABLE = sql.raw('engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_unicode_ci');
const KEY = sql.raw('character set ascii collate ascii_bin');

/**
 * What was sold on each day of the shop, added up from the event log: see sales/sum-up.ts. Rows are few (a day, its
 * products, and some dozens of lengths of waits), and can be made anew from the log at any time.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table if not exists sales_progress (
    id tinyint not null primary key,
    seq bigint not null,
    time_zone varchar(64) ${KEY} not null
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists daily_sales (
    day char(10) ${KEY} not null primary key,
    en_attente int not null,
    en_cours int not null,
    terminee int not null,
    annulee int not null,
    revenue_cents bigint not null
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists daily_products (
    day char(10) ${KEY} not null,
    product_id int not null,
    quantity int not null,
    revenue_cents bigint not null,
    primary key (day, product_id)
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists daily_waits (
    day char(10) ${KEY} not null,
    status varchar(12) ${KEY} not null,
    wait smallint not null,
    orders int not null,
    primary key (day, status, wait)
  ) ${TABLE}`.execute(db);

  await sql`insert ignore into sales_progress (id, seq, time_zone) values (1, 0, '')`.execute(db);
}

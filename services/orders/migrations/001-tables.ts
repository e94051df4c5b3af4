import { type Kysely, sql } from 'kysely';
import { newEpoch } from '../new-epoch.ts';

const TABLE = sql.raw('engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_unicode_ci');
/** Keys and tokens: compared byte by byte. */
const KEY = sql.raw('character set ascii collate ascii_bin');

/**
 * Definitions are `if not exists`, because neither server can roll a definition back: a run that was cut short
 * goes on where it stopped. No foreign keys: their checks would lock product rows out of order.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table if not exists products (
    id int not null auto_increment primary key,
    slug varchar(80) ${KEY} not null,
    name varchar(200) not null,
    description text not null,
    price_cents int not null,
    stock int null,
    hidden tinyint not null default 0,
    unique key products_slug (slug),
    constraint products_stock_not_oversold check (stock >= 0),
    constraint products_price_in_bounds check (price_cents between 0 and 1000000)
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists orders (
    id bigint not null auto_increment primary key,
    number char(19) ${KEY} not null,
    token char(32) ${KEY} not null,
    status varchar(12) ${KEY} not null,
    version int not null,
    name varchar(120) not null,
    email varchar(254) not null,
    phone varchar(32) ${KEY} null,
    notes text null,
    total_cents bigint not null,
    currency char(3) ${KEY} not null,
    placed_at datetime(3) not null,
    changed_at datetime(3) not null,
    changed_by varchar(120) null,
    changed_by_id int null,
    unique key orders_number (number),
    unique key orders_token (token),
    key orders_status (status, id),
    key orders_email (email),
    key orders_phone (phone),
    key orders_name (name),
    key orders_day (placed_at, status, total_cents)
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists order_lines (
    order_id bigint not null,
    position smallint not null,
    product_id int not null,
    name varchar(200) not null,
    quantity smallint not null,
    unit_price_cents int not null,
    primary key (order_id, position)
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists idempotency_keys (
    key_text varchar(255) ${KEY} not null primary key,
    body_hash char(43) ${KEY} not null,
    group_id char(22) ${KEY} not null,
    order_id bigint null,
    created_at datetime(3) not null,
    key idempotency_keys_age (created_at)
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists event_head (
    id tinyint not null primary key,
    epoch varchar(16) ${KEY} not null,
    head bigint not null,
    floor bigint not null,
    en_attente int not null,
    en_cours int not null,
    terminee int not null,
    annulee int not null
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists order_events (
    seq bigint not null primary key,
    type varchar(32) ${KEY} not null,
    order_id bigint not null,
    status varchar(12) ${KEY} not null,
    previous_status varchar(12) ${KEY} null,
    at datetime(3) not null,
    actor varchar(120) null,
    snapshot mediumtext null,
    key order_events_history (order_id, seq)
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists admins (
    id int not null auto_increment primary key,
    email varchar(254) not null,
    name varchar(120) not null,
    password_hash varchar(255) ${KEY} not null,
    created_at datetime(3) not null,
    unique key admins_email (email)
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists sessions (
    id char(22) ${KEY} not null primary key,
    admin_id int not null,
    created_at datetime(3) not null,
    expires_at datetime(3) not null,
    revoked_at datetime(3) null,
    key sessions_revoked (revoked_at),
    key sessions_expiry (expires_at)
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists durability_guard (
    process_id char(22) ${KEY} not null primary key,
    beat bigint not null,
    at datetime(3) not null,
    key durability_guard_age (at)
  ) ${TABLE}`.execute(db);

  await sql`insert ignore into event_head (id, epoch, head, floor, en_attente, en_cours, terminee, annulee)
    values (1, ${newEpoch()}, 0, 1, 0, 0, 0, 0)`.execute(db);
}

import { type Kysely, sql } from 'kysely';

const TABLE = sql.raw('engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_unicode_ci');
const KEY = sql.raw('character set ascii collate ascii_bin');

/**
 * Roles, invitations, second factors, what sessions show of themselves, and who did what.
 *
 * Whoever is an admin already could do everything, and still can: `owner` is the default, also for the first admin
 * that an older migrate job makes. Columns are looked for first, because neither server can roll a definition back.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (!(await hasColumn(db, 'admins', 'role'))) {
    await sql`alter table admins
      add column role varchar(8) ${KEY} not null default 'owner',
      add column disabled_at datetime(3) null,
      add column last_sign_in_at datetime(3) null,
      add column totp_secret varchar(120) ${KEY} null,
      add column totp_since datetime(3) null,
      add column totp_step bigint not null default 0`.execute(db);
  }
  if (!(await hasColumn(db, 'sessions', 'last_seen_at'))) {
    await sql`alter table sessions
      add column device varchar(60) null,
      add column network varchar(50) ${KEY} null,
      add column last_seen_at datetime(3) null,
      add key sessions_admin (admin_id, expires_at)`.execute(db);
  }

  await sql`create table if not exists recovery_codes (
    admin_id int not null,
    code_hash char(43) ${KEY} not null,
    primary key (admin_id, code_hash)
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists invitations (
    id int not null auto_increment primary key,
    token_hash char(43) ${KEY} not null,
    email varchar(254) not null,
    role varchar(8) ${KEY} not null,
    admin_id int null,
    invited_by int not null,
    expires_at datetime(3) not null,
    unique key invitations_token (token_hash),
    unique key invitations_email (email),
    key invitations_expiry (expires_at)
  ) ${TABLE}`.execute(db);

  await sql`create table if not exists audit_log (
    id bigint not null auto_increment primary key,
    at datetime(3) not null,
    admin_id int null,
    admin_name varchar(120) null,
    action varchar(40) ${KEY} not null,
    subject varchar(254) null,
    detail varchar(254) null,
    network varchar(50) ${KEY} null
  ) ${TABLE}`.execute(db);
}

async function hasColumn(db: Kysely<unknown>, table: string, column: string): Promise<boolean> {
  const { rows } = await sql`select 1 from information_schema.columns
    where table_schema = database() and table_name = ${table} and column_name = ${column}`.execute(db);
  return rows.length > 0;
}

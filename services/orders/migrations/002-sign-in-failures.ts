import { type Kysely, sql } from 'kysely';

/** Failed sign-ins that are not forgiven yet, see throttle.ts. Names neither people nor addresses. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table if not exists sign_in_failures (
    bucket char(43) character set ascii collate ascii_bin not null primary key,
    clears_at datetime(3) not null,
    key sign_in_failures_age (clears_at)
  ) engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_unicode_ci`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/** `06 12-34.56` and `(06)123456` are one number: what people put between digits goes. */
const DIGITS = [' ', '+', '(', ')', '.', '-', '/'].reduce((text, sign) => `replace(${text}, '${sign}', '')`, 'phone');

/**
 * What the order table is searched by and kept as.
 *
 * The two columns are virtual: an order has to be no larger, older processes fill them without knowing, an erased
 * customer leaves them at once, and a million orders get them in no time. Each index is one entry of some 30 bytes
 * an order; that of the digits takes the place of the one of the phone as it was typed.
 *
 * One step a statement, looked for first: neither server can roll a definition back, and each step by itself lets
 * orders be written meanwhile.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const has = async (kind: 'columns' | 'statistics', name: string) => {
    const column = sql.ref(kind === 'columns' ? 'column_name' : 'index_name');
    const { rows } = await sql`select 1 from ${sql.table(`information_schema.${kind}`)}
      where table_schema = database() and table_name = 'orders' and ${column} = ${name} limit 1`.execute(db);
    return rows.length > 0;
  };
  const columns = {
    name_rest: "varchar(120) generated always as (substring(name, locate(' ', name) + 1)) virtual",
    phone_digits: `varchar(32) character set ascii collate ascii_bin generated always as (${DIGITS}) virtual`,
  };
  for (const [name, definition] of Object.entries(columns)) {
    if (!(await has('columns', name)))
      await sql`alter table orders add column ${sql.ref(name)} ${sql.raw(definition)}`.execute(db);
  }
  const keys = { orders_name_rest: 'name_rest', orders_phone_digits: 'phone_digits', orders_total: 'total_cents' };
  for (const [name, column] of Object.entries(keys)) {
    if (!(await has('statistics', name)))
      await sql`alter table orders add key ${sql.ref(name)} (${sql.ref(column)})`.execute(db);
  }
  if (await has('statistics', 'orders_phone')) await sql`alter table orders drop key orders_phone`.execute(db);

  await sql`create table if not exists saved_views (
    id int not null auto_increment primary key,
    admin_id int not null,
    name varchar(60) not null,
    query varchar(1000) character set ascii collate ascii_bin not null,
    unique key saved_views_name (admin_id, name)
  ) engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_unicode_ci`.execute(db);
}

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CompiledQuery, Kysely, MysqlDialect, type Selectable, sql } from 'kysely';
import { createPool } from 'mysql2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../scripts/testing/database.ts';
import { growOld } from '../../../scripts/testing/old-shop.ts';
import { startProcess } from '../../../scripts/testing/process.ts';
import { systemSettings } from '../../../scripts/testing/system.ts';
import { OrderListQuery } from '../../../shared/contracts/order.ts';
import { PERIODS } from '../../../shared/contracts/stats.ts';
import { listAdmins } from '../admins.ts';
import { listAudit, listOrderChanges } from '../audit.ts';
import type { Database, OrderRow } from '../database.ts';
import type { Durability } from '../durability.ts';
import { exportCustomer } from '../export-customer.ts';
import { findCustomer } from '../find-customer.ts';
import { findLink } from '../find-link.ts';
import { findOrder, findShopperOrder } from '../find-order.ts';
import { listOrders } from '../list-orders.ts';
import { listAllProducts } from '../list-products.ts';
import { PATIENCE } from '../patience.ts';
import { readEvents } from '../read-events.ts';
import { countSales } from '../sales/count-sales.ts';
import { listViews } from '../saved-views.ts';
import { PRODUCTS_SQL } from './api.ts';

// How the server means to answer each question of the desk, statement by statement. An optimizer that is left
// to itself answers some of them by reading every order, or by sorting thousands; on few orders nobody would notice.
//
//   WRITE_PLANS=1 npx vitest run services/orders/test/plans.test.ts      writes them down, in docs/plans.md

const ORDERS = 20_000;
const SHEET = resolve(import.meta.dirname, '../../../docs/plans.md');

/** As addresses of `GET /orders`: the question, and which indexes of `orders` its ids come from. */
const QUESTIONS: Record<string, { query: Record<string, string>; by: string[] }> = {
  'the newest': { query: {}, by: ['PRIMARY'] },
  'older, by keyset': { query: { before: '10000' }, by: ['PRIMARY'] },
  'newer, by keyset': { query: { above: '10000' }, by: ['PRIMARY'] },
  'of a status': { query: { status: 'en_attente' }, by: ['orders_status'] },
  'of a status, older': { query: { status: 'terminee', before: '10000' }, by: ['orders_status'] },
  'by a common name': { query: { q: 'j' }, by: ['PRIMARY'] },
  'by a rare name': { query: { q: 'le goff' }, by: ['orders_email', 'orders_name', 'orders_name_rest'] },
  'by an e-mail': { query: { q: 'camille.m' }, by: ['orders_email', 'orders_name', 'orders_name_rest'] },
  'by a number': { query: { q: 'cmd-20261101-a' }, by: ['orders_number'] },
  'by a year': { query: { q: 'CMD-2026' }, by: ['orders_day', 'PRIMARY'] },
  'by a telephone': { query: { q: '06 12' }, by: ['orders_phone_digits'] },
  'of a day': { query: { from: '2026-11-02', to: '2026-11-02' }, by: ['orders_day', 'PRIMARY'] },
  'of a year': { query: { from: '2025-11-02', to: '2026-11-01' }, by: ['orders_day', 'PRIMARY'] },
  'of a common total': { query: { minCents: '1000' }, by: ['PRIMARY'] },
  'of a rare total': { query: { minCents: '60000' }, by: ['orders_total'] },
  'of a name, a status, a day and a total': {
    query: { q: 'martin', status: 'terminee', from: '2026-11-02', to: '2026-11-03', maxCents: '9000' },
    by: ['orders_day', 'PRIMARY'],
  },
  'of a common name, a status and a total': {
    query: { q: 'j', status: 'annulee', minCents: '1000' },
    by: ['orders_status'],
  },
  'of a product': { query: { product: '1' }, by: [] },
  'of a product, a period and a progress': {
    query: { product: '1', from: '2026-10-24', to: '2026-11-22', stage: 'sold' },
    by: ['orders_day', 'PRIMARY'],
  },
  'of a progress and a total': { query: { stage: 'started', minCents: '60000' }, by: ['orders_total', 'PRIMARY'] },
  'free to be taken': { query: { claim: 'free' }, by: ['orders_status'] },
  'of one’s own': { query: { claim: 'mine' }, by: [] },
  'of the others, by a name': { query: { claim: 'others', q: 'm' }, by: ['PRIMARY'] },
};

/** What else pages of the desk and of the shop ask of tables that grow. */
const OTHERS: Record<string, (one: Selectable<OrderRow>) => Promise<unknown>> = {
  ...Object.fromEntries(
    PERIODS.map((period) => [
      `dashboard: ${period}`,
      () => countSales(db, durable, { timeZone: ZONE, currency: 'EUR' }, period, UNTIL),
    ]),
  ),
  'dashboard: what is not summed up yet': async () => {
    await sql`update sales_progress set seq = seq - 40`.execute(db);
    await countSales(db, durable, { timeZone: ZONE, currency: 'EUR' }, 'today', UNTIL);
  },
  'an order with its history': ({ number }) => findOrder(db, durable, number),
  'a shopper’s own order': ({ token }) => findShopperOrder(db, durable, token),
  'a shopper’s link, found again': ({ number, email }) =>
    findLink({ reads: db, changes: db, sessionSecret: 'x'.repeat(32) }, { number, email, address: '192.0.2.1' }),
  'a customer': ({ email }) => findCustomer(db, email),
  'a customer, taken away': ({ email }) => exportCustomer(db, email),
  'who did what': () => listAudit(db, { limit: 50 }),
  'who did what, earlier': () => listAudit(db, { limit: 50, before: 100 }),
  'changes of orders': () => listOrderChanges(db, { limit: 50 }),
  'changes of orders, earlier': () => listOrderChanges(db, { limit: 50, before: 10_000 }),
  'events since a cursor': () => readEvents(db, durable, { after: undefined, limit: 100 }),
  'saved views': () => listViews(db, 1),
  'the catalogue': () => listAllProducts(db),
  'the team': () => listAdmins(db),
};

/** Of these a shop has a few dozens: they are read as they stand. */
const SMALL = new Set(['order_claims', 'c', 'products', 'admins', 'saved_views', 'sign_in_failures']);
/** Added up over the days of a period, by day and product, or by day and length of a wait: some hundreds of rows. */
const SUMS = new Set(['daily_products', 'daily_waits']);

interface PlanRow {
  table: string | null;
  type: string | null;
  key: string | null;
  rows: number | null;
  Extra: string | null;
}

const ZONE = 'Europe/Paris';
const UNTIL = new Date('2026-11-22T12:00:00Z');
/** So that of these orders as many conditions are common as of a million. */
const patience = { ...PATIENCE, rare: 1_000 };
const durable = { ensure: async () => {} } as unknown as Durability;
const asked: CompiledQuery[] = [];
const sheet = [
  '# Plans',
  `\nHow the server answers each question of the desk, of ${ORDERS} orders; a statement stands where it is first made.`,
  'Written by `services/orders/test/plans.test.ts`, which fails on a full scan and on sorting.',
];
const written = new Set<string>();
let db: Kysely<Database>;
let explain: (query: CompiledQuery) => Promise<PlanRow[]>;

beforeAll(async () => {
  const database = await testDatabase();
  await startProcess('migrate', systemSettings({ databaseUrl: database.url, redisUrl: 'redis://127.0.0.1:1' }));
  await database.query(PRODUCTS_SQL);
  await growOld(database.url, { orders: ORDERS, seed: 1, until: UNTIL, days: 730 });
  await database.query(
    `insert into order_claims select id, id % 2 + 1, 'Marie', placed_at, placed_at + interval 1 year from orders
      where status = 'en_cours' limit 20`,
  );
  await database.query(
    "insert into order_notes select id, version + 1, uuid(), 'Rappeler demain' from orders where id <= 2000",
  );
  await database.query('analyze table order_claims, order_notes');
  const pool = createPool({ uri: database.url, timezone: 'Z', multipleStatements: true, connectionLimit: 1 });
  db = new Kysely<Database>({
    dialect: new MysqlDialect({ pool }),
    log({ query, level }) {
      if (level !== 'query') return;
      const parameters = [...query.parameters];
      for (const sql of query.sql.split(';\n')) {
        const own = parameters.splice(0, sql.split('?').length - 1);
        if (sql.startsWith('select')) asked.push({ ...query, sql, parameters: own });
      }
    },
  });
  explain = async ({ sql, parameters }) => {
    const [rows] = await pool.promise().query(`explain format=traditional ${sql}`, [...parameters]);
    return rows as PlanRow[];
  };
});

afterAll(async () => {
  await db.destroy();
  if (process.env.WRITE_PLANS) writeFileSync(SHEET, `${sheet.join('\n')}\n`);
});

describe(`of ${ORDERS} orders, by index and without sorting, come those`, () => {
  test.each(Object.entries(QUESTIONS))('%s', async (title, { query, by }) => {
    sheet.push(`\n## ${title}\n`, `\`GET /orders?${new URLSearchParams(query)}\`\n`);
    asked.length = 0;
    const page = await listOrders(db, durable, OrderListQuery.parse(query), { timeZone: ZONE, adminId: 1, patience });
    expect(page.orders.length).toBeGreaterThan(0);
    expect(await usedIndexes(title)).toEqual(expect.arrayContaining(by));
  });
});

describe('by index, too, comes', () => {
  test.each(Object.entries(OTHERS))('%s', async (title, question) => {
    sheet.push(`\n## ${title}\n`);
    const one = await db.selectFrom('orders').selectAll().where('id', '=', ORDERS).executeTakeFirstOrThrow();
    asked.length = 0;
    await question(one);
    expect(asked.length).toBeGreaterThan(0);
    await usedIndexes(title);
  });
});

describe('however its conditions meet', () => {
  const conditions: Record<string, string>[] = [
    {},
    ...['en_attente', 'terminee', 'annulee'].map((status) => ({ status })),
    ...['m', 'martin', 'le goff', 'camille martin', '06', '06 12', 'CMD-2025', 'nobody'].map((q) => ({ q })),
    { from: '2026-03-02', to: '2026-03-02' },
    { from: '2025-03-02', to: '2026-03-02' },
    { minCents: '2000', maxCents: '5000' },
    ...['30000', '60000', '90000'].map((minCents) => ({ minCents })),
    ...['free', 'others'].map((claim) => ({ claim })),
    ...['1', '999'].map((product) => ({ product })),
  ];

  test('a page of a filter reads no more rows than patience lets it', async () => {
    const little = { rare: 300, named: 60, passed: 1_000, read: 500, unpacked: 300 };
    const readPage = async (query: Record<string, string>) => {
      const before = await rowsRead();
      const question = OrderListQuery.parse({ ...query, limit: '20' });
      await listOrders(db, durable, question, { timeZone: ZONE, adminId: 1, patience: little });
      return (await rowsRead()) - before;
    };
    const most = { rows: 0, query: '' };
    for (const [i, one] of conditions.entries()) {
      for (const [j, other] of conditions.slice(i).entries()) {
        const query = { ...one, ...other, ...(j % 2 === 1 && { above: '9000' }) };
        const rows = await readPage(query);
        if (rows > most.rows) Object.assign(most, { rows, query: JSON.stringify(query) });
      }
    }
    // A walk of 1,000 orders, and what belongs to the 20 that are shown; two walks of half the length.
    expect(most, most.query).toMatchObject({ rows: expect.toSatisfy((rows: number) => rows > 0 && rows < 1_600) });
  });

  /** By the one connection that there is. */
  async function rowsRead(): Promise<number> {
    const { rows } = await sql<{ Value: string }>`show session status like 'Handler_read%'`.execute(db);
    return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
  }
});

/** Explains what was asked, and writes it down. @returns which indexes ids of orders came from */
async function usedIndexes(title: string): Promise<string[]> {
  const used = new Set<string>();
  for (const statement of [...asked]) {
    const plan = await explain(statement);
    const drawn = plan.map(
      ({ table, type, key, rows, Extra }) =>
        `  ${[table, type, key, rows && `${rows} rows`, Extra].filter(Boolean).join(' · ')}`,
    );
    const isNew = !written.has(shortened(statement.sql));
    if (isNew) sheet.push(['```sql', shortened(statement.sql), ...drawn, '```'].join('\n'));
    written.add(shortened(statement.sql));
    for (const { table, type, key, rows, Extra } of plan) {
      if (table === null || SMALL.has(table)) continue;
      const seen = { title, sql: shortened(statement.sql), table, type, key, Extra };
      expect.soft(seen).toMatchObject({ key: expect.any(String) });
      expect.soft(seen).not.toMatchObject({ type: 'ALL' });
      // What an index was estimated to name is sorted out: the nearest of some thousands.
      const isNamed = key?.startsWith('orders_') && (rows ?? 0) <= patience.rare;
      if (!SUMS.has(table) && !isNamed) expect.soft(Extra ?? '', seen.sql).not.toMatch(/filesort|temporary/);
      // A walk along a whole index has an end.
      if (type === 'index') expect.soft(statement.sql).toMatch(/ limit [?\d]/);
      // The newest alone is asked for with every question.
      if (table === 'orders' && /^select (?:min\()?`?id`?\)? (?!.* limit 1$)/.test(statement.sql)) used.add(key ?? '');
    }
  }
  return [...used];
}

/** Thousands of ids are one. */
function shortened(sql: string): string {
  return sql.replace(/\((?:(?:\?|\d+), )+(?:\?|\d+)\)/g, '(?, …)');
}

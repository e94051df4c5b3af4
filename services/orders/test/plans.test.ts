import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CompiledQuery, Kysely, MysqlDialect } from 'kysely';
import { createPool } from 'mysql2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../scripts/testing/database.ts';
import { growOld } from '../../../scripts/testing/old-shop.ts';
import { startProcess } from '../../../scripts/testing/process.ts';
import { systemSettings } from '../../../scripts/testing/system.ts';
import { OrderListQuery } from '../../../shared/contracts/order.ts';
import type { Database } from '../database.ts';
import type { Durability } from '../durability.ts';
import { listOrders } from '../list-orders.ts';
import { PRODUCTS_SQL } from './api.ts';

// How the server means to answer each question of the order table, statement by statement. An optimizer that is left
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
  'by a common name': { query: { q: 'j' }, by: ['PRIMARY', 'orders_email', 'orders_name', 'orders_name_rest'] },
  'by a rare name': { query: { q: 'le goff' }, by: ['orders_email', 'orders_name', 'orders_name_rest'] },
  'by an e-mail': { query: { q: 'camille.m' }, by: ['orders_email', 'orders_name', 'orders_name_rest'] },
  'by a number': { query: { q: 'cmd-20261101-a' }, by: ['orders_number'] },
  'by a year': { query: { q: 'CMD-2026' }, by: ['orders_number', 'orders_day', 'PRIMARY'] },
  'by a telephone': { query: { q: '06 12' }, by: ['orders_phone_digits'] },
  'of a day': { query: { from: '2026-11-02', to: '2026-11-02' }, by: ['orders_day'] },
  'of a year': { query: { from: '2025-11-02', to: '2026-11-01' }, by: ['orders_day', 'PRIMARY'] },
  'of a common total': { query: { minCents: '1000' }, by: ['orders_total', 'PRIMARY'] },
  'of a rare total': { query: { minCents: '60000' }, by: ['orders_total'] },
  'of a name, a status, a day and a total': {
    query: { q: 'martin', status: 'terminee', from: '2026-11-02', to: '2026-11-03', maxCents: '9000' },
    by: ['orders_day', 'PRIMARY'],
  },
  'of a common name, a status and a total': {
    query: { q: 'j', status: 'annulee', minCents: '1000' },
    by: ['orders_status'],
  },
  'free to be taken': { query: { claim: 'free' }, by: ['orders_status'] },
};

const SMALL = new Set(['order_claims', 'c']);

interface PlanRow {
  table: string | null;
  type: string | null;
  key: string | null;
  rows: number | null;
  Extra: string | null;
}

const durable = { ensure: async () => {} } as unknown as Durability;
const asked: CompiledQuery[] = [];
const sheet = [
  '# Plans',
  `\nHow the server answers each question of the order table, of ${ORDERS} orders; a statement stands where it is first`,
  'made. Written by `services/orders/test/plans.test.ts`, which fails on a full scan and on sorting.',
];
const written = new Set<string>();
let db: Kysely<Database>;
let explain: (query: CompiledQuery) => Promise<PlanRow[]>;

beforeAll(async () => {
  const database = await testDatabase();
  await startProcess('migrate', systemSettings({ databaseUrl: database.url, redisUrl: 'redis://127.0.0.1:1' }));
  await database.query(PRODUCTS_SQL);
  const until = new Date('2026-11-22T12:00:00Z');
  await growOld(database.url, { orders: ORDERS, seed: 1, until, days: 730 });
  const pool = createPool({ uri: database.url, timezone: 'Z', multipleStatements: true });
  db = new Kysely<Database>({
    dialect: new MysqlDialect({ pool }),
    log({ query, level }) {
      if (level !== 'query') return;
      // What goes in one packet has its values written into it.
      for (const sql of query.sql.split(';\n')) if (sql.startsWith('select')) asked.push({ ...query, sql });
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
    asked.length = 0;
    const page = await listOrders(db, durable, OrderListQuery.parse(query), { timeZone: 'Europe/Paris', adminId: 1 });
    expect(page.orders.length).toBeGreaterThan(0);
    const used = new Set<string>();
    sheet.push(`\n## ${title}\n`, `\`GET /orders?${new URLSearchParams(query)}\`\n`);
    for (const statement of [...asked]) {
      const plan = await explain(statement);
      const drawn = plan.map(
        ({ table, type, key, rows, Extra }) =>
          `  ${[table, type, key, rows && `${rows} rows`, Extra].filter(Boolean).join(' · ')}`,
      );
      const isNew = !written.has(shortened(statement.sql));
      if (isNew) sheet.push(['```sql', shortened(statement.sql), ...drawn, '```'].join('\n'));
      written.add(shortened(statement.sql));
      for (const { table, type, key, Extra } of plan) {
        // A handful of rows, such as who is on an order, are read as they stand.
        if (table === null || SMALL.has(table)) continue;
        const seen = { title, sql: shortened(statement.sql), table, type, key, Extra };
        expect.soft(seen).toMatchObject({ key: expect.any(String) });
        expect.soft(seen).not.toMatchObject({ type: 'ALL' });
        expect.soft(Extra ?? '', seen.sql).not.toMatch(/filesort|temporary/);
        // A walk along a whole index has an end.
        if (type === 'index') expect.soft(statement.sql).toMatch(/ limit [?1]/);
        if (table === 'orders' && statement.sql.startsWith('select `id`')) used.add(key ?? '');
      }
    }
    expect([...used]).toEqual(expect.arrayContaining(by));
  });
});

/** Thousands of ids are one. */
function shortened(sql: string): string {
  return sql.replace(/\((?:(?:\?|\d+), )+(?:\?|\d+)\)/g, '(?, …)');
}

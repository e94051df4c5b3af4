import { createConnection } from 'mysql2/promise';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { connect, MIGRATION_POOL } from '../connect.ts';
import { EVENT_RETENTION_MS, prune } from '../prune.ts';
import { grantRunRights } from '../run-rights.ts';
import { order, PRODUCTS_SQL, place } from './api.ts';

// Every test that starts orders has it run with these rights alone. Here is what they do not cover.
const oneAccount = inject('databaseRunUrl') === inject('databaseServerUrl');

let orders: TestOrders;
beforeAll(async () => {
  orders = await startOrders();
  await orders.db.query(PRODUCTS_SQL);
});

describe.skipIf(oneAccount)('the account that orders runs with (needs a server of our own, so no DATABASE_URL)', () => {
  test.each([
    'create table more (id int)',
    'alter table orders add column more int',
    'drop table orders',
    'truncate table order_events',
    'create index more on orders (total_cents)',
    'create trigger more before insert on orders for each row set new.total_cents = 0',
    'create user more',
    'grant select on admins to more',
    'delete from orders',
    'delete from order_events',
    'delete from order_lines',
    'delete from event_head',
    'delete from admins',
    'delete from audit_log',
    "update audit_log set admin_name = 'somebody else'",
    'delete from products',
    "delete from kysely_migration where name = '001-tables'",
    'select * from mysql.user',
  ])('may not: %s', async (statement) => {
    const connection = await createConnection({ uri: orders.db.runUrl });
    // Denied, and not merely wrong: 1044, 1045, 1142, 1143, 1227 are the servers' ways to say so.
    await expect(connection.query(statement)).rejects.toSatisfy((error: { errno: number }) =>
      [1044, 1045, 1142, 1143, 1227, 1370, 1410].includes(error.errno),
    );
    await connection.end();
  });

  test('does all that orders does, pruning too', async () => {
    await place(orders.url, order(), 'old');
    const old = new Date(Date.now() - EVENT_RETENTION_MS - 1000);
    await orders.db.query('update order_events set at = ?', [old]);
    await orders.db.query('update idempotency_keys set created_at = ?', [old]);
    await orders.db.query("insert into sign_in_failures values ('x', '2020-01-01')");
    const db = connect(orders.db.runUrl, MIGRATION_POOL);
    while (await prune(db, new Date()));
    await db.destroy();
    const left = 'select (select count(*) from idempotency_keys) + (select count(*) from sign_in_failures) as n';
    expect(await orders.db.query(left)).toEqual([{ n: 0 }]);
    expect(await orders.db.query('select seq from order_events where snapshot is not null')).toEqual([]);
  });

  test('is given its rights by the owner, again and again, and can hand none on', async () => {
    const { url, runUrl } = orders.db;
    const [owner, run] = [connect(url, MIGRATION_POOL), connect(runUrl, MIGRATION_POOL)];
    expect(await Promise.all([grantRunRights(owner, runUrl), grantRunRights(owner, runUrl)])).toEqual([true, true]);
    expect(await grantRunRights(run, url)).toBe(false);
    await Promise.all([owner.destroy(), run.destroy()]);
  });
});

import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../../scripts/testing/database.ts';
import { startOrders } from '../../../scripts/testing/orders.ts';
import { startProcess } from '../../../scripts/testing/process.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import { connect, MIGRATION_POOL } from '../connect.ts';
import { EVENT_RETENTION_MS, prune } from '../prune.ts';
import { ask, order, PRODUCTS_SQL, place } from './api.ts';

describe('migrating', () => {
  test('several at once makes one set of tables, one owner and one catalogue', async () => {
    const db = await testDatabase();
    const runs = await Promise.all(
      Array.from({ length: 3 }, () => startProcess('migrate', { DATABASE_URL: db.url }, { args: ['--demo'] })),
    );
    expect(await db.query('select id, head, floor from event_head')).toEqual([{ id: 1, head: 0, floor: 1 }]);
    expect(await db.query('select email from admins')).toEqual([{ email: 'admin@msp.example' }]);
    const slugs = await db.query<{ slug: string }>('select slug from products');
    expect(new Set(slugs.map(({ slug }) => slug)).size).toBe(slugs.length);
    expect(slugs.length).toBeGreaterThan(10);
    // The password that was made up is told once, by whoever made it.
    const told = runs.flatMap((run) => run.logs().match(/^admin login: \S+ \S+$/gm) ?? []);
    expect(told).toHaveLength(1);
  });

  test('again changes nothing; with --new-epoch the log goes on in a new one', async () => {
    const db = await testDatabase();
    const env = { DATABASE_URL: db.url };
    await startProcess('migrate', env);
    const epoch = async () => (await db.query<{ epoch: string }>('select epoch from event_head'))[0]!.epoch;
    const [first, admins] = [await epoch(), await db.query('select * from admins')];
    expect(first).toMatch(/^[0-9a-z]{12}$/);
    await startProcess('migrate', { ...env, ADMIN_EMAIL: 'other@msp.example', ADMIN_PASSWORD: 'something else' });
    expect([await epoch(), await db.query('select * from admins')]).toEqual([first, admins]);
    await startProcess('migrate', env, { args: ['--new-epoch'] });
    expect(await epoch()).not.toBe(first);
  });
});

test('--new-password gives an admin another one, told once, and ends the sessions of the old one', async () => {
  const orders = await startOrders();
  const { ADMIN_PASSWORD, ...settings } = orders.settings;
  const before = await signIn(orders.url, TEST_ADMIN);
  const renewed = await startProcess('migrate', settings, { args: ['--new-password'] });
  const [, password] = /^admin login: admin@msp\.example (\S{20})$/m.exec(renewed.logs())!;
  expect((await ask(`${orders.url}/sessions/current`, { token: before })).status).toBe(401);
  await expect(signIn(orders.url, TEST_ADMIN)).rejects.toThrow('401');
  expect(await signIn(orders.url, { ...TEST_ADMIN, password: password! })).toBeTruthy();
  const nobody = { ...settings, ADMIN_EMAIL: 'nobody@msp.example' };
  await expect(startProcess('migrate', nobody, { args: ['--new-password'] })).rejects.toThrow('no admin');
});

test.each(['orders', 'migrate'] as const)('%s wants the name of a database, not only its server', async (name) => {
  const secrets = { SESSION_SECRET: 'x'.repeat(32), SERVICE_TOKEN: 'y'.repeat(32), REDIS_URL: 'redis://127.0.0.1:1' };
  const started = startProcess(name, { ...secrets, DATABASE_URL: 'mysql://shop:geheim@127.0.0.1:9' });
  await expect(started).rejects.toThrow(/DATABASE_URL: must name a database, (?!.*geheim)/);
});

test('a process is not ready before the tables are there', async () => {
  const db = await testDatabase();
  const settings = {
    DATABASE_URL: db.url,
    REDIS_URL: 'redis://127.0.0.1:1',
    SESSION_SECRET: 'x'.repeat(32),
    SERVICE_TOKEN: 'y'.repeat(32),
  };
  const process = await startProcess('orders', settings, { until: 'listening' });
  expect((await ask(`${process.url}/readyz`)).status).toBe(503);
  await startProcess('migrate', settings);
  expect((await ask(`${process.url}/readyz`)).status).toBe(200);
});

test('a shop that has orders keeps their currency: migrating to another is refused, and no process is ready for it', async () => {
  const orders = await startOrders();
  const dollars = { ...orders.settings, SHOP_CURRENCY: 'USD' };
  const other = await startProcess('orders', dollars);
  await startProcess('migrate', dollars);
  expect((await ask(`${other.url}/readyz`)).status).toBe(200);
  await orders.db.query(PRODUCTS_SQL);
  await place(orders.url, order());
  await expect(startProcess('migrate', dollars)).rejects.toThrow(
    'SHOP_CURRENCY is USD, and the orders in this database are in EUR.',
  );
  expect((await ask(`${other.url}/readyz`)).status).toBe(503);
  await startProcess('migrate', orders.settings);
  expect((await ask(`${orders.url}/readyz`)).status).toBe(200);
});

test('pruning moves the floor over old events, keeps the histories, and lets old keys go', async () => {
  const orders = await startOrders();
  await orders.db.query(PRODUCTS_SQL);
  const numbers = [];
  for (let i = 0; i < 6; i += 1) numbers.push((await place(orders.url, order(), `key-${i}`)).body.number);
  const old = new Date(Date.now() - EVENT_RETENTION_MS - 1000);
  await orders.db.query('update order_events set at = ? where seq <= 4', [old]);
  await orders.db.query("update idempotency_keys set created_at = ? where key_text = 'key-0'", [old]);

  const db = connect(orders.db.url, MIGRATION_POOL);
  await Promise.all([prune(db, new Date()), prune(db, new Date())]);
  await db.destroy();

  const token = orders.settings.SERVICE_TOKEN;
  const { body } = await ask<{ epoch: string; floor: number; events: { seq: number }[] }>(`${orders.url}/events`, {
    token,
  });
  expect([body.floor, body.events.map(({ seq }) => seq)]).toEqual([5, [5, 6]]);
  expect((await ask(`${orders.url}/events?after=${body.epoch}.3`, { token })).status).toBe(410);
  expect((await ask(`${orders.url}/events?after=${body.epoch}.4`, { token })).status).toBe(200);
  const admin = await signIn(orders.url, TEST_ADMIN);
  const detail = await ask<{ history: unknown[] }>(`${orders.url}/orders/${numbers[0]}`, { token: admin });
  expect(detail.body.history).toHaveLength(1);
  expect(await orders.db.query('select key_text from idempotency_keys order by key_text')).toHaveLength(5);
  expect(await orders.db.query('select seq from order_events where snapshot is null')).toHaveLength(4);
});

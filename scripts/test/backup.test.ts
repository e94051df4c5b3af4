import { randomUUID } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ask, order, PRODUCTS_SQL, place } from '../../services/orders/test/api.ts';
import { ChannelMessage, EVENTS_CHANNEL } from '../../shared/contracts/event.ts';
import { checkBackup, type Part, readBackup, writeBackup } from '../backup/backup-file.ts';
import { loadDatabase } from '../backup/load-database.ts';
import { dropSideDatabases, makeSideDatabase, openServer, placesOf, swap, urlOf } from '../backup/side-database.ts';
import { takeOver } from '../backup/take-over.ts';
import { placeOrder } from '../smoke/place-order.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { startOrders, type TestOrders } from '../testing/orders.ts';
import type { TestProcess } from '../testing/process.ts';
import { runScript } from '../testing/run-script.ts';
import { signIn, TEST_ADMIN } from '../testing/system.ts';
import { testDirectory } from '../testing/test-guard.ts';
import { endRuns, runStart, startEnvironment } from './run-start.ts';

let shop: TestOrders;
let admin: string;

beforeAll(async () => {
  shop = await startOrders();
  await shop.db.query(PRODUCTS_SQL);
  admin = await signIn(shop.url, TEST_ADMIN);
});
afterEach(endRuns);

const newFile = () => join(testDirectory(), `${randomUUID()}.backup.gz`);

async function backUp(db: TestDatabase = shop.db): Promise<string> {
  const file = newFile();
  // As the image has it: one file, without the sources.
  const { code, output } = await runScript('../dist/backup.js', ['--to', file], { DATABASE_URL: db.url });
  expect([code, output]).toEqual([0, expect.stringContaining(file)]);
  return file;
}

const restore = (file: string, db: TestDatabase, ...options: string[]) =>
  runScript('../dist/restore.js', [file, ...options], { DATABASE_URL: db.url });

/** Every row of every table but those that a restore makes anew. */
async function contents(db: TestDatabase): Promise<Record<string, unknown[]>> {
  const tables = await db.query<{ name: string }>(
    'select table_name as name from information_schema.tables where table_schema = database() order by table_name',
  );
  const anew = new Set(['sessions', 'durability_guard', 'kysely_migration', 'kysely_migration_lock']);
  const entries = tables
    .filter(({ name }) => !anew.has(name))
    .map(async ({ name }) => {
      const columns = name === 'event_head' ? 'head, floor, en_attente, en_cours, terminee, annulee' : '*';
      return [name, await db.query(`select ${columns} from \`${name}\` order by 1, 2`)] as const;
    });
  return Object.fromEntries(await Promise.all(entries));
}

/** What a restore into this database has left beside it. */
async function leftovers(db: TestDatabase): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    "select schema_name as name from information_schema.schemata where schema_name like concat(database(), '\\_%')",
  );
  return rows.map(({ name }) => name);
}

async function cancel(number: string): Promise<void> {
  const json = { status: 'annulee', version: 1 };
  const { status } = await ask(`${shop.url}/orders/${number}`, { method: 'PATCH', json, token: admin });
  expect(status).toBe(200);
}

describe('a backup', () => {
  test('brings every row back, in a database of its own, with the layout that the services want', async () => {
    await place(
      shop.url,
      order({ name: 'Zoé «\\» \u{1F36F}', notes: 'une ligne\nune autre, "citée"', phone: '+33 6 12' }),
    );
    await cancel((await place(shop.url)).body.number);
    // Bytes that are no text in any encoding.
    await shop.db.query("insert into product_pictures values (repeat('a', 32), unhex('00ff275c0a80c3'), now(3))");
    const file = await backUp();
    const fresh = await testDatabase();
    const { code, output } = await restore(file, fresh);
    expect([code, output]).toEqual([0, expect.stringContaining('in a new epoch')]);
    expect(await contents(fresh)).toEqual(await contents(shop.db));
    expect(await fresh.query('select name from kysely_migration')).toEqual(
      await shop.db.query('select name from kysely_migration'),
    );
    const epochs = [shop.db, fresh].map(
      async (db) => (await db.query<{ epoch: string }>('select * from event_head'))[0]!,
    );
    expect(new Set((await Promise.all(epochs)).map(({ epoch }) => epoch)).size).toBe(2);
    const again = await startOrders({ databaseUrl: fresh.url });
    expect((await place(again.url)).status).toBe(201);
    expect(await leftovers(fresh)).toEqual([]);
  });

  test('that is made while orders come in is of one instant: no order without its lines, key and event', async () => {
    let open = true;
    const shopper = async () => {
      while (open) expect((await place(shop.url)).status).toBe(201);
    };
    const shoppers = Promise.all([shopper(), shopper(), shopper()]);
    const before = (await shop.db.query('select 1 from orders')).length;
    const file = await backUp();
    open = false;
    await shoppers;
    const after = (await shop.db.query('select 1 from orders')).length;
    expect(after).toBeGreaterThan(before);

    const fresh = await testDatabase();
    expect((await restore(file, fresh)).code).toBe(0);
    const [found] = await fresh.query<Record<string, number>>(`select
      (select count(*) from orders) as orders,
      (select count(*) from orders o where not exists (select 1 from order_lines l where l.order_id = o.id)) as bare,
      (select count(*) from orders o where not exists
        (select 1 from idempotency_keys k where k.order_id = o.id)) as keyless,
      (select count(*) from orders o where not exists
        (select 1 from order_events e where e.order_id = o.id and e.type = 'order.placed')) as silent,
      (select count(*) from order_events e where not exists (select 1 from orders o where o.id = e.order_id)) as ghosts,
      (select count(*) from order_events) - (select head from event_head) as holes,
      (select en_attente + en_cours + terminee + annulee from event_head) - (select count(*) from orders) as miscounted,
      (select stock from products where id = 1) + (select sum(l.quantity) from order_lines l
        join orders o on o.id = l.order_id where l.product_id = 1 and o.status <> 'annulee') as honey`);
    const { orders, honey, ...wrong } = found!;
    expect(Number(orders)).toBeGreaterThanOrEqual(before);
    expect(Number(honey)).toBe(100_000);
    expect(Object.values(wrong).map(Number)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('is for its owner alone, and replaces no file', async () => {
    const file = await backUp();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(file);
    const second = await runScript('backup.ts', ['--to', file], { DATABASE_URL: shop.db.url });
    expect([second.code, second.output]).toEqual([1, expect.stringContaining('exists already')]);
    expect(readFileSync(file)).toEqual(bytes);
  });

  test('that is not whole, or not what was written, is refused before anything is touched', async () => {
    const bytes = readFileSync(await backUp());
    const text = gunzipSync(bytes).toString();
    const lines = text.split('\n');
    const bad: [string, Buffer][] = [
      ['cut off', bytes.subarray(0, bytes.length - 20)],
      ['a bit turned', Buffer.from(bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte)))],
      ['a price changed', gzipSync(text.replace('1250', '1251'))],
      ['a row taken out', gzipSync(lines.toSpliced(2, 1).join('\n'))],
      ['no end', gzipSync(lines.slice(0, -2).join('\n'))],
      ['two of them', Buffer.concat([bytes, bytes])],
      ['something else', Buffer.from('select 1;')],
      ['nothing', Buffer.alloc(0)],
      ['a newer version', gzipSync(text.replace('msp-backup-1', 'msp-backup-2'))],
    ];
    const before = await contents(shop.db);
    let last = '';
    for (const [what, content] of bad) {
      const file = newFile();
      writeFileSync(file, content);
      const refusal = await checkBackup(file).then(String, String);
      expect([what, refusal]).toEqual([what, expect.stringMatching(/BackupFailure: .* is (damaged|no backup)/)]);
      last = file;
    }
    const { code, output } = await restore(last, shop.db, '--yes');
    expect([code, output]).toEqual([1, expect.stringContaining('is no backup')]);
    expect(await contents(shop.db)).toEqual(before);
  });
});

describe('a restore', () => {
  test('is refused while an orders process runs, and unasked where there are data', async () => {
    const file = await backUp();
    const before = await contents(shop.db);
    const refused = await restore(file, shop.db, '--yes');
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('Orders processes are at work')]);
    await shop.processes[0]!.stop();
    const unasked = await restore(file, shop.db);
    expect([unasked.code, unasked.output]).toEqual([1, expect.stringContaining('Add --yes if you are sure')]);
    expect(await contents(shop.db)).toEqual(before);
    await shop.processes[0]!.restart();
  });

  test('that fails leaves everything as it was, and nothing beside it', async () => {
    await place(shop.url);
    const lines = gunzipSync(readFileSync(await backUp()))
      .toString()
      .trimEnd()
      .split('\n');
    const values = lines.map((line) => JSON.parse(line));
    const at = values.findIndex(({ table }) => table === 'orders');
    // Well made, and still not to be loaded: two orders of one number.
    values.splice(at + 1, 0, [values[at + 1][0] + 1e6, ...values[at + 1].slice(1)]);
    const file = newFile();
    await writeBackup(file, values[0], parts(values.slice(1, -1)));
    await shop.processes[0]!.stop();
    const before = await contents(shop.db);
    const { code, output } = await restore(file, shop.db, '--yes');
    expect([code, output]).toEqual([1, expect.stringContaining('Duplicate entry')]);
    expect(await contents(shop.db)).toEqual(before);
    expect(await leftovers(shop.db)).toEqual([]);
    await shop.processes[0]!.restart();
  });

  test('wakes no ended session and no erased customer', async () => {
    const person = { name: 'Ludivine Vidal', email: 'ludivine@exemple.fr' };
    const mine = (await place(shop.url, order(person))).body;
    const left = (await place(shop.url)).body;
    await cancel(mine.number);
    const leaving = await signIn(shop.url, TEST_ADMIN);
    const view = { name: 'Elle', query: new URLSearchParams({ q: person.email }).toString() };
    expect((await ask(`${shop.url}/views`, { method: 'POST', json: view, token: admin })).status).toBe(200);
    const file = await backUp();

    const later = await signIn(shop.url, TEST_ADMIN);
    await ask(`${shop.url}/sessions/current`, { method: 'DELETE', token: leaving });
    await ask(`${shop.url}/sessions/current`, { method: 'DELETE', token: later });
    const json = { email: person.email };
    const erased = await ask(`${shop.url}/customers/erase`, { method: 'POST', json, token: admin });
    expect(erased.body).toEqual({ erased: 1, complete: true });
    await cancel(left.number);
    const [at] = await shop.db.query<{ erased_at: Date }>('select erased_at from orders where number = ?', [
      mine.number,
    ]);

    await shop.processes[0]!.stop();
    expect(await restore(file, shop.db, '--yes')).toMatchObject({
      code: 0,
      output: expect.stringContaining('erased again from 1 orders'),
    });
    await shop.processes[0]!.restart();
    const detail = async (number: string) =>
      (await ask<{ order: object; history: object[] }>(`${shop.url}/orders/${number}`, { token: admin })).body;
    expect((await detail(left.number)).order).toMatchObject({ status: 'en_attente', version: 1 });
    const { order: mineNow, history } = await detail(mine.number);
    expect(mineNow).toMatchObject({ name: '', email: '', erasedAt: at!.erased_at.toISOString() });
    expect(history.at(-1)).toMatchObject({ type: 'order.erased', by: 'admin' });
    expect(JSON.stringify(await contents(shop.db))).not.toMatch(/ludivine/i);
    for (const token of [leaving, later])
      expect((await ask(`${shop.url}/sessions/current`, { token })).status).toBe(401);
    const revoked = await ask<{ revoked: string[] }>(`${shop.url}/sessions/revoked`, {
      token: shop.settings.SERVICE_TOKEN,
    });
    // The notifier lets in whoever is not on this list.
    expect(revoked.body.revoked).toEqual(expect.arrayContaining([leaving, later].map((token) => token.split('.')[0])));
  });

  test('changes rows and epoch in one step: not even a process that was not stopped gives a number twice', async () => {
    const busy = await startOrders({ processes: 2 });
    await busy.db.query(PRODUCTS_SQL);
    const [ahead, behind] = busy.processes as [TestProcess, TestProcess];
    const told: string[] = [];
    const subscriber = new Redis(busy.redis.url);
    subscriber.on('message', (_, text) => {
      const message = ChannelMessage.parse(JSON.parse(text));
      if ('events' in message) told.push(...message.events.map(({ seq }) => `${message.epoch}.${seq}`));
    });
    await subscriber.subscribe(EVENTS_CHANNEL);
    await place(ahead.url);
    // It cannot know by itself that the log went back, because it has not seen how far the log went.
    behind.signal('SIGSTOP');
    const file = await backUp(busy.db);
    for (let i = 0; i < 3; i += 1) expect((await place(ahead.url)).status).toBe(201);
    await ahead.stop();

    // What the command does, but for its refusal.
    const places = placesOf(busy.db.url);
    const server = await openServer(busy.db.url);
    await makeSideDatabase(server, places);
    const parts = readBackup(file);
    await loadDatabase(urlOf(busy.db.url, places.loading), { ...(await checkBackup(file)), parts });
    await takeOver(server, busy.db.url, places);
    await swap(server, places);
    await dropSideDatabases(server, places);
    await server.end();

    behind.signal('SIGCONT');
    for (let i = 0; i < 3; i += 1) await expect.poll(async () => (await place(behind.url)).status).toBe(201);
    await expect.poll(() => told.length).toBeGreaterThanOrEqual(7);
    subscriber.disconnect();
    expect(told.filter((at, i) => told.indexOf(at) !== i)).toEqual([]);
    expect(new Set(told.map((at) => at.split('.')[0])).size).toBe(2);
  });
});

test('the private shop of `npm start` is backed up while it runs and when it does not, and restored when it does not', {
  timeout: 120_000,
}, async () => {
  const env = await startEnvironment();
  const plain = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  const file = newFile();
  const first = runStart(env);
  await first.said('Ctrl-C stops everything');
  const kept = await placeOrder(first.webUrl, 'Gardée');
  expect(await runScript('backup.ts', ['--to', file], plain)).toMatchObject({ code: 0 });
  const lost = await placeOrder(first.webUrl, 'Perdue');
  const refused = await runScript('restore.ts', [file, '--yes'], plain);
  expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('MSP runs already from this folder')]);
  first.signal('SIGINT');
  await first.exited;

  expect(await runScript('backup.ts', [], plain)).toMatchObject({ code: 0 });
  expect(await runScript('restore.ts', [file, '--yes'], plain)).toMatchObject({ code: 0 });
  const second = runStart(env);
  await second.said('Ctrl-C stops everything');
  const secrets = JSON.parse(readFileSync(join(env.DATA_DIR as string, 'secrets.json'), 'utf8')) as Record<
    string,
    string
  >;
  const log = await ask(`http://127.0.0.1:${env.ORDERS_PORT}/events`, { token: secrets.serviceToken! });
  expect(JSON.stringify(log.body)).toContain(kept.number);
  expect(JSON.stringify(log.body)).not.toContain(lost.number);
});

async function* parts(values: (Record<string, unknown> | unknown[])[]): AsyncGenerator<Part> {
  for (const value of values) {
    yield (Array.isArray(value) ? { kind: 'row', row: value } : { kind: 'table', ...value }) as Part;
  }
}

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { placeOrder } from '../smoke/place-order.ts';
import { isRunning } from '../supervise/process-identity.ts';
import { endRuns, kill, runStart, startEnvironment } from './run-start.ts';

afterEach(endRuns);

const READY = 'Ctrl-C stops everything';

test('a fresh folder becomes a shop, Ctrl-C leaves nothing running, and the data stay for the next start', async () => {
  const env = await startEnvironment();
  const first = runStart(env);
  await first.said(READY);
  expect(first.output()).toContain(`${first.webUrl}/\n`);
  expect(first.output()).toContain(`${first.webUrl}/admin/orders\n`);
  const secretsFile = join(first.dataDirectory, 'secrets.json');
  const secrets = JSON.parse(readFileSync(secretsFile, 'utf8')) as Record<string, string>;
  expect(first.output()).toContain(`${secrets.adminEmail}   ${secrets.adminPassword}`);
  expect(statSync(secretsFile).mode & 0o077).toBe(0);
  const { number } = await placeOrder(first.webUrl, 'Camille Martin');

  const children = first.children();
  expect(children).toHaveLength(5);
  expect(children.every(isRunning)).toBe(true);
  expect(secretsOf('web', children, secrets)).toEqual([]);
  expect(secretsOf('notifier', children, secrets)).toEqual(['redisNotifierPassword', 'serviceToken', 'sessionSecret']);
  expect(secretsOf('orders', children, secrets)).toEqual([
    'redisOrdersPassword',
    'runPassword',
    'serviceToken',
    'sessionSecret',
  ]);
  first.signal('SIGINT');
  expect(await first.exited).toBe(0);
  expect(children.filter(isRunning)).toEqual([]);
  expect(first.output()).toContain('The data stay');

  // As a version wrote it that had one account at the database and none at Redis.
  const { runPassword, redisOrdersPassword, redisNotifierPassword, ...older } = secrets;
  writeFileSync(secretsFile, JSON.stringify(older), { mode: 0o600 });
  // On one address alone, by which they then reach each other.
  const second = runStart({ ...env, BIND_ADDRESS: '127.0.0.2' });
  await second.said(READY);
  expect(second.output()).toContain(`http://127.0.0.2:${env.WEB_PORT}/admin/orders\n`);
  expect(second.output()).toContain(secrets.adminPassword);
  const listed = await fetch(`http://127.0.0.2:${env.ORDERS_PORT}/events?limit=10`, {
    headers: { Authorization: `Bearer ${secrets.serviceToken}` },
  });
  expect(await listed.text()).toContain(number);
});

test('a supervisor that is killed outright leaves nothing running, and its folder can be started again', async () => {
  const env = await startEnvironment();
  const run = runStart(env);
  await run.said(READY);
  const children = run.children();
  run.signal('SIGKILL');
  await run.exited;
  await expect.poll(() => children.filter(isRunning), { timeout: 30_000 }).toEqual([]);

  const next = runStart(env);
  await next.said(READY);
});

test('a second start in the same folder names the address of the first, and disturbs nothing', async () => {
  const env = await startEnvironment();
  const first = runStart(env);
  await first.said(READY);
  const children = first.children();
  const second = runStart({ ...(await startEnvironment()), DATA_DIR: env.DATA_DIR });
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain(`MSP runs already from this folder: ${first.webUrl} (process ${first.pid})`);
  expect(children.every(isRunning)).toBe(true);
  expect((await fetch(first.webUrl)).status).toBe(200);
  expect(first.children()).toEqual(children);
});

test('a service that crashes is named with its last words, and everything stops', async () => {
  const run = runStart(await startEnvironment());
  await run.said(READY);
  const children = run.children();
  const notifier = children.find(({ pid }) => commandOf(pid).includes('dist/notifier.js'));
  kill(notifier!);
  expect(await run.exited).toBe(1);
  expect(run.output()).toContain('notifier has ended (SIGKILL). Its last words');
  expect(run.output()).toContain('"msg":"listening"');
  expect(children.filter(isRunning)).toEqual([]);
});

test('a port that is taken is said before anything is started, with the setting that changes it', async () => {
  const env = await startEnvironment();
  const other = createServer();
  await new Promise<void>((done) => other.listen(Number(env.WEB_PORT), '127.0.0.1', done));
  const run = runStart(env);
  expect(await run.exited).toBe(1);
  other.close();
  expect(run.output()).toContain(`Port ${env.WEB_PORT} is taken by another program; WEB_PORT chooses another`);
  expect(run.output()).not.toContain('Starting');

  const elsewhere = runStart({ ...env, BIND_ADDRESS: '192.0.2.1' });
  expect(await elsewhere.exited).toBe(1);
  expect(elsewhere.output()).toContain('BIND_ADDRESS: 192.0.2.1 is no address of this machine.');
});

test('--reset deletes nothing where nobody can be asked, and everything with --yes', async () => {
  const env = await startEnvironment();
  const first = runStart(env);
  await first.said(READY);
  const { number } = await placeOrder(first.webUrl, 'Camille Martin');
  first.signal('SIGTERM');
  expect(await first.exited).toBe(0);
  const before = readFileSync(join(first.dataDirectory, 'secrets.json'), 'utf8');

  const refused = runStart(env, ['--reset']);
  expect(await refused.exited).toBe(1);
  expect(refused.output()).toContain('there is no terminal to ask on');
  expect(readFileSync(join(first.dataDirectory, 'secrets.json'), 'utf8')).toBe(before);

  const anew = runStart(env, ['--reset', '--yes']);
  await anew.said(READY);
  const after = JSON.parse(readFileSync(join(first.dataDirectory, 'secrets.json'), 'utf8')) as Record<string, string>;
  expect(JSON.stringify(after)).not.toBe(before);
  const listed = await fetch(`http://127.0.0.1:${env.ORDERS_PORT}/events?limit=10`, {
    headers: { Authorization: `Bearer ${after.serviceToken}` },
  });
  expect(listed.status).toBe(200);
  expect(await listed.text()).not.toContain(number);
});

test('a database that nobody answers for, and settings that are wrong, are one message each', async () => {
  const unreachable = runStart({ ...(await startEnvironment()), DATABASE_URL: 'mysql://msp:geheim@127.0.0.1:9/msp' });
  expect(await unreachable.exited).toBe(1);
  expect(unreachable.output()).toContain('DATABASE_URL cannot be used: Nothing listens at 127.0.0.1:9.');
  expect(unreachable.output()).not.toContain('geheim');

  const wrong = runStart({
    ...(await startEnvironment()),
    WEB_PORT: '70000',
    ADMIN_EMAIL: 'nobody',
    SHOP_LOCALE: 'de',
    DATABASE_URL: 'mysql://msp:geheim@127.0.0.1:9',
  });
  expect(await wrong.exited).toBe(1);
  expect(wrong.output()).toContain('WEB_PORT:');
  expect(wrong.output()).toContain('ADMIN_EMAIL:');
  expect(wrong.output()).toContain('SHOP_LOCALE:');
  expect(wrong.output()).toContain('DATABASE_URL: must name a database');
});

test('a machine without servers, where nothing may be installed, is told what helps', async () => {
  const env = await startEnvironment();
  const run = runStart({ ...env, SERVER_PATH: '/nonexistent' });
  expect(await run.exited).toBe(1);
  expect(run.output()).toContain('MSP_INSTALL=never forbids installing');
  expect(run.output()).toContain('DATABASE_URL=');
});

test('a data folder that cannot be written is one message', async () => {
  const env = await startEnvironment();
  const run = runStart({ ...env, DATA_DIR: '/dev/null/data' });
  expect(await run.exited).toBe(1);
  expect(run.output()).toContain('/dev/null/data cannot be used');
});

test('a database that cannot read its own files says so, and stays as it is', async () => {
  const env = await startEnvironment();
  const first = runStart(env);
  await first.said(READY);
  first.signal('SIGTERM');
  await first.exited;
  const file = join(first.dataDirectory, 'database/ibdata1');
  const size = statSync(file).size;
  writeFileSync(file, Buffer.alloc(size, 7));
  const run = runStart(env);
  expect(await run.exited).toBe(1);
  expect(run.output()).toContain('The database server could not start');
  expect(run.output()).toContain('npm start -- --reset');
  expect(statSync(file).size).toBe(size);
});

/** The names of the secrets that a service was started with. */
function secretsOf(service: string, children: readonly { pid: number }[], secrets: Record<string, string>): string[] {
  const { pid } = children.find((child) => commandOf(child.pid).includes(`dist/${service}.js`))!;
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
  return Object.keys(secrets)
    .filter((name) => environment.includes(secrets[name]!))
    .sort();
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { createAdmin, signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { Problem } from '../../../shared/contracts/problem.ts';
import type { OpenedSession } from '../../../shared/contracts/session.ts';
import { createPasswordChecker, NOBODYS_HASH } from '../check-password.ts';
import { connect, MIGRATION_POOL } from '../connect.ts';
import { recogniseDevice, rememberDevice } from '../known-device.ts';
import { prune } from '../prune.ts';
import { bucketsOf, charge, refuseWhenFull } from '../throttle.ts';
import { ask } from './api.ts';

/** What one account takes from one address before it is slowed down. */
const FREE = 10;

let orders: TestOrders;
beforeAll(async () => {
  orders = await startOrders({ processes: 2, env: { TRUST_PROXY: '1' } });
});

interface Try {
  email?: string;
  password?: string;
  device?: string;
  replaces?: string;
}

/** One try to sign in, from an address that a proxy names. */
function attempt(from: string, { email = TEST_ADMIN.email, password = 'wrong', ...more }: Try = {}, process = 0) {
  return ask<Problem & OpenedSession>(`${orders.processes[process]!.url}/sessions`, {
    method: 'POST',
    json: { email, password, ...more },
    headers: { 'X-Forwarded-For': from },
  });
}

const right = { password: TEST_ADMIN.password };
let last = 0;
/** A network that nobody has tried from. */
function stranger(): string {
  last += 1;
  return `198.51.100.${last}`;
}

/** Microseconds of processor, of all threads, that checking a wrong password a few times took. */
async function cpuOfChecks(hash: string | undefined): Promise<number> {
  const passwords = createPasswordChecker();
  const start = process.cpuUsage();
  for (let i = 0; i < 8; i += 1) await passwords.inTurn('unknown', (check) => check(hash, 'wrong'));
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

async function fill(from: string, email = TEST_ADMIN.email, device?: string): Promise<void> {
  for (let i = 0; i < FREE; i += 1)
    expect((await attempt(from, { email, ...(device && { device }) })).status).toBe(401);
}

describe('guessing', () => {
  test('is free for those who mistype, then slowed down, and the right password works a minute later', async () => {
    const address = stranger();
    await fill(address);
    const refused = await attempt(address, right);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    // Time passes for the rows alone.
    await orders.db.query('update sign_in_failures set clears_at = clears_at - interval ? second', [seconds]);
    expect((await attempt(address, right)).status).toBe(201);
  });

  test('counts over all processes, side by side, and over a restart', async () => {
    const address = stranger();
    const tries = await Promise.all(
      Array.from({ length: 16 }, (_, i) => attempt(address, { email: 'b@msp.example' }, i % 2)),
    );
    const statuses = tries.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(FREE).fill(401), ...Array(16 - FREE).fill(429)]);
    await orders.processes[1]!.restart();
    expect((await attempt(address, { email: 'b@msp.example' }, 1)).status).toBe(429);
  });

  test('keeps nobody out who is elsewhere, however long it lasts', async () => {
    const [attacker, owner] = [stranger(), stranger()];
    await createAdmin(orders.db, { email: 'owner@msp.example', password: 'a password', name: 'Owner' });
    for (let i = 0; i < 40; i += 1) await attempt(attacker, { email: 'owner@msp.example' });
    expect((await attempt(attacker, { email: 'owner@msp.example' })).status).toBe(429);
    expect((await attempt(owner, { email: 'owner@msp.example', password: 'a password' })).status).toBe(201);
  });

  test('from many addresses keeps out whoever has not been here before, a minute at a time, and no known device', async () => {
    const email = 'hunted@msp.example';
    await createAdmin(orders.db, { email, password: 'a password', name: 'Hunted' });
    const home = stranger();
    const { device } = (await attempt(home, { email, password: 'a password' })).body;
    const statuses = [];
    for (let i = 0; i < 32; i += 1) statuses.push((await attempt(stranger(), { email })).status);
    expect(statuses).toContain(429);
    const elsewhere = await attempt(stranger(), { email, password: 'a password' });
    expect(elsewhere.status).toBe(429);
    expect(Number(elsewhere.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    // The owner's browser, at home and on a journey, even behind an address that others have used up.
    expect((await attempt(home, { email, password: 'a password', device })).status).toBe(201);
    expect((await attempt(stranger(), { email, password: 'a password', device })).status).toBe(201);
    // It is a bucket, not a pass: whoever stole the proof guesses no faster.
    await fill(home, email, device);
    expect((await attempt(home, { email, device })).status).toBe(429);
  });

  test('many accounts from one address ends too, in whatever of its addresses', async () => {
    // All but a few of its hundred, without the hashing.
    const db = connect(orders.db.url, MIGRATION_POOL);
    const network = '2001:db8:7:7::/64';
    for (let i = 0; i < 97; i += 1)
      await charge(db, bucketsOf(orders.settings.SESSION_SECRET, { account: `m${i}`, network, device: undefined }));
    await db.destroy();
    const statuses = [];
    for (let i = 0; i < 8; i += 1)
      statuses.push((await attempt(`2001:db8:7:7::${i}`, { email: `n${i}@msp.example` })).status);
    expect(statuses.slice(0, 3)).toEqual([401, 401, 401]);
    expect(statuses).toContain(429);
    expect((await attempt('2001:db8:7:8::1', { email: 'n1@msp.example' })).status).toBe(401);
  });

  test('is the same account in whatever spelling', async () => {
    const address = stranger();
    await createAdmin(orders.db, { email: 'zoe@msp.example', password: 'a password', name: 'Zoé' });
    const spellings = ['zoe@msp.example', 'ZOE@MSP.example', ' Zoe@msp.example ', 'ｚoe@msp.example'];
    for (let i = 0; i < FREE; i += 1) {
      const { status } = await attempt(address, { email: spellings[i % spellings.length]! });
      expect(status).toBe(401);
    }
    for (const email of spellings) expect([email, (await attempt(address, { email })).status]).toEqual([email, 429]);
    // The database's collation would take this for the same; it is nobody's.
    expect((await attempt(stranger(), { email: 'zoé@msp.example', password: 'a password' })).status).toBe(401);
    expect((await attempt(stranger(), { email: 'ZOE@msp.example', password: 'a password' })).status).toBe(201);
  });
});

describe('signing in', () => {
  test('well is never slowed down, one after the other or side by side', async () => {
    const address = stranger();
    for (let i = 0; i < 25; i += 1) expect((await attempt(address, right)).status).toBe(201);
    const together = await Promise.all(Array.from({ length: 12 }, (_, i) => attempt(address, right, i % 2)));
    expect(together.map(({ status }) => status)).toEqual(Array(12).fill(201));
  });

  test('begins a new session each time, and ends the one that the browser had', async () => {
    const first = (await attempt(stranger(), right)).body.token;
    const other = await signIn(orders.url, TEST_ADMIN);
    const second = (await attempt(stranger(), { ...right, replaces: first })).body.token;
    expect(second.split('.')[0]).not.toBe(first.split('.')[0]);
    const status = async (token: string) => (await ask(`${orders.url}/sessions/current`, { token })).status;
    expect([await status(first), await status(second), await status(other)]).toEqual([401, 200, 200]);
    // Made-up ones end nothing and hinder nobody.
    const forged = `${other.slice(0, -2)}AA`;
    expect((await attempt(stranger(), { ...right, replaces: forged })).status).toBe(201);
    expect(await status(other)).toBe(200);
  });

  test('from whatever is claimed counts by the connection, unless a proxy is to be believed', async () => {
    const alone = await startOrders();
    const statuses = [];
    for (let i = 0; i <= FREE; i += 1) {
      const { status } = await ask(`${alone.url}/sessions`, {
        method: 'POST',
        json: { email: 'x@msp.example', password: 'x' },
        headers: { 'X-Forwarded-For': stranger() },
      });
      statuses.push(status);
    }
    expect(statuses).toEqual([...Array(FREE).fill(401), 429]);
    // Behind the proxy, what stands further left than the proxy's own word is a forgery.
    const address = stranger();
    for (let i = 0; i < FREE; i += 1) await attempt(`203.0.113.${i}, ${address}`, { email: 'y@msp.example' });
    expect((await attempt(`203.0.113.99, ${address}`, { email: 'y@msp.example' })).status).toBe(429);
  });

  test('is told apart by nothing: an unknown e-mail has the same hash to check, the same buckets and the same answer', async () => {
    await cpuOfChecks(NOBODYS_HASH);
    const [withHash, without] = [await cpuOfChecks(NOBODYS_HASH), await cpuOfChecks(undefined)];
    expect(without / withHash).toBeGreaterThan(0.5);
    const [stored] = await orders.db.query<{ password_hash: string }>('select password_hash from admins limit 1');
    const cost = (hash: string) => hash.split('$').slice(1, 4);
    expect(cost(stored!.password_hash)).toEqual(cost(NOBODYS_HASH));
    expect(cost(NOBODYS_HASH)).toEqual(['argon2id', 'v=19', 'm=19456,t=2,p=1']);
    const [known, unknown] = [stranger(), stranger()];
    for (let i = 0; i <= FREE; i += 1) {
      const answers = [
        await attempt(known, { email: TEST_ADMIN.email }),
        await attempt(unknown, { email: 'q@msp.example' }),
      ];
      const [first, second] = answers.map(({ status, body, headers }) => [status, body, [...headers.keys()]]);
      expect(first).toEqual(second);
    }
  });
});

test('what is kept names nobody, and goes when it is forgiven', async () => {
  const rows = await orders.db.query<{ bucket: string }>('select bucket from sign_in_failures');
  expect(rows.length).toBeGreaterThan(10);
  for (const { bucket } of rows) expect(bucket).toMatch(/^[\w-]{43}$/);
  await orders.db.query("update sign_in_failures set clears_at = '2020-01-01'");
  const db = connect(orders.db.url, MIGRATION_POOL);
  while (await prune(db, new Date()));
  await db.destroy();
  expect(await orders.db.query('select * from sign_in_failures')).toEqual([]);
});

test('a clock that is wrong by a day keeps nobody out for longer than a minute', async () => {
  const db = connect(orders.db.url, MIGRATION_POOL);
  const buckets = bucketsOf('s', { account: 'clock', network: '192.0.2.1', device: undefined });
  const now = Date.now();
  const dayMs = 86_400_000;
  for (let i = 0; i < FREE; i += 1) await charge(db, buckets, now + dayMs);
  await expect(refuseWhenFull(db, buckets, now)).rejects.toMatchObject({
    code: 'too_many_requests',
    retryAfterSeconds: 60,
  });
  await db.destroy();
});

test('a device is known to the accounts that were signed in to from it, for half a year, and to no forger', () => {
  const secret = 's'.repeat(32);
  const now = Date.now();
  const a = rememberDevice(secret, 'a@msp.example', '', now);
  const both = rememberDevice(secret, 'b@msp.example', a, now);
  for (const account of ['a@msp.example', 'b@msp.example'])
    expect(recogniseDevice(secret, account, both, now)).toBeTruthy();
  expect(recogniseDevice(secret, 'c@msp.example', both, now)).toBeUndefined();
  expect(recogniseDevice('t'.repeat(32), 'a@msp.example', a, now)).toBeUndefined();
  expect(recogniseDevice(secret, 'a@msp.example', a, now + 181 * 86_400_000)).toBeUndefined();
  expect(recogniseDevice(secret, 'a@msp.example', `${a.slice(0, -2)}AA`, now)).toBeUndefined();
  for (const junk of ['', '~', 'x.y.z', `${'~'.repeat(500)}`])
    expect(recogniseDevice(secret, 'a@msp.example', junk)).toBeUndefined();
  // Signing in again and again keeps one proof an account; it holds no e-mail.
  let proofs = both;
  for (let i = 0; i < 6; i += 1) proofs = rememberDevice(secret, 'a@msp.example', proofs, now);
  expect(proofs.split('~')).toHaveLength(2);
  expect(recogniseDevice(secret, 'b@msp.example', proofs, now)).toBeTruthy();
  expect(proofs).not.toContain('msp.example');
});

import { TOTP } from 'otpauth';
import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { startProcess } from '../../../scripts/testing/process.ts';
import { createAdmin, signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { OwnSession, TotpEnrolment } from '../../../shared/contracts/account.ts';
import type { AdminList, MadeInvitation } from '../../../shared/contracts/admin.ts';
import type { AuditPage, OrderChangePage } from '../../../shared/contracts/audit.ts';
import type { Problem } from '../../../shared/contracts/problem.ts';
import type { OpenedSession } from '../../../shared/contracts/session.ts';
import { connect, MIGRATION_POOL } from '../connect.ts';
import { openSession } from '../open-session.ts';
import { ask, order, PRODUCTS_SQL, place } from './api.ts';

const PASSWORD = 'a password of one’s own';
const NOWHERE = { device: null, network: null };
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';

let orders: TestOrders;
let owner: string;
beforeAll(async () => {
  orders = await startOrders({ env: { TRUST_PROXY: '1' } });
  await orders.db.query(PRODUCTS_SQL);
  owner = await signIn(orders.url, TEST_ADMIN);
});

/** An answer of the API; DELETE and POST with a body where there is one. */
function api<Body = Problem>(method: string, path: string, token?: string, json?: unknown) {
  return ask<Body & Problem>(`${orders.url}${path}`, {
    method,
    ...(token ? { token } : {}),
    ...(json === undefined ? {} : { json }),
  });
}

/** A new admin of this test alone, signed in. */
async function newAdmin(name: string, role: 'owner' | 'staff' = 'staff') {
  const email = `${name}@msp.example`;
  await createAdmin(orders.db, { email, password: PASSWORD, name, role });
  const [{ id }] = (await orders.db.query<{ id: number }>('select id from admins where email = ?', [email])) as [
    { id: number },
  ];
  return { id, name, email, credentials: { email, password: PASSWORD }, token: await open(email) };
}
const open = (email: string) => signIn(orders.url, { email, password: PASSWORD });
const tryToSignIn = (json: object) => api<OpenedSession>('POST', '/sessions', undefined, json);
const isOpen = async (token: string) => (await api('GET', '/sessions/current', token)).status === 200;

describe('staff', () => {
  test('treat orders, and are refused whatever is for owners, before a body is read', async () => {
    const { token, id } = await newAdmin('sam');
    const { body: placed } = await place(orders.url);
    const change = await api('PATCH', `/orders/${placed.number}`, token, { status: 'en_cours', version: 1 });
    expect(change.status).toBe(200);
    for (const [method, path, body] of [
      ['GET', '/admins'],
      ['PATCH', `/admins/${id}`, { role: 'owner' }],
      ['POST', `/admins/${id}/access-link`],
      ['POST', '/invitations', { email: 'friend@msp.example', role: 'owner' }],
      ['DELETE', '/invitations/by-id/1'],
      ['GET', '/audit'],
      ['GET', '/audit/orders'],
      ['POST', '/customers/find', { email: order().email }],
      ['POST', '/customers/export', { email: order().email }],
      ['POST', '/customers/erase', { email: order().email }],
      ['POST', '/customers/erase', 'nonsense'],
    ] as const) {
      const answer = await api(method, path, token, body);
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 403, 'forbidden']);
    }
    const { body } = await api<AdminList>('GET', '/admins', owner);
    expect(body.admins.find((one) => one.id === id)).toMatchObject({ role: 'staff', disabled: false });
    expect(body.invitations).toEqual([]);
  });
});

describe('an invitation', () => {
  const invite = async (email: string, by = owner, role = 'staff') =>
    (await api<MadeInvitation>('POST', '/invitations', by, { email, role })).body;
  const accept = (token: string, name = 'Nina') =>
    api('POST', '/invitations/accept', undefined, { invitation: token, name, password: PASSWORD });
  const find = (token: string) => api('POST', '/invitations/find', undefined, { invitation: token });

  test('makes one admin, once, however many use it at the same time; the database has its hash alone', async () => {
    const made = await invite('nina@msp.example');
    expect(made.token).toMatch(/^[\w-]{22}$/);
    expect(JSON.stringify(await orders.db.query('select * from invitations'))).not.toContain(made.token);
    expect((await find(made.token)).body).toEqual({
      email: 'nina@msp.example',
      role: 'staff',
      renews: false,
      name: '',
    });
    const answers = await Promise.all(Array.from({ length: 4 }, () => accept(made.token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 410, 410, 410]);
    expect((await find(made.token)).body.code).toBe('invitation_gone');
    const session = await open('nina@msp.example');
    expect((await api('GET', '/account', session)).body).toMatchObject({ name: 'Nina', role: 'staff' });
    expect((await api('POST', '/invitations', owner, { email: 'NINA@msp.example', role: 'owner' })).body.code).toBe(
      'already_admin',
    );
  });

  test('is worth nothing once replaced, withdrawn, too old, or made by an owner who is none any more', async () => {
    const replaced = await invite('late@msp.example');
    const withdrawn = await invite('late@msp.example');
    expect((await api('DELETE', `/invitations/by-id/${withdrawn.id}`, owner)).status).toBe(204);
    expect((await api('DELETE', `/invitations/by-id/${withdrawn.id}`, owner)).status).toBe(204);
    const old = await invite('old@msp.example');
    await orders.db.query("update invitations set expires_at = '2020-01-01' where id = ?", [old.id]);
    const other = await newAdmin('otto', 'owner');
    const orphaned = await invite('orphan@msp.example', other.token, 'owner');
    expect((await find(orphaned.token)).status).toBe(200);
    await api('PATCH', `/admins/${other.id}`, owner, { role: 'staff' });
    for (const { token } of [replaced, withdrawn, old, orphaned, { token: 'A'.repeat(22) }]) {
      expect((await find(token)).body.code).toBe('invitation_gone');
      expect((await accept(token)).body.code).toBe('invitation_gone');
    }
  });

  test('for one who has lost the way in gives a new password, and takes the second factor and sessions away', async () => {
    const lost = await newAdmin('lou');
    await enrol(lost.token);
    expect((await api('POST', `/admins/${lost.id}/access-link`, lost.token)).status).toBe(403);
    const { body: link } = await api<MadeInvitation>('POST', `/admins/${lost.id}/access-link`, owner);
    expect(link).toMatchObject({ email: lost.email, renews: true });
    const renewed = { invitation: link.token, name: 'Lou', password: 'quite another one' };
    expect((await api('POST', '/invitations/accept', undefined, renewed)).status).toBe(204);
    expect(await isOpen(lost.token)).toBe(false);
    expect((await tryToSignIn(lost.credentials)).status).toBe(401);
    expect((await tryToSignIn({ email: lost.email, password: renewed.password })).status).toBe(201);
  });

  test('is not to be had for oneself: a session that was left open gets no password', async () => {
    const { token, id } = await newAdmin('olga', 'owner');
    expect((await api('POST', `/admins/${id}/access-link`, token)).body.code).toBe('forbidden');
  });
});

describe('an admin who is disabled', () => {
  test('loses every session at once, cannot sign in, is told no more than a stranger, and can be let in again', async () => {
    const { id, token, credentials } = await newAdmin('dora');
    const second = await open(credentials.email);
    expect((await api('PATCH', `/admins/${id}`, owner, { disabled: true })).body).toMatchObject({ disabled: true });
    expect([await isOpen(token), await isOpen(second)]).toEqual([false, false]);
    const { body } = await ask<{ revoked: string[] }>(`${orders.url}/sessions/revoked`, {
      token: orders.settings.SERVICE_TOKEN,
    });
    expect(body.revoked).toEqual(expect.arrayContaining([token, second].map((one) => one.split('.')[0])));
    const right = await tryToSignIn(credentials);
    const wrong = await tryToSignIn({ ...credentials, password: 'wrong' });
    expect([right.status, right.body]).toEqual([401, wrong.body]);
    expect((await api('PATCH', `/admins/${id}`, owner, { disabled: false })).status).toBe(200);
    expect((await tryToSignIn(credentials)).status).toBe(201);
    expect(await isOpen(token)).toBe(false);
  });

  test('is never the last owner: not by himself, not by another, not by two at once', async () => {
    const others = await orders.db.query<{ id: number }>("select id from admins where role = 'owner' and email <> ?", [
      TEST_ADMIN.email,
    ]);
    for (const { id } of others) await api('PATCH', `/admins/${id}`, owner, { role: 'staff' });
    const list = await api<AdminList>('GET', '/admins', owner);
    const self = list.body.admins.find(({ email }) => email === TEST_ADMIN.email)!;
    for (const change of [{ role: 'staff' }, { disabled: true }]) {
      expect((await api('PATCH', `/admins/${self.id}`, owner, change)).body.code).toBe('last_owner');
    }
    const olaf = await newAdmin('olaf', 'owner');
    const answers = await Promise.all([
      api('PATCH', `/admins/${self.id}`, olaf.token, { role: 'staff' }),
      api('PATCH', `/admins/${olaf.id}`, owner, { role: 'staff' }),
    ]);
    // Whoever comes second may be no owner any more before being asked whether one is left.
    expect(answers.map(({ status }) => status).sort()).toEqual([200, expect.toBeOneOf([403, 409])]);
    const left = "select count(*) as n from admins where role = 'owner' and disabled_at is null";
    expect(await orders.db.query(left)).toEqual([{ n: 1 }]);
    await orders.db.query("update admins set role = 'owner' where id = ?", [self.id]);
    expect((await api('PATCH', '/admins/2147483647', owner, { role: 'staff' })).body.code).toBe('not_found');
  });
});

describe('one’s own password', () => {
  test('is changed by whoever knows it, and ends all other sessions and whatever it has begun', async () => {
    const { token, credentials } = await newAdmin('pia');
    const other = await open(credentials.email);
    const change = (password: string) =>
      api('POST', '/account/password', token, { password, newPassword: 'the next password' });
    expect((await change('wrong')).body.code).toBe('bad_credentials');
    expect(await isOpen(other)).toBe(true);
    expect((await change(PASSWORD)).status).toBe(204);
    expect([await isOpen(token), await isOpen(other)]).toEqual([true, false]);
    expect((await tryToSignIn(credentials)).status).toBe(401);
    expect((await tryToSignIn({ ...credentials, password: 'the next password' })).status).toBe(201);
  });

  test('that was right a moment before it was changed, or its admin disabled, opens nothing any more', async () => {
    const { id, email } = await newAdmin('race');
    const [{ password_hash }] = (await orders.db.query<{ password_hash: string }>(
      'select password_hash from admins where id = ?',
      [id],
    )) as [{ password_hash: string }];
    const changes = connect(orders.db.url, MIGRATION_POOL);
    const opening = { code: undefined, device: undefined, replaces: undefined, from: NOWHERE, buckets: [] };
    const openWith = (hash: string) =>
      openSession({ changes, sessionSecret: 'x'.repeat(32) }, { id, password_hash: hash, account: email }, opening);
    expect(await openWith(password_hash)).toMatchObject({ name: 'race' });
    await expect(openWith('the hash of before')).rejects.toMatchObject({ code: 'bad_credentials' });
    await orders.db.query('update admins set disabled_at = utc_timestamp() where id = ?', [id]);
    await expect(openWith(password_hash)).rejects.toMatchObject({ code: 'bad_credentials' });
    await changes.destroy();
  });

  test('is not guessed by whoever finds a session open', async () => {
    const { token } = await newAdmin('gus');
    const statuses = [];
    for (let i = 0; i < 11; i += 1)
      statuses.push((await api('POST', '/account/totp', token, { password: 'wrong' })).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    expect((await api('POST', '/account/totp', token, { password: PASSWORD })).status).toBe(429);
  });
});

/** What the admin's app shows; `ahead` steps of 30 s from now. */
const codeOf = (secret: string, ahead = 0) =>
  new TOTP({ secret, issuer: 'MSP' }).generate({ timestamp: Date.now() + ahead * 30_000 });
/** Time passes for the row alone, so that codes can be used again. */
const forgetSteps = () => orders.db.query('update admins set totp_step = 0');

async function enrol(token: string, password = PASSWORD) {
  const begun = await api<TotpEnrolment>('POST', '/account/totp', token, { password });
  const code = codeOf(begun.body.secret);
  const confirmed = await api<{ recoveryCodes: string[] }>('POST', '/account/totp/confirm', token, { code });
  expect([begun.status, confirmed.status]).toEqual([200, 200]);
  return { secret: begun.body.secret, used: code, recoveryCodes: confirmed.body.recoveryCodes };
}

describe('a second factor', () => {
  test('is asked for once it was confirmed, and opens a session in one step or two', async () => {
    const { token, credentials } = await newAdmin('tess');
    const begun = await api<TotpEnrolment>('POST', '/account/totp', token, { password: PASSWORD });
    expect(begun.body.uri).toMatch(/^otpauth:\/\/totp\/MSP:tess%40msp\.example\?issuer=MSP&secret=[A-Z2-7]{32}&/);
    expect((await api('POST', '/account/totp/confirm', token, { code: '000000' })).body.code).toBe('bad_code');
    expect((await tryToSignIn(credentials)).status).toBe(201);
    const { secret } = await enrol(token);
    expect((await api('POST', '/account/totp', token, { password: PASSWORD })).body.code).toBe('already_enrolled');

    const asked = await tryToSignIn(credentials);
    expect(asked).toMatchObject({ status: 401, body: { code: 'totp_required', ticket: expect.any(String) } });
    expect((await tryToSignIn({ ...credentials, password: 'wrong' })).body).not.toHaveProperty('ticket');
    await forgetSteps();
    expect((await tryToSignIn({ ...credentials, code: codeOf(secret) })).status).toBe(201);
    await forgetSteps();
    const step = (changes: object) =>
      api<OpenedSession>('POST', '/sessions/second-step', undefined, {
        ticket: asked.body.ticket,
        code: codeOf(secret),
        ...changes,
      });
    expect((await step({ ticket: asked.body.ticket!.replace(/^\d+/, '1') })).body.code).toBe('bad_credentials');
    expect((await step({})).status).toBe(201);

    const change = { password: PASSWORD, newPassword: 'the next password' };
    expect((await api('POST', '/account/password', token, change)).status).toBe(204);
    await forgetSteps();
    expect((await step({})).body.code).toBe('bad_credentials');
  });

  test('takes each code once, also of two who use it side by side, and no code from before', async () => {
    const { token, credentials } = await newAdmin('rita');
    const { secret, used } = await enrol(token);
    expect((await tryToSignIn({ ...credentials, code: used })).body.code).toBe('bad_code');
    const code = codeOf(secret, 1);
    const answers = await Promise.all(Array.from({ length: 3 }, () => tryToSignIn({ ...credentials, code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401]);
    expect((await tryToSignIn({ ...credentials, code: codeOf(secret) })).body.code).toBe('bad_code');
  });

  test('is slowed down when it is guessed, for whoever knows the password and for nobody else', async () => {
    const { token, credentials } = await newAdmin('hugo');
    const { secret } = await enrol(token);
    for (let i = 0; i < 10; i += 1)
      expect((await tryToSignIn({ ...credentials, code: '000000' })).body.code).toBe('bad_code');
    await forgetSteps();
    const refused = await tryToSignIn({ ...credentials, code: codeOf(secret) });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    await orders.db.query('delete from sign_in_failures');
    for (let i = 0; i < 10; i += 1)
      expect((await tryToSignIn({ ...credentials, password: 'wrong', code: '000000' })).status).toBe(401);
    await orders.db.query('update sign_in_failures set clears_at = clears_at - interval 60 second');
    expect((await tryToSignIn({ ...credentials, code: codeOf(secret) })).status).toBe(201);
  });

  test('that is lost is replaced by a recovery code, each once, however it is written', async () => {
    const { token, credentials } = await newAdmin('rex');
    const { recoveryCodes } = await enrol(token);
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(recoveryCodes[0]).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-?){4}$/);
    const stored = JSON.stringify(await orders.db.query('select * from recovery_codes'));
    expect(stored).not.toContain(recoveryCodes[0]!.replaceAll('-', ''));
    const [first, second] = recoveryCodes as [string, string];
    expect((await tryToSignIn({ ...credentials, code: first })).status).toBe(201);
    expect((await tryToSignIn({ ...credentials, code: first })).body.code).toBe('bad_code');
    expect((await tryToSignIn({ ...credentials, code: second.toLowerCase().replaceAll('-', ' ') })).status).toBe(201);
    expect((await api('GET', '/account', token)).body).toMatchObject({ secondFactor: true, recoveryCodes: 8 });
  });

  test('is not to be read in the database, nor of use in another row', async () => {
    const [ann, bob] = [await newAdmin('ann'), await newAdmin('bob')];
    const { secret } = await enrol(ann.token);
    const [{ totp_secret }] = (await orders.db.query<{ totp_secret: string }>(
      'select totp_secret from admins where id = ?',
      [ann.id],
    )) as [{ totp_secret: string }];
    const bytes = Buffer.from(new TOTP({ secret }).secret.bytes);
    expect(Buffer.from(totp_secret, 'base64url').includes(bytes)).toBe(false);
    await orders.db.query('update admins set totp_secret = ?, totp_since = now(3) where id = ?', [totp_secret, bob.id]);
    await forgetSteps();
    expect((await tryToSignIn({ ...bob.credentials, code: codeOf(secret) })).body.code).toBe('bad_code');
    expect((await tryToSignIn({ ...ann.credentials, code: codeOf(secret) })).status).toBe(201);
  });

  test('is switched off, and recovery codes renewed, by password and code together alone', async () => {
    const { token, credentials } = await newAdmin('dan');
    const { secret, recoveryCodes } = await enrol(token);
    await forgetSteps();
    const post = (path: string, json: object) => api<{ recoveryCodes: string[] }>('POST', path, token, json);
    const disable = '/account/totp/disable';
    expect((await post(disable, { password: 'wrong', code: codeOf(secret) })).body.code).toBe('bad_credentials');
    expect((await post(disable, { password: PASSWORD, code: '000000' })).body.code).toBe('bad_code');
    const renewed = await post('/account/recovery-codes', { password: PASSWORD, code: codeOf(secret) });
    expect(renewed.body.recoveryCodes).toHaveLength(10);
    expect((await tryToSignIn({ ...credentials, code: recoveryCodes[0] })).body.code).toBe('bad_code');
    const code = renewed.body.recoveryCodes[0];
    expect((await post(disable, { password: PASSWORD, code })).status).toBe(204);
    expect((await tryToSignIn(credentials)).status).toBe(201);
    expect((await post(disable, { password: PASSWORD, code })).body.code).toBe('not_enrolled');
  });
});

describe('one’s sessions', () => {
  test('are listed by what one knows them by, and ended one by one or all others; nobody else’s are', async () => {
    const { token, credentials } = await newAdmin('lea');
    const stranger = await newAdmin('leo');
    const elsewhere = await ask<OpenedSession>(`${orders.url}/sessions`, {
      method: 'POST',
      json: credentials,
      headers: { 'User-Agent': FIREFOX, 'X-Forwarded-For': '203.0.113.77' },
    });
    const third = await open(credentials.email);
    const list = async () => (await api<{ sessions: OwnSession[] }>('GET', '/account/sessions', token)).body.sessions;
    const found = (await list()).find(({ id }) => elsewhere.body.token.startsWith(id));
    expect(found).toMatchObject({ current: false, device: 'Firefox, Linux', network: '203.0.113.0/24' });
    expect(JSON.stringify(await orders.db.query('select * from sessions'))).not.toContain('203.0.113.77');
    expect((await list())[0]).toMatchObject({ current: true });

    await api('DELETE', `/account/sessions/${found!.id}`, token);
    expect([await isOpen(elsewhere.body.token), await isOpen(third)]).toEqual([false, true]);
    await api('DELETE', `/account/sessions/${stranger.token.split('.')[0]}`, token);
    await api('DELETE', '/account/sessions', token);
    expect([await isOpen(third), await isOpen(token), await isOpen(stranger.token)]).toEqual([false, true, true]);
    expect(await list()).toHaveLength(1);
  });

  test('say when they were last seen, to within five minutes', async () => {
    const { token } = await newAdmin('vera');
    const id = token.split('.')[0]!;
    await orders.db.query("update sessions set last_seen_at = '2020-01-01' where id = ?", [id]);
    await expect
      .poll(async () => {
        const { body } = await api<{ sessions: OwnSession[] }>('GET', '/account/sessions', token);
        return Date.now() - Date.parse(body.sessions[0]!.lastSeenAt) < 60_000;
      })
      .toBe(true);
  });
});

describe('the audit log', () => {
  const entriesBy = async (name: string) =>
    (await api<AuditPage>('GET', '/audit?limit=200', owner)).body.entries.filter(({ by }) => by === name);

  test('says who did what to whom, and from where; never to which customer', async () => {
    const boss = await newAdmin('boss', 'owner');
    const victim = await newAdmin('vic');
    await api('PATCH', `/admins/${victim.id}`, boss.token, { role: 'owner' });
    await api('PATCH', `/admins/${victim.id}`, boss.token, { role: 'owner' });
    await api('PATCH', `/admins/${victim.id}`, boss.token, { disabled: true });
    await api('POST', '/customers/export', boss.token, { email: 'someone@exemple.fr' });
    await api('DELETE', '/sessions/current', boss.token);
    const entries = await entriesBy('boss');
    expect(entries.map(({ action, subject, detail }) => [action, subject, detail])).toEqual([
      ['signed_out', null, null],
      ['customer_exported', null, '0'],
      ['admin_disabled', victim.email, null],
      ['role_changed', victim.email, 'owner'],
      ['signed_in', null, null],
    ]);
    expect(new Set(entries.map(({ network }) => network))).toEqual(new Set(['127.0.0.0/24']));
    expect(JSON.stringify(await orders.db.query('select * from audit_log'))).not.toContain('exemple.fr');
  });

  test('is read page by page without a gap or a repeat', async () => {
    const all = (await api<AuditPage>('GET', '/audit?limit=200', owner)).body.entries.map(({ id }) => id);
    const read: number[] = [];
    for (let next: number | null | undefined; next !== null; ) {
      const { body } = await api<AuditPage>('GET', `/audit?limit=7${next ? `&before=${next}` : ''}`, owner);
      read.push(...body.entries.map(({ id }) => id));
      next = body.next;
    }
    expect(read.slice(0, all.length)).toEqual(all);
    expect(new Set(read).size).toBe(read.length);
  });

  test('names changes of orders out of the event log, with the order', async () => {
    const { token } = await newAdmin('cora');
    const { body: placed } = await place(orders.url);
    await api('PATCH', `/orders/${placed.number}`, token, { status: 'en_cours', version: 1 });
    const { body } = await api<OrderChangePage>('GET', '/audit/orders?limit=1', owner);
    expect(body.changes).toMatchObject([
      { by: 'cora', number: placed.number, previousStatus: 'en_attente', status: 'en_cours' },
    ]);
    expect(body.next).toBe(body.changes[0]!.seq);
  });

  test('is let go of after a year, by the migrate job; until then nobody is shown what is older', async () => {
    const long = await newAdmin('longago');
    await orders.db.query("update audit_log set at = utc_timestamp() - interval 366 day where admin_name = 'longago'");
    expect(await entriesBy(long.name)).toEqual([]);
    const kept = 'select count(*) as n from audit_log where admin_name = ?';
    expect(await orders.db.query(kept, [long.name])).toEqual([{ n: 1 }]);
    await startProcess('migrate', orders.settings);
    expect(await orders.db.query(kept, [long.name])).toEqual([{ n: 0 }]);
  });
});

import { createHmac } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Database, Db } from './database.ts';
import { onceMore, transact } from './transact.ts';

/**
 * Slows guessing down, and locks nobody out.
 *
 * Each failed sign-in fills up to three buckets, which empty by themselves. A full one refuses until there is room for
 * one try: a minute at most, however long an attack lasts, and the right password works then. Only failures stay in:
 * a try is charged before the password is looked at, so that tries side by side cannot slip through together, and
 * taken back when it was right.
 *
 * The buckets are rows, so they hold for all processes and over restarts, and need no Redis. A row says when its
 * bucket will be empty (the theoretical arrival time of GCRA). How full it is follows from that and the clock; no
 * clock, however wrong, makes it fuller than full.
 */
export interface Bucket {
  key: string;
  /** Failures that fit in. */
  free: number;
  /** How long until one of them is forgiven. */
  everyMs: number;
}

/**
 * From a device that has signed in to this account before: a bucket of its own, out of the reach of whoever attacks
 * the account from elsewhere (OWASP, «Slow Down Online Guessing Attacks with Device Cookies»).
 */
const DEVICE = { free: 10, everyMs: 40_000 };
/**
 * From any other: by account and address, so that one attacker does not keep the owner out who is elsewhere; by
 * account, for attackers with many addresses; by address, for those who try many accounts.
 * 28 at once and 72 an hour are the 100 failures an hour that OWASP ASVS 4.0.3 allows an account (V2.2.1).
 */
const ACCOUNT_FROM_ADDRESS = { free: 10, everyMs: 60_000 };
const ACCOUNT = { free: 28, everyMs: 50_000 };
const ADDRESS = { free: 100, everyMs: 10_000 };
/**
 * Codes of six digits, three of which are right at a time: 154 tries on the first day, 144 on each further one. Who
 * knows the password finds one in a year with a chance of one in seven, and leaves 50,000 refusals in the audit log.
 */
const CODE = { free: 10, everyMs: 600_000 };
/** A shopper mistypes a number or an e-mail a few times; a household, or a shop with its customers, more often. */
const FIND = { free: 10, everyMs: 60_000 };
const FIND_FROM_ADDRESS = { free: 30, everyMs: 20_000 };

/**
 * The buckets that a failure to sign in would go to.
 * @param attempt.account whatever names the account, the same for every way to write it
 * @param attempt.device undefined when the device is not known
 * @param attempt.network whatever one subscriber of the internet can call from
 */
export function bucketsOf(
  secret: string,
  attempt: { account: string; network: string; device: string | undefined },
): Bucket[] {
  const named = (...names: string[]) => nameOf(secret, ...names);
  const { account, network, device } = attempt;
  if (device !== undefined) return [{ key: named('device', account, device), ...DEVICE }];
  const buckets = [
    { key: named('account-address', account, network), ...ACCOUNT_FROM_ADDRESS },
    { key: named('account', account), ...ACCOUNT },
    { key: named('address', network), ...ADDRESS },
  ];
  // In one order for everybody, so that nobody locks rows crosswise.
  return buckets.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Where wrong codes of an admin go, from wherever. Nobody fills it who does not know the password. */
export function codeBucket(secret: string, adminId: number): Bucket {
  return { key: nameOf(secret, 'code', String(adminId)), ...CODE };
}

/** Where wrong passwords go that come with a session of the admin's own: nobody else fills it. */
export function ownBucket(secret: string, adminId: number): Bucket {
  return { key: nameOf(secret, 'own', String(adminId)), ...DEVICE };
}

/**
 * Where wrong guesses go of who looks for an order: by the number for whoever guesses its e-mail, by the e-mail for
 * whoever guesses a number (30 random bits a day), by the network for whoever guesses both.
 */
export function findBuckets(secret: string, wanted: { number: string; email: string; network: string }): Bucket[] {
  const buckets = [
    { key: nameOf(secret, 'find-number', wanted.number), ...FIND },
    { key: nameOf(secret, 'find-email', wanted.email), ...FIND },
    { key: nameOf(secret, 'find-address', wanted.network), ...FIND_FROM_ADDRESS },
  ];
  return buckets.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Keyed, because e-mails and addresses can be guessed from plain hashes. */
function nameOf(secret: string, ...names: string[]): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify(['msp-throttle', ...names]))
    .digest('base64url');
}

/**
 * Costs one read, so that a flood of tries that have no chance writes and hashes nothing.
 * @throws {HttpProblem} `too_many_requests` when one of the buckets is full
 */
export async function refuseWhenFull(db: Db, buckets: readonly Bucket[], nowMs = Date.now()): Promise<void> {
  const rows = await onceMore(() =>
    db.selectFrom('sign_in_failures').selectAll().where('bucket', 'in', keys(buckets)).execute(),
  );
  addFailure(buckets, rows, nowMs);
}

/**
 * Puts a failure into each of the buckets, or into none.
 * @throws {HttpProblem} `too_many_requests` when one of them is full
 */
export async function charge(db: Db, buckets: readonly Bucket[], nowMs = Date.now()): Promise<void> {
  await transact(db, async (trx) => {
    const empty = keys(buckets).map((bucket) => ({ bucket, clears_at: new Date(nowMs) }));
    // Locks the rows, whether or not they are new, in their order.
    await trx
      .insertInto('sign_in_failures')
      .values(empty)
      .onDuplicateKeyUpdate((eb) => ({ clears_at: eb.ref('sign_in_failures.clears_at') }))
      .execute();
    const rows = await trx.selectFrom('sign_in_failures').selectAll().where('bucket', 'in', keys(buckets)).execute();
    for (const { key, clearsAtMs } of addFailure(buckets, rows, nowMs)) {
      await trx
        .updateTable('sign_in_failures')
        .set({ clears_at: new Date(clearsAtMs) })
        .where('bucket', '=', key)
        .execute();
    }
    return { commit: true, value: undefined };
  });
}

/** Takes back what `charge` put in: the password was right. */
export async function takeBack(trx: Transaction<Database>, buckets: readonly Bucket[]): Promise<void> {
  for (const { key, everyMs } of buckets) {
    await trx
      .updateTable('sign_in_failures')
      .set({ clears_at: sql<Date>`clears_at - interval ${everyMs * 1000} microsecond` })
      .where('bucket', '=', key)
      .execute();
  }
}

const keys = (buckets: readonly Bucket[]) => buckets.map(({ key }) => key);

/** When each bucket would be empty after one more failure. */
function addFailure(
  buckets: readonly Bucket[],
  rows: readonly { bucket: string; clears_at: Date }[],
  nowMs: number,
): { key: string; clearsAtMs: number }[] {
  const clears = new Map(rows.map(({ bucket, clears_at }) => [bucket, clears_at.getTime()]));
  const filled = buckets.map(({ key, free, everyMs }) => {
    const fullMs = nowMs + free * everyMs;
    const clearsAtMs = Math.min(Math.max(clears.get(key) ?? 0, nowMs), fullMs) + everyMs;
    return { key, clearsAtMs, waitMs: clearsAtMs - fullMs };
  });
  const waitMs = Math.max(...filled.map((bucket) => bucket.waitMs));
  if (waitMs > 0) {
    throw new HttpProblem(429, 'too_many_requests', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }
  return filled;
}

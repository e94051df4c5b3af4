import type { Selectable } from 'kysely';
import type { OpenedSession } from '../../shared/contracts/session.ts';
import { subscriberOf } from '../../shared/process/client-address.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { PasswordChecker } from './check-password.ts';
import type { AdminRow, Db } from './database.ts';
import { recogniseDevice } from './known-device.ts';
import type { OrderMetrics } from './metrics.ts';
import { openSession } from './open-session.ts';
import { adminOfTicket, isTicketOf, signTicket } from './sign-in-ticket.ts';
import { type Bucket, bucketsOf, charge, codeBucket, refuseWhenFull, takeBack } from './throttle.ts';
import { onceMore, transact } from './transact.ts';
import { whereFrom } from './where-from.ts';

export interface SignInDeps {
  reads: Db;
  changes: Db;
  passwords: PasswordChecker;
  sessionSecret: string;
  metrics: Pick<OrderMetrics, 'signIns'>;
}

interface FromBrowser {
  /** What the browser was given at earlier sign-ins, whether or not it is any good. */
  device: string | undefined;
  /** The token of the session that the browser has had so far. */
  replaces: string | undefined;
  /** Where the attempt comes from. */
  address: string;
  userAgent: string | undefined;
}

export interface SignInAttempt extends FromBrowser {
  email: string;
  password: string;
  code: string | undefined;
}

export interface SecondStepAttempt extends FromBrowser {
  ticket: string;
  code: string;
}

/**
 * Opens an admin's session by e-mail and password, and a code where the admin has a second factor.
 * @throws {HttpProblem} `bad_credentials`, after the same work whether the e-mail is known or not;
 * `totp_required` with a ticket when only a code lacks; `bad_code`;
 * `too_many_requests` after too many failures, or when too many passwords are being checked
 */
export function signIn(deps: SignInDeps, attempt: SignInAttempt): Promise<OpenedSession> {
  const { reads, changes, passwords, sessionSecret: secret } = deps;
  const account = canonicalEmail(attempt.email);
  const device = recogniseDevice(secret, account, attempt.device ?? '');
  const buckets = bucketsOf(secret, { account, network: subscriberOf(attempt.address), device });
  return counted(deps, async () => {
    await refuseWhenFull(reads, buckets);
    const admin = await passwords.inTurn(device ? 'known' : 'unknown', async (check) => {
      await charge(changes, buckets);
      const found = await findByEmail(changes, account);
      const isRight = await check(found?.password_hash, attempt.password);
      if (!isRight || !found || found.disabled_at) throw new HttpProblem(401, 'bad_credentials');
      return found;
    });
    if (!admin.totp_since) return open(deps, admin, { ...attempt, code: undefined }, buckets);
    await transact(changes, async (trx) => ({ commit: true, value: await takeBack(trx, buckets) }));
    if (attempt.code !== undefined) return openByCode(deps, admin, { ...attempt, code: attempt.code });
    throw new HttpProblem(401, 'totp_required', { extra: { ticket: signTicket(secret, admin) } });
  });
}

/**
 * Opens the session that a password was shown for already.
 * @throws {HttpProblem} `bad_credentials` when the ticket is too old or no good; `bad_code`; `too_many_requests`
 */
export function takeSecondStep(deps: SignInDeps, attempt: SecondStepAttempt): Promise<OpenedSession> {
  return counted(deps, async () => {
    const id = adminOfTicket(attempt.ticket);
    const admin = id && (await onceMore(() => admins(deps.reads).where('id', '=', id).executeTakeFirst()));
    if (!admin || !isTicketOf(deps.sessionSecret, admin, attempt.ticket)) throw new HttpProblem(401, 'bad_credentials');
    return openByCode(deps, admin, attempt);
  });
}

type Known = Pick<Selectable<AdminRow>, 'id' | 'email' | 'password_hash' | 'disabled_at' | 'totp_since'>;

/** Codes are few, so wrong ones fill a bucket of their own; only whoever knows the password gets here. */
async function openByCode(
  deps: SignInDeps,
  admin: Known,
  attempt: FromBrowser & { code: string },
): Promise<OpenedSession> {
  const codes = [codeBucket(deps.sessionSecret, admin.id)];
  await refuseWhenFull(deps.reads, codes);
  await charge(deps.changes, codes);
  return open(deps, admin, attempt, codes);
}

function open(
  deps: SignInDeps,
  admin: Known,
  { code, device, replaces, address, userAgent }: FromBrowser & { code: string | undefined },
  buckets: readonly Bucket[],
): Promise<OpenedSession> {
  const proven = { id: admin.id, password_hash: admin.password_hash, account: canonicalEmail(admin.email) };
  return openSession(deps, proven, { code, device, replaces, from: whereFrom(userAgent, address), buckets });
}

async function counted(
  { metrics }: Pick<SignInDeps, 'metrics'>,
  attempt: () => Promise<OpenedSession>,
): Promise<OpenedSession> {
  try {
    const opened = await attempt();
    metrics.signIns.inc({ outcome: 'opened' });
    return opened;
  } catch (error) {
    if (error instanceof HttpProblem) metrics.signIns.inc({ outcome: error.code });
    throw error;
  }
}

/** Every way to write an address that we take for the same. */
export function canonicalEmail(text: string): string {
  return text.trim().normalize('NFKC').toLowerCase();
}

const admins = (db: Db) =>
  db.selectFrom('admins').select(['id', 'email', 'password_hash', 'disabled_at', 'totp_since']);

/** The database takes `é` for `e`; whoever counts failures by account must not be that generous. */
async function findByEmail(db: Db, account: string): Promise<Known | undefined> {
  const found = await admins(db).where('email', '=', account).executeTakeFirst();
  return found && canonicalEmail(found.email) === account ? found : undefined;
}

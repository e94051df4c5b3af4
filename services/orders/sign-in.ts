import { randomBytes } from 'node:crypto';
import { type OpenedSession, SESSION_SECONDS } from '../../shared/contracts/session.ts';
import { signSessionToken, verifySessionToken } from '../../shared/contracts/session-token.ts';
import { subscriberOf } from '../../shared/process/client-address.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { PasswordChecker } from './check-password.ts';
import type { Db } from './database.ts';
import { recogniseDevice, rememberDevice } from './known-device.ts';
import type { OrderMetrics } from './metrics.ts';
import { revokeSession } from './sessions.ts';
import { bucketsOf, charge, refuseWhenFull, takeBack } from './throttle.ts';
import { transact } from './transact.ts';

export interface SignInDeps {
  reads: Db;
  changes: Db;
  passwords: PasswordChecker;
  sessionSecret: string;
  metrics: Pick<OrderMetrics, 'signIns'>;
}

export interface SignInAttempt {
  email: string;
  password: string;
  /** What the browser was given at earlier sign-ins, whether or not it is any good. */
  device: string | undefined;
  /** The token of the session that the browser has had so far. */
  replaces: string | undefined;
  /** Where the attempt comes from. */
  address: string;
}

/**
 * Opens an admin's session of 12 hours: always a new one, and in place of the one before.
 * @throws {HttpProblem} `bad_credentials`, after the same work whether the e-mail is known or not;
 * `too_many_requests` after too many failures, or when too many passwords are being checked
 */
export async function signIn(deps: SignInDeps, attempt: SignInAttempt): Promise<OpenedSession> {
  const { reads, changes, passwords, sessionSecret: secret, metrics } = deps;
  const account = canonicalEmail(attempt.email);
  const device = recogniseDevice(secret, account, attempt.device ?? '');
  const buckets = bucketsOf(secret, { account, network: subscriberOf(attempt.address), device });
  try {
    await refuseWhenFull(reads, buckets);
    const admin = await passwords.inTurn(device ? 'known' : 'unknown', async (check) => {
      await charge(changes, buckets);
      const found = await findByEmail(changes, account);
      if (!(await check(found?.password_hash, attempt.password)) || !found)
        throw new HttpProblem(401, 'bad_credentials');
      return found;
    });
    const opened = await transact(changes, async (trx) => {
      await takeBack(trx, buckets);
      const replaced = verifySessionToken(secret, attempt.replaces ?? '');
      if (replaced) await revokeSession(trx, replaced.sessionId);
      const now = Date.now();
      const session = {
        id: randomBytes(16).toString('base64url'),
        expiresAtMs: wholeSeconds(now + SESSION_SECONDS * 1000),
      };
      await trx
        .insertInto('sessions')
        .values({
          id: session.id,
          admin_id: admin.id,
          created_at: new Date(now),
          expires_at: new Date(session.expiresAtMs),
          revoked_at: null,
        })
        .execute();
      return { commit: true, value: session };
    });
    metrics.signIns.inc({ outcome: 'opened' });
    return {
      token: signSessionToken(secret, { sessionId: opened.id, expiresAtMs: opened.expiresAtMs }),
      expiresAt: new Date(opened.expiresAtMs).toISOString(),
      name: admin.name,
      device: rememberDevice(secret, account, attempt.device ?? ''),
    };
  } catch (error) {
    if (error instanceof HttpProblem) metrics.signIns.inc({ outcome: error.code });
    throw error;
  }
}

/** Every way to write an address that we take for the same. */
function canonicalEmail(text: string): string {
  return text.trim().normalize('NFKC').toLowerCase();
}

/** The database takes `é` for `e`; whoever counts failures by account must not be that generous. */
async function findByEmail(db: Db, account: string) {
  const found = await db
    .selectFrom('admins')
    .select(['id', 'name', 'email', 'password_hash'])
    .where('email', '=', account)
    .executeTakeFirst();
  return found && canonicalEmail(found.email) === account ? found : undefined;
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

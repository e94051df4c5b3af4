import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import { type OpenedSession, SESSION_SECONDS } from '../../shared/contracts/session.ts';
import { signSessionToken, verifySessionToken } from '../../shared/contracts/session-token.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { audit } from './audit.ts';
import type { Database, Db } from './database.ts';
import { rememberDevice } from './known-device.ts';
import { takeCode } from './second-factor.ts';
import { revokeSession } from './sessions.ts';
import { type Bucket, takeBack } from './throttle.ts';
import { transact } from './transact.ts';
import type { WhereFrom } from './where-from.ts';

/** Somebody whose password was right a moment ago. */
export interface Proven {
  id: number;
  /** What the password was checked against. */
  password_hash: string;
  /** The account as failures are counted by it. */
  account: string;
}

export interface Opening {
  /** The second factor, if one was given. */
  code: string | undefined;
  device: string | undefined;
  replaces: string | undefined;
  from: WhereFrom;
  /** What failures were put into, to be taken back. */
  buckets: readonly Bucket[];
}

type Refusal = 'bad_credentials' | 'bad_code';

/**
 * Opens a session of 12 hours: always a new one, and in place of the one before.
 *
 * The admin's row is locked and read again, because a password may have been changed, an admin disabled or a code
 * used since the password was checked; so no session is opened beside a change that ends all sessions.
 *
 * @throws {HttpProblem} `bad_code` when it is wrong or was used before; `bad_credentials` when the password is no
 * longer right, or the admin may no longer sign in
 */
export async function openSession(
  { changes, sessionSecret: secret }: { changes: Db; sessionSecret: string },
  proven: Proven,
  opening: Opening,
): Promise<OpenedSession> {
  const now = new Date();
  const expiresAtMs = Math.floor(now.getTime() / 1000 + SESSION_SECONDS) * 1000;
  const session = { id: randomBytes(16).toString('base64url'), now, expiresAt: new Date(expiresAtMs) };
  const opened = await transact(changes, async (trx) => {
    const outcome = await insertSession(trx, secret, proven, opening, session);
    // That a code was refused is written down.
    return { commit: outcome !== 'bad_credentials', value: outcome };
  });
  if (typeof opened === 'string') throw new HttpProblem(401, opened);
  return {
    token: signSessionToken(secret, { sessionId: session.id, expiresAtMs }),
    expiresAt: session.expiresAt.toISOString(),
    name: opened.name,
    device: rememberDevice(secret, proven.account, opening.device ?? ''),
  };
}

async function insertSession(
  trx: Transaction<Database>,
  secret: string,
  proven: Proven,
  { code, replaces, from, buckets }: Opening,
  session: { id: string; now: Date; expiresAt: Date },
): Promise<{ name: string } | Refusal> {
  const admin = await trx.selectFrom('admins').selectAll().where('id', '=', proven.id).forUpdate().executeTakeFirst();
  if (!admin || admin.disabled_at || admin.password_hash !== proven.password_hash) return 'bad_credentials';
  // An answer to COMMIT was lost: the code that this sign-in came with is used by itself.
  const committed = await trx.selectFrom('sessions').select('id').where('id', '=', session.id).executeTakeFirst();
  if (committed) return { name: admin.name };

  const by = { id: admin.id, name: admin.name, network: from.network };
  const factor = admin.totp_since && (await takeCode(trx, admin, code ?? '', secret));
  if (admin.totp_since && !factor) {
    await audit(trx, by, 'code_refused', { detail: from.device });
    return 'bad_code';
  }
  await takeBack(trx, buckets);
  const replaced = verifySessionToken(secret, replaces ?? '');
  if (replaced) await revokeSession(trx, replaced.sessionId);
  await trx
    .insertInto('sessions')
    .values({
      id: session.id,
      admin_id: admin.id,
      created_at: session.now,
      expires_at: session.expiresAt,
      revoked_at: null,
      last_seen_at: session.now,
      ...from,
    })
    .execute();
  await trx.updateTable('admins').set({ last_sign_in_at: session.now }).where('id', '=', admin.id).execute();
  const action = factor === 'recovery_code' ? 'signed_in_by_recovery_code' : 'signed_in';
  await audit(trx, by, action, { detail: from.device });
  return { name: admin.name };
}

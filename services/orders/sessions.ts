import { randomBytes } from 'node:crypto';
import type { OpenedSession } from '../../shared/contracts/session.ts';
import { signSessionToken, verifySessionToken } from '../../shared/contracts/session-token.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { PasswordChecker } from './check-password.ts';
import type { Db } from './database.ts';
import { onceMore } from './transact.ts';

const SESSION_MS = 12 * 3_600_000;
/** Far more than a shop's admins end in the 12 hours that an ended session stays on the list. */
const MAX_REVOKED = 10_000;

export interface Admin {
  id: number;
  name: string;
  email: string;
  sessionId: string;
  expiresAt: Date;
}

/**
 * Opens an admin's session of 12 hours.
 * @throws {HttpProblem} `bad_credentials`, after the same work whether the e-mail is known or not;
 * `too_many_requests` when too many passwords are being checked
 */
export async function openSession(
  db: Db,
  passwords: PasswordChecker,
  secret: string,
  credentials: { email: string; password: string },
): Promise<OpenedSession> {
  const admin = await db
    .selectFrom('admins')
    .select(['id', 'name', 'password_hash'])
    .where('email', '=', credentials.email)
    .executeTakeFirst();
  if (!(await passwords.check(admin?.password_hash, credentials.password)) || !admin) {
    throw new HttpProblem(401, 'bad_credentials');
  }
  const now = Date.now();
  const expiresAtMs = Math.floor((now + SESSION_MS) / 1000) * 1000;
  const sessionId = randomBytes(16).toString('base64url');
  await db
    .insertInto('sessions')
    .values({
      id: sessionId,
      admin_id: admin.id,
      created_at: new Date(now),
      expires_at: new Date(expiresAtMs),
      revoked_at: null,
    })
    .execute();
  return {
    token: signSessionToken(secret, { sessionId, expiresAtMs }),
    expiresAt: new Date(expiresAtMs).toISOString(),
    name: admin.name,
  };
}

/** Who holds this session; undefined when the token is forged or expired, or the session was ended. */
export async function findSession(db: Db, secret: string, token: string): Promise<Admin | undefined> {
  const verified = verifySessionToken(secret, token);
  if (!verified) return undefined;
  const row = await onceMore(() =>
    db
      .selectFrom('sessions as s')
      .innerJoin('admins as a', 'a.id', 's.admin_id')
      .select(['a.id', 'a.name', 'a.email', 's.expires_at'])
      .where('s.id', '=', verified.sessionId)
      .where('s.revoked_at', 'is', null)
      .executeTakeFirst(),
  );
  return (
    row && { id: row.id, name: row.name, email: row.email, sessionId: verified.sessionId, expiresAt: row.expires_at }
  );
}

/** Ends a session for good. Ending it again changes nothing. */
export async function revokeSession(db: Db, sessionId: string): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ revoked_at: new Date() })
    .where('id', '=', sessionId)
    .where('revoked_at', 'is', null)
    .execute();
}

/** Sessions that were ended and have not expired: the ones whose tokens would still look right. */
export async function listRevoked(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('sessions')
    .select('id')
    .where('revoked_at', 'is not', null)
    .where('expires_at', '>', new Date())
    .orderBy('revoked_at', 'desc')
    .limit(MAX_REVOKED)
    .execute();
  return rows.map(({ id }) => id);
}

import { verifySessionToken } from '../../shared/contracts/session-token.ts';
import { CLOCK_ERROR_MS } from './clock-error.ts';
import type { Db } from './database.ts';
import { onceMore } from './transact.ts';

/** Far more than a shop's admins end in the three days that an ended session stays on the list. */
const MAX_REVOKED = 10_000;

export interface Admin {
  id: number;
  name: string;
  email: string;
  sessionId: string;
  expiresAt: Date;
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

/** Sessions that were ended, and whose tokens would still look right to somebody, by whatever clock. */
export async function listRevoked(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('sessions')
    .select('id')
    .where('revoked_at', 'is not', null)
    .where('expires_at', '>', new Date(Date.now() - CLOCK_ERROR_MS))
    .orderBy('revoked_at', 'desc')
    .limit(MAX_REVOKED)
    .execute();
  return rows.map(({ id }) => id);
}

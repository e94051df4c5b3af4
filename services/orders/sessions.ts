import type { OwnSession } from '../../shared/contracts/account.ts';
import type { Role } from '../../shared/contracts/role.ts';
import { verifySessionToken } from '../../shared/contracts/session-token.ts';
import { CLOCK_ERROR_MS } from './clock-error.ts';
import type { Db } from './database.ts';
import { onceMore } from './transact.ts';

/** Far more than a shop's admins end in the three days that an ended session stays on the list. */
const MAX_REVOKED = 10_000;
/** Of one's own, on one page. */
const MAX_LISTED = 100;
/** A session is said to have been seen this long ago at most, when it is being used. */
const SEEN_EVERY_MS = 5 * 60_000;

export interface Admin {
  id: number;
  name: string;
  email: string;
  role: Role;
  sessionId: string;
  expiresAt: Date;
  /** Where the session was opened. */
  network: string | null;
  /** Nobody has noted for a while that it is being used. */
  isUnseen: boolean;
}

/** Who holds this session; undefined when the token is forged or expired, the session was ended, or its admin disabled. */
export async function findSession(db: Db, secret: string, token: string): Promise<Admin | undefined> {
  const verified = verifySessionToken(secret, token);
  if (!verified) return undefined;
  const row = await onceMore(() =>
    db
      .selectFrom('sessions as s')
      .innerJoin('admins as a', 'a.id', 's.admin_id')
      .select(['a.id', 'a.name', 'a.email', 'a.role', 's.expires_at', 's.network', 's.last_seen_at'])
      .where('s.id', '=', verified.sessionId)
      .where('s.revoked_at', 'is', null)
      .where('a.disabled_at', 'is', null)
      .executeTakeFirst(),
  );
  if (!row) return undefined;
  const { expires_at: expiresAt, last_seen_at: seenAt, ...admin } = row;
  const isUnseen = Math.abs(Date.now() - (seenAt?.getTime() ?? 0)) > SEEN_EVERY_MS;
  return { ...admin, sessionId: verified.sessionId, expiresAt, isUnseen };
}

/** Notes that a session is being used. */
export async function seeSession(db: Db, sessionId: string): Promise<void> {
  await db.updateTable('sessions').set({ last_seen_at: new Date() }).where('id', '=', sessionId).execute();
}

/** An admin's sessions that can still be used: the asking one first, then by when they were seen. */
export async function listOwnSessions(db: Db, admin: Pick<Admin, 'id' | 'sessionId'>): Promise<OwnSession[]> {
  const rows = await onceMore(() =>
    db
      .selectFrom('sessions')
      .select(['id', 'device', 'network', 'created_at', 'last_seen_at'])
      .where('admin_id', '=', admin.id)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', new Date())
      .orderBy('last_seen_at', 'desc')
      .limit(MAX_LISTED)
      .execute(),
  );
  const sessions = rows.map(({ id, device, network, created_at, last_seen_at }) => ({
    id,
    current: id === admin.sessionId,
    device,
    network,
    createdAt: created_at.toISOString(),
    lastSeenAt: (last_seen_at ?? created_at).toISOString(),
  }));
  return sessions.sort((a, b) => Number(b.current) - Number(a.current));
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

/**
 * Ends sessions of one admin: all, all but one, or one alone.
 * @returns how many were open
 */
export async function revokeSessionsOf(
  db: Db,
  adminId: number,
  which: { except?: string; only?: string } = {},
): Promise<number> {
  let query = db
    .updateTable('sessions')
    .set({ revoked_at: new Date() })
    .where('admin_id', '=', adminId)
    .where('revoked_at', 'is', null);
  if (which.except !== undefined) query = query.where('id', '!=', which.except);
  if (which.only !== undefined) query = query.where('id', '=', which.only);
  const { numUpdatedRows } = await query.executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
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

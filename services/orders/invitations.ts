import { createHash, randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { z } from 'zod';
import {
  type FoundInvitation,
  INVITATION_SECONDS,
  type Invitation,
  type InvitationAcceptance,
  type MadeInvitation,
} from '../../shared/contracts/admin.ts';
import type { Role } from '../../shared/contracts/role.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { audit } from './audit.ts';
import { hashPassword, type PasswordChecker } from './check-password.ts';
import type { Database, Db } from './database.ts';
import { dropSecondFactor } from './second-factor.ts';
import { type Admin, revokeSessionsOf } from './sessions.ts';
import { isDuplicate } from './sql-errors.ts';
import { onceMore, transact } from './transact.ts';

const MAX_LISTED = 500;

/**
 * Links by which somebody becomes an admin, or gets back in. There is no mail server, so the owner hands them on. The
 * token is 128 random bits and its hash is kept; one link is open for an e-mail at a time, and works once.
 *
 * It is the word of the owner who made it, so it is worth nothing once they are an owner no longer.
 */
function open(db: Db | Transaction<Database>) {
  return db
    .selectFrom('invitations as i')
    .innerJoin('admins as a', 'a.id', 'i.invited_by')
    .where('a.role', '=', 'owner')
    .where('a.disabled_at', 'is', null)
    .where('i.expires_at', '>', new Date())
    .select(['i.id', 'i.email', 'i.role', 'i.admin_id', 'i.expires_at', 'a.name as invited_by']);
}

export async function listInvitations(db: Db): Promise<Invitation[]> {
  const rows = await onceMore(() => open(db).orderBy('i.email').limit(MAX_LISTED).execute());
  return rows.map(({ admin_id, expires_at, invited_by, ...rest }) => ({
    ...rest,
    renews: admin_id !== null,
    invitedBy: invited_by,
    expiresAt: expires_at.toISOString(),
  }));
}

/** Takes the place of an earlier link for the same e-mail. @throws {HttpProblem} `already_admin` */
export async function invite(
  trx: Transaction<Database>,
  by: Admin,
  { email, role }: { email: string; role: Role },
): Promise<MadeInvitation> {
  const known = await trx.selectFrom('admins').select('id').where('email', '=', email).executeTakeFirst();
  if (known) throw new HttpProblem(409, 'already_admin');
  await audit(trx, by, 'admin_invited', { subject: email, detail: role });
  return insert(trx, by, { email, role, admin_id: null });
}

/**
 * For another admin who has lost the password, or the second factor.
 * @throws {HttpProblem} `not_found`; `forbidden` for oneself: a session that was left open is not to get a password
 */
export async function makeAccessLink(trx: Transaction<Database>, by: Admin, adminId: number): Promise<MadeInvitation> {
  if (adminId === by.id) throw new HttpProblem(403, 'forbidden');
  const admin = await trx.selectFrom('admins').select(['email', 'role']).where('id', '=', adminId).executeTakeFirst();
  if (!admin) throw new HttpProblem(404, 'not_found');
  await audit(trx, by, 'access_link_made', { subject: admin.email });
  return insert(trx, by, { ...admin, admin_id: adminId });
}

async function insert(
  trx: Transaction<Database>,
  by: Admin,
  what: { email: string; role: Role; admin_id: number | null },
): Promise<MadeInvitation> {
  const token = randomBytes(16).toString('base64url');
  const expires_at = new Date(Date.now() + INVITATION_SECONDS * 1000);
  await trx.deleteFrom('invitations').where('email', '=', what.email).execute();
  const { insertId } = await trx
    .insertInto('invitations')
    .values({ ...what, token_hash: hashOf(token), invited_by: by.id, expires_at })
    .executeTakeFirstOrThrow();
  return {
    id: Number(insertId),
    email: what.email,
    role: what.role,
    renews: what.admin_id !== null,
    invitedBy: by.name,
    expiresAt: expires_at.toISOString(),
    token,
  };
}

/** Makes a link worthless. Doing it again changes nothing. */
export async function withdraw(trx: Transaction<Database>, by: Admin, id: number): Promise<void> {
  const found = await trx.selectFrom('invitations').select('email').where('id', '=', id).forUpdate().executeTakeFirst();
  if (!found) return;
  await trx.deleteFrom('invitations').where('id', '=', id).execute();
  await audit(trx, by, 'invitation_withdrawn', { subject: found.email });
}

/** @throws {HttpProblem} `invitation_gone`: used, withdrawn, too old, or never made */
export async function findInvitation(db: Db, token: string): Promise<FoundInvitation> {
  const found = await onceMore(() =>
    open(db)
      .leftJoin('admins as own', 'own.id', 'i.admin_id')
      .select('own.name')
      .where('i.token_hash', '=', hashOf(token))
      .executeTakeFirst(),
  );
  if (!found) throw new HttpProblem(410, 'invitation_gone');
  return { email: found.email, role: found.role, renews: found.admin_id !== null, name: found.name ?? '' };
}

/**
 * Makes an admin of whoever has the link, or lets one back in: with a new password, without a second factor, and with
 * all sessions ended.
 * @throws {HttpProblem} `invitation_gone`; `already_admin`; `too_many_requests`
 */
export async function accept(
  { reads, changes, passwords }: { reads: Db; changes: Db; passwords: PasswordChecker },
  { invitation, name, password }: z.infer<typeof InvitationAcceptance>,
  network: string | null,
): Promise<void> {
  // Nobody makes us hash who has no link.
  await findInvitation(reads, invitation);
  const password_hash = await passwords.inTurn('unknown', () => hashPassword(password));
  await transact(changes, async (trx) => {
    const found = await open(trx).where('i.token_hash', '=', hashOf(invitation)).forUpdate().executeTakeFirst();
    if (!found) {
      // An answer to COMMIT was lost: nobody else has this hash.
      const done = await trx
        .selectFrom('admins')
        .select('id')
        .where('password_hash', '=', password_hash)
        .executeTakeFirst();
      if (!done) throw new HttpProblem(410, 'invitation_gone');
      return { commit: true, value: undefined };
    }
    await trx.deleteFrom('invitations').where('id', '=', found.id).execute();
    if (found.admin_id === null) {
      const id = await insertAdmin(trx, { email: found.email, name, role: found.role, password_hash });
      await audit(trx, { id, name, network }, 'admin_joined', { detail: found.role });
    } else {
      const id = found.admin_id;
      await trx.updateTable('admins').set({ name, password_hash }).where('id', '=', id).execute();
      await dropSecondFactor(trx, id);
      await revokeSessionsOf(trx, id);
      await audit(trx, { id, name, network }, 'access_renewed');
    }
    return { commit: true, value: undefined };
  });
}

async function insertAdmin(
  trx: Transaction<Database>,
  admin: { email: string; name: string; role: Role; password_hash: string },
): Promise<number> {
  try {
    const { insertId } = await trx
      .insertInto('admins')
      .values({ ...admin, created_at: new Date() })
      .executeTakeFirstOrThrow();
    return Number(insertId);
  } catch (error) {
    throw isDuplicate(error) ? new HttpProblem(409, 'already_admin') : error;
  }
}

const hashOf = (token: string) => createHash('sha256').update(`msp-invitation:${token}`).digest('base64url');

import type { Transaction } from 'kysely';
import type { Admin } from '../../shared/contracts/admin.ts';
import type { Role } from '../../shared/contracts/role.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { type Actor, audit } from './audit.ts';
import type { Database, Db } from './database.ts';
import { revokeSessionsOf } from './sessions.ts';
import { onceMore } from './transact.ts';

/** Far more than a shop has. */
const MAX_LISTED = 500;

const everyAdmin = (db: Db | Transaction<Database>) =>
  db.selectFrom('admins').select(['id', 'name', 'email', 'role', 'disabled_at', 'totp_since', 'last_sign_in_at']);
type Row = Awaited<ReturnType<ReturnType<typeof everyAdmin>['execute']>>[number];

/** By name. */
export async function listAdmins(db: Db): Promise<Admin[]> {
  const rows = await onceMore(() => everyAdmin(db).orderBy('name').orderBy('id').limit(MAX_LISTED).execute());
  return rows.map(asAdmin);
}

/**
 * Gives an admin another role, or shuts them out or in again. Who is shut out loses their sessions, and with them
 * their streams.
 *
 * Locks every owner in id order first: of two owners who do this to each other, one is the last.
 *
 * @throws {HttpProblem} `not_found`; `last_owner` when nobody would be left to manage admins
 */
export async function changeAdmin(
  trx: Transaction<Database>,
  by: Actor,
  id: number,
  change: { role?: Role | undefined; disabled?: boolean | undefined },
): Promise<Admin> {
  const owners = await trx
    .selectFrom('admins')
    .select('id')
    .where('role', '=', 'owner')
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  const before = await everyAdmin(trx).where('id', '=', id).forUpdate().executeTakeFirst();
  if (!before) throw new HttpProblem(404, 'not_found');
  const role = change.role ?? before.role;
  const isDisabled = change.disabled ?? before.disabled_at !== null;
  const isOwner = role === 'owner' && !isDisabled;
  if (!isOwner && owners.every((owner) => owner.id === id)) throw new HttpProblem(409, 'last_owner');

  const after = { ...before, role, disabled_at: isDisabled ? (before.disabled_at ?? new Date()) : null };
  await trx.updateTable('admins').set({ role, disabled_at: after.disabled_at }).where('id', '=', id).execute();
  const subject = before.email;
  if (role !== before.role) await audit(trx, by, 'role_changed', { subject, detail: role });
  if (isDisabled !== (before.disabled_at !== null)) {
    await audit(trx, by, isDisabled ? 'admin_disabled' : 'admin_enabled', { subject });
    if (isDisabled) await revokeSessionsOf(trx, id);
  }
  return asAdmin(after);
}

const asAdmin = ({ disabled_at, totp_since, last_sign_in_at, ...admin }: Row): Admin => ({
  ...admin,
  disabled: disabled_at !== null,
  secondFactor: totp_since !== null,
  lastSignInAt: last_sign_in_at?.toISOString() ?? null,
});

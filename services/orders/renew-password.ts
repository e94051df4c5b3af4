import type { Transaction } from 'kysely';
import { audit } from './audit.ts';
import { hashPassword } from './check-password.ts';
import type { Database } from './database.ts';
import { dropSecondFactor } from './second-factor.ts';
import { revokeSessionsOf } from './sessions.ts';

/**
 * Gives an admin another password, takes the second factor away, and ends all sessions: the way back in of whoever
 * runs the machine, when nobody is left to make a link.
 * @returns false when there is no such admin
 */
export async function renewPassword(trx: Transaction<Database>, email: string, password: string): Promise<boolean> {
  const admin = await trx.selectFrom('admins').select('id').where('email', '=', email).executeTakeFirst();
  if (!admin) return false;
  const password_hash = await hashPassword(password);
  await trx.updateTable('admins').set({ password_hash }).where('id', '=', admin.id).execute();
  await dropSecondFactor(trx, admin.id);
  await revokeSessionsOf(trx, admin.id);
  await audit(trx, null, 'access_renewed', { subject: email });
  return true;
}

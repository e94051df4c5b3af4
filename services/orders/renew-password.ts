import type { Transaction } from 'kysely';
import { hashPassword } from './check-password.ts';
import type { Database } from './database.ts';

/**
 * Gives an admin another password, and ends all sessions that the old one has opened.
 * @returns false when there is no such admin
 */
export async function renewPassword(trx: Transaction<Database>, email: string, password: string): Promise<boolean> {
  const admin = await trx.selectFrom('admins').select('id').where('email', '=', email).executeTakeFirst();
  if (!admin) return false;
  const password_hash = await hashPassword(password);
  await trx.updateTable('admins').set({ password_hash }).where('id', '=', admin.id).execute();
  await trx
    .updateTable('sessions')
    .set({ revoked_at: new Date() })
    .where('admin_id', '=', admin.id)
    .where('revoked_at', 'is', null)
    .execute();
  return true;
}

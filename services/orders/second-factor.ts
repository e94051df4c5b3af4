import type { Selectable, Transaction } from 'kysely';
import type { AdminRow, Database } from './database.ts';
import { spendRecoveryCode } from './recovery-codes.ts';
import { stepOfCode } from './totp.ts';

export type SecondFactor = 'app' | 'recovery_code';

/**
 * Takes a code of the admin's app, or one of their recovery codes; each once.
 * @param admin locked by this transaction, so that two sign-ins cannot use one code side by side
 * @returns which it was; undefined when it is wrong or was used before
 */
export async function takeCode(
  trx: Transaction<Database>,
  admin: Selectable<AdminRow>,
  text: string,
  secret: string,
): Promise<SecondFactor | undefined> {
  const code = text.replace(/\s/g, '');
  if (!/^\d{6}$/.test(code)) {
    return (await spendRecoveryCode(trx, admin.id, code)) ? 'recovery_code' : undefined;
  }
  const step = admin.totp_secret ? stepOfCode(secret, admin.id, admin.totp_secret, code) : undefined;
  if (step === undefined || step <= admin.totp_step) return undefined;
  await trx.updateTable('admins').set({ totp_step: step }).where('id', '=', admin.id).execute();
  return 'app';
}

/** Takes the second factor away, and all that belongs to it. */
export async function dropSecondFactor(trx: Transaction<Database>, adminId: number): Promise<void> {
  await trx
    .updateTable('admins')
    .set({ totp_secret: null, totp_since: null, totp_step: 0 })
    .where('id', '=', adminId)
    .execute();
  await trx.deleteFrom('recovery_codes').where('admin_id', '=', adminId).execute();
}

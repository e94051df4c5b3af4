import { createHash, randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import { RECOVERY_CODES } from '../../shared/contracts/account.ts';
import type { Database } from './database.ts';

/** Crockford's base 32: no letter that looks like a digit or like another. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 80 bits: too many to try, so that a plain hash is enough, and codes survive a new SESSION_SECRET. */
const LENGTH = 16;

/** New codes in place of all that the admin had. They are told this once: the database has hashes. */
export async function renewRecoveryCodes(trx: Transaction<Database>, adminId: number): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () =>
    Array.from(randomBytes(LENGTH), (byte) => LETTERS[byte % 32]).join(''),
  );
  await trx.deleteFrom('recovery_codes').where('admin_id', '=', adminId).execute();
  await trx
    .insertInto('recovery_codes')
    .values(codes.map((code) => ({ admin_id: adminId, code_hash: hashOf(code) })))
    .execute();
  return codes.map((code) => code.replace(/(.{4})(?=.)/g, '$1-'));
}

/** True once for each code, however it is grouped and in whatever case. */
export async function spendRecoveryCode(trx: Transaction<Database>, adminId: number, text: string): Promise<boolean> {
  const code = text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  const { numDeletedRows } = await trx
    .deleteFrom('recovery_codes')
    .where('admin_id', '=', adminId)
    .where('code_hash', '=', hashOf(code))
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows) === 1;
}

const hashOf = (code: string) => createHash('sha256').update(`msp-recovery:${code}`).digest('base64url');

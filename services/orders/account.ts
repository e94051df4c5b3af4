import type { Account } from '../../shared/contracts/account.ts';
import type { Db } from './database.ts';
import { onceMore } from './transact.ts';

/** What an admin may know of themselves. */
export async function findAccount(db: Db, id: number): Promise<Account> {
  const row = await onceMore(() =>
    db
      .selectFrom('admins')
      .select(['name', 'email', 'role', 'totp_since'])
      .select((eb) =>
        eb
          .selectFrom('recovery_codes')
          .whereRef('admin_id', '=', 'admins.id')
          .select((count) => count.fn.countAll().as('codes'))
          .as('codes'),
      )
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
  );
  const { totp_since, codes, ...account } = row;
  return { ...account, secondFactor: totp_since !== null, recoveryCodes: Number(codes) };
}

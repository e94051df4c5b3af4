import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { PasswordChecker } from './check-password.ts';
import type { Db } from './database.ts';
import { charge, ownBucket, refuseWhenFull, takeBack } from './throttle.ts';
import { transact } from './transact.ts';

export interface OwnPasswordDeps {
  reads: Db;
  changes: Db;
  passwords: PasswordChecker;
  sessionSecret: string;
}

/**
 * Has an admin show their password once more, because a session alone may be a browser that somebody left open.
 * @param then runs in the same turn, for what is as dear as checking a password
 * @returns what the password was checked against, for the change to find that it still is
 * @throws {HttpProblem} `bad_credentials`; `too_many_requests` after too many failures
 */
export async function provePassword<T>(
  { reads, changes, passwords, sessionSecret }: OwnPasswordDeps,
  adminId: number,
  password: string,
  then: (passwordHash: string) => Promise<T>,
): Promise<T> {
  const bucket = [ownBucket(sessionSecret, adminId)];
  await refuseWhenFull(reads, bucket);
  return passwords.inTurn('known', async (check) => {
    await charge(changes, bucket);
    const admin = await changes
      .selectFrom('admins')
      .select('password_hash')
      .where('id', '=', adminId)
      .executeTakeFirst();
    if (!admin || !(await check(admin.password_hash, password))) throw new HttpProblem(401, 'bad_credentials');
    await transact(changes, async (trx) => ({ commit: true, value: await takeBack(trx, bucket) }));
    return then(admin.password_hash);
  });
}

import { HttpProblem } from '../../shared/process/http-problem.ts';
import { audit } from './audit.ts';
import { hashPassword } from './check-password.ts';
import { type OwnPasswordDeps, provePassword } from './prove-password.ts';
import { type Admin, revokeSessionsOf } from './sessions.ts';
import { transact } from './transact.ts';

/**
 * Changes an admin's own password, and ends all their sessions but the one that asks.
 * @throws {HttpProblem} `bad_credentials` when the old one is wrong; `too_many_requests`
 */
export async function changePassword(
  deps: OwnPasswordDeps,
  admin: Admin,
  { password, newPassword }: { password: string; newPassword: string },
): Promise<void> {
  const [old, renewed] = await provePassword(deps, admin.id, password, async (hash) => [
    hash,
    await hashPassword(newPassword),
  ]);
  const changed = await transact(deps.changes, async (trx) => {
    const { password_hash: now } = await trx
      .selectFrom('admins')
      .select('password_hash')
      .where('id', '=', admin.id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    // An answer to COMMIT was lost.
    if (now === renewed) return { commit: true, value: true };
    if (now !== old) return { commit: false, value: false };
    await trx.updateTable('admins').set({ password_hash: renewed }).where('id', '=', admin.id).execute();
    await revokeSessionsOf(trx, admin.id, { except: admin.sessionId });
    await audit(trx, admin, 'password_changed');
    return { commit: true, value: true };
  });
  if (!changed) throw new HttpProblem(401, 'bad_credentials');
}

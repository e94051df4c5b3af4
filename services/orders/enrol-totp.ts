import type { Selectable, Transaction } from 'kysely';
import type { TotpEnrolment } from '../../shared/contracts/account.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { audit } from './audit.ts';
import type { AdminRow, Database } from './database.ts';
import { type OwnPasswordDeps, provePassword } from './prove-password.ts';
import { renewRecoveryCodes } from './recovery-codes.ts';
import { dropSecondFactor, takeCode } from './second-factor.ts';
import type { Admin } from './sessions.ts';
import { charge, codeBucket, refuseWhenFull, takeBack } from './throttle.ts';
import { newTotp } from './totp.ts';
import { transact } from './transact.ts';

/**
 * Makes a secret for an admin's app. It asks for no codes before one has been right.
 * @throws {HttpProblem} `already_enrolled`; `bad_credentials`; `too_many_requests`
 */
export async function beginTotp(deps: OwnPasswordDeps, by: Admin, password: string): Promise<TotpEnrolment> {
  await provePassword(deps, by.id, password, async () => {});
  const { sealed, told } = newTotp(deps.sessionSecret, by.id, by.email);
  return transact(deps.changes, async (trx) => {
    const admin = await lock(trx, by.id);
    if (admin.totp_since) throw new HttpProblem(409, 'already_enrolled');
    await trx.updateTable('admins').set({ totp_secret: sealed, totp_step: 0 }).where('id', '=', by.id).execute();
    return { commit: true, value: told };
  });
}

/**
 * Switches the second factor on, by the first right code.
 * @returns the recovery codes, which are told this once
 * @throws {HttpProblem} `not_enrolled` when nothing was begun; `already_enrolled`; `bad_code`
 */
export async function confirmTotp(
  { changes, sessionSecret }: OwnPasswordDeps,
  by: Admin,
  code: string,
): Promise<string[]> {
  return transact(changes, async (trx) => {
    const admin = await lock(trx, by.id);
    if (admin.totp_since) throw new HttpProblem(409, 'already_enrolled');
    if (!admin.totp_secret) throw new HttpProblem(409, 'not_enrolled');
    if ((await takeCode(trx, admin, code, sessionSecret)) !== 'app') throw new HttpProblem(401, 'bad_code');
    await trx.updateTable('admins').set({ totp_since: new Date() }).where('id', '=', by.id).execute();
    const codes = await renewRecoveryCodes(trx, by.id);
    await audit(trx, by, 'second_factor_enabled');
    return { commit: true, value: codes };
  });
}

/** @throws {HttpProblem} as `withBoth` */
export function disableTotp(deps: OwnPasswordDeps, by: Admin, proof: Both): Promise<void> {
  return withBoth(deps, by, proof, async (trx) => {
    await dropSecondFactor(trx, by.id);
    await audit(trx, by, 'second_factor_disabled');
  });
}

/** @throws {HttpProblem} as `withBoth` */
export function makeRecoveryCodes(deps: OwnPasswordDeps, by: Admin, proof: Both): Promise<string[]> {
  return withBoth(deps, by, proof, async (trx) => {
    await audit(trx, by, 'recovery_codes_renewed');
    return renewRecoveryCodes(trx, by.id);
  });
}

interface Both {
  password: string;
  code: string;
}

/**
 * Runs `change` for an admin who has shown both factors, wrong codes counting as they do at the sign-in.
 * @throws {HttpProblem} `not_enrolled`; `bad_credentials`; `bad_code`; `too_many_requests`
 */
async function withBoth<T>(
  deps: OwnPasswordDeps,
  by: Admin,
  { password, code }: Both,
  change: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  await provePassword(deps, by.id, password, async () => {});
  const codes = [codeBucket(deps.sessionSecret, by.id)];
  await refuseWhenFull(deps.reads, codes);
  await charge(deps.changes, codes);
  return transact(deps.changes, async (trx) => {
    const admin = await lock(trx, by.id);
    if (!admin.totp_since) throw new HttpProblem(409, 'not_enrolled');
    if (!(await takeCode(trx, admin, code, deps.sessionSecret))) throw new HttpProblem(401, 'bad_code');
    await takeBack(trx, codes);
    return { commit: true, value: await change(trx) };
  });
}

function lock(trx: Transaction<Database>, id: number): Promise<Selectable<AdminRow>> {
  return trx.selectFrom('admins').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
}

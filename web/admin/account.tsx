import { type Context, Hono } from 'hono';
import {
  NewPassword,
  PasswordAndCode,
  PasswordChange,
  SessionId,
  TotpConfirm,
} from '../../shared/contracts/account.ts';
import type { Problem } from '../../shared/contracts/problem.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { teamWords } from '../locales/team.ts';
import { readForm } from '../read-form.ts';
import { type AccountError, AccountPage } from './account-page.tsx';
import { expectData, refusal } from './answers.ts';
import { EnrolPage, RecoveryCodesPage } from './enrol-pages.tsx';
import { leaveFlash, takeFlash } from './flash.ts';

/** `/admin/account`: one's password, second factor and sessions. */
export function accountRoutes({ site, orders }: WebDeps): Hono<WebEnv> {
  const { account: words, errors } = teamWords(site.locale);

  async function showAccount(c: Context<WebEnv>, error?: AccountError, status: 200 | 401 | 409 | 422 | 429 = 200) {
    const { admin } = c.var;
    const [account, sessions] = await Promise.all([orders.account(admin.session), orders.ownSessions(admin.session)]);
    const shown = { site, admin, account: expectData(account), ...expectData(sessions), error };
    return sendPage(c, <AccountPage {...shown} flash={error ? undefined : takeFlash(c)} />, status);
  }

  /** Says at the field what was wrong with a password or a code. */
  function explain(c: Context<WebEnv>, form: AccountError['form'], problem: Problem) {
    const again = (field: AccountError['field'], text: string) =>
      showAccount(c, { form, field, text }, problem.status as 401 | 409 | 429);
    if (problem.code === 'bad_credentials') return again('password', errors.password);
    if (problem.code === 'bad_code') return again('code', errors.code);
    if (problem.code === 'too_many_requests') return again(undefined, errors.tooMany);
    if (problem.code === 'already_enrolled') return again(undefined, words.already);
    if (problem.code === 'not_enrolled') return again(undefined, words.notBegun);
    throw refusal(problem);
  }

  async function readProof(c: Context<WebEnv>) {
    const form = await readForm(c);
    return PasswordAndCode.safeParse({ password: form.get('password') ?? '', code: form.get('code') ?? '' });
  }
  const incomplete = (c: Context<WebEnv>, form: AccountError['form']) =>
    showAccount(c, { form, field: undefined, text: errors.missing }, 422);

  return new Hono<WebEnv>()
    .get('/admin/account', (c) => showAccount(c))

    .post('/admin/account/password', async (c) => {
      const form = await readForm(c);
      const input = { password: form.get('password') ?? '', newPassword: form.get('newPassword') ?? '' };
      if (!NewPassword.safeParse(input.newPassword).success)
        return showAccount(c, { form: 'password', field: 'newPassword', text: errors.short }, 422);
      const change = PasswordChange.safeParse(input);
      if (!change.success) return incomplete(c, 'password');
      const answer = await orders.changePassword(c.var.admin.session, change.data);
      if (!answer.ok) return explain(c, 'password', answer.problem);
      leaveFlash(c, words.passwordDone);
      return c.redirect('/admin/account', 303);
    })

    .post('/admin/account/totp', async (c) => {
      const password = PasswordAndCode.shape.password.safeParse((await readForm(c)).get('password'));
      if (!password.success) return incomplete(c, 'totp');
      const answer = await orders.beginTotp(c.var.admin.session, password.data);
      if (!answer.ok) return explain(c, 'totp', answer.problem);
      return sendPage(c, <EnrolPage site={site} admin={c.var.admin} enrolment={answer.data} />);
    })

    .post('/admin/account/totp/confirm', async (c) => {
      const again = (status: 401 | 422) =>
        sendPage(c, <EnrolPage site={site} admin={c.var.admin} error={errors.code} />, status);
      const input = TotpConfirm.safeParse({ code: (await readForm(c)).get('code')?.replace(/\s/g, '') });
      if (!input.success) return again(422);
      const answer = await orders.confirmTotp(c.var.admin.session, input.data.code);
      if (answer.ok)
        return sendPage(c, <RecoveryCodesPage site={site} admin={c.var.admin} codes={answer.data.recoveryCodes} />);
      return answer.problem.code === 'bad_code' ? again(401) : explain(c, 'totp', answer.problem);
    })

    .post('/admin/account/totp/disable', async (c) => {
      const proof = await readProof(c);
      if (!proof.success) return incomplete(c, 'totp');
      const answer = await orders.disableTotp(c.var.admin.session, proof.data);
      if (!answer.ok) return explain(c, 'totp', answer.problem);
      leaveFlash(c, words.totpDisabled);
      return c.redirect('/admin/account', 303);
    })

    .post('/admin/account/recovery-codes', async (c) => {
      const proof = await readProof(c);
      if (!proof.success) return incomplete(c, 'totp');
      const answer = await orders.renewRecoveryCodes(c.var.admin.session, proof.data);
      if (!answer.ok) return explain(c, 'totp', answer.problem);
      return sendPage(c, <RecoveryCodesPage site={site} admin={c.var.admin} codes={answer.data.recoveryCodes} />);
    })

    .post('/admin/account/sessions/end', async (c) => {
      const session = SessionId.safeParse((await readForm(c)).get('session'));
      if (!session.success) throw new HttpProblem(400, 'validation', { detail: 'The form lacks its session.' });
      expectData(await orders.endSessions(c.var.admin.session, session.data));
      leaveFlash(c, words.ended);
      return c.redirect('/admin/account', 303);
    })

    .post('/admin/account/sessions/end-others', async (c) => {
      expectData(await orders.endSessions(c.var.admin.session));
      leaveFlash(c, words.othersEnded);
      return c.redirect('/admin/account', 303);
    });
}

import { createRoute, z } from '@hono/zod-openapi';
import {
  Account,
  OwnSessions,
  PasswordAndCode,
  PasswordChange,
  RecoveryCodes,
  SessionId,
  TotpBegin,
  TotpConfirm,
  TotpEnrolment,
} from '../../../shared/contracts/account.ts';
import { findAccount } from '../account.ts';
import { audit } from '../audit.ts';
import { forAdmins, requireAdmin } from '../authenticate.ts';
import { changePassword } from '../change-password.ts';
import { beginTotp, confirmTotp, disableTotp, makeRecoveryCodes } from '../enrol-totp.ts';
import type { OwnPasswordDeps } from '../prove-password.ts';
import { readBody } from '../read-body.ts';
import { listOwnSessions, revokeSessionsOf } from '../sessions.ts';
import { transact } from '../transact.ts';
import { adminBodyProblems, adminProblems, json, jsonBody, type Routes, SESSION } from './describe.ts';

/** What every admin may see and change of themselves. */
export function accountRoutes(routes: Routes, deps: OwnPasswordDeps): void {
  const { reads, changes } = deps;
  const asked = { security: SESSION, middleware: forAdmins };
  const posted = { method: 'post' as const, security: SESSION, middleware: [forAdmins, readBody] };

  routes.openapi(
    createRoute({
      ...asked,
      method: 'get',
      path: '/account',
      summary: 'Who one is, and how well one is protected',
      responses: { 200: json(Account, 'One’s own account'), ...adminProblems() },
    }),
    async (c) => c.json(await findAccount(reads, requireAdmin(c).id), 200),
  );

  routes.openapi(
    createRoute({
      ...posted,
      path: '/account/password',
      summary: 'Change one’s password',
      description: 'Ends all of one’s other sessions.',
      request: { body: jsonBody(PasswordChange) },
      responses: {
        204: { description: 'Changed' },
        ...adminBodyProblems('bad_credentials', 'too_many_requests'),
      },
    }),
    async (c) => {
      await changePassword(deps, requireAdmin(c), c.req.valid('json'));
      return c.body(null, 204);
    },
  );

  routes.openapi(
    createRoute({
      ...asked,
      method: 'get',
      path: '/account/sessions',
      summary: 'Where one is signed in',
      responses: { 200: json(OwnSessions, 'The asking session first'), ...adminProblems() },
    }),
    async (c) => c.json({ sessions: await listOwnSessions(reads, requireAdmin(c)) }, 200),
  );

  routes.openapi(
    createRoute({
      ...asked,
      method: 'delete',
      path: '/account/sessions',
      summary: 'End all of one’s other sessions',
      responses: { 204: { description: 'Ended, everywhere' }, ...adminProblems() },
    }),
    async (c) => {
      await endSessions(requireAdmin(c));
      return c.body(null, 204);
    },
  );

  routes.openapi(
    createRoute({
      ...asked,
      method: 'delete',
      path: '/account/sessions/{session}',
      summary: 'End one of one’s sessions',
      description: 'Safe to repeat; what is no session of one’s own is left alone.',
      request: { params: z.object({ session: SessionId }) },
      responses: { 204: { description: 'Ended, everywhere' }, ...adminProblems('validation') },
    }),
    async (c) => {
      await endSessions(requireAdmin(c), c.req.valid('param').session);
      return c.body(null, 204);
    },
  );

  function endSessions(admin: ReturnType<typeof requireAdmin>, only?: string): Promise<void> {
    return transact(changes, async (trx) => {
      const which = only === undefined ? { except: admin.sessionId } : { only };
      const ended = await revokeSessionsOf(trx, admin.id, which);
      if (ended > 0) await audit(trx, admin, 'sessions_ended', { detail: String(ended) });
      return { commit: true, value: undefined };
    });
  }

  routes.openapi(
    createRoute({
      ...posted,
      path: '/account/totp',
      summary: 'Begin to use an app for codes',
      description: 'The secret is told this once. Nothing asks for codes before one was confirmed.',
      request: { body: jsonBody(TotpBegin) },
      responses: {
        200: json(TotpEnrolment, 'For the app'),
        ...adminBodyProblems('bad_credentials', 'already_enrolled', 'too_many_requests'),
      },
    }),
    async (c) => c.json(await beginTotp(deps, requireAdmin(c), c.req.valid('json').password), 200),
  );

  routes.openapi(
    createRoute({
      ...posted,
      path: '/account/totp/confirm',
      summary: 'Switch the second factor on by a first code',
      request: { body: jsonBody(TotpConfirm) },
      responses: {
        200: json(RecoveryCodes, 'Told this once'),
        ...adminBodyProblems('bad_code', 'already_enrolled', 'not_enrolled'),
      },
    }),
    async (c) => c.json({ recoveryCodes: await confirmTotp(deps, requireAdmin(c), c.req.valid('json').code) }, 200),
  );

  const withBoth = {
    request: { body: jsonBody(PasswordAndCode) },
    problems: adminBodyProblems('bad_credentials', 'bad_code', 'not_enrolled', 'too_many_requests'),
  };

  routes.openapi(
    createRoute({
      ...posted,
      path: '/account/totp/disable',
      summary: 'Switch the second factor off',
      request: withBoth.request,
      responses: { 204: { description: 'Switched off; recovery codes are gone' }, ...withBoth.problems },
    }),
    async (c) => {
      await disableTotp(deps, requireAdmin(c), c.req.valid('json'));
      return c.body(null, 204);
    },
  );

  routes.openapi(
    createRoute({
      ...posted,
      path: '/account/recovery-codes',
      summary: 'New recovery codes in place of those one has',
      request: withBoth.request,
      responses: { 200: json(RecoveryCodes, 'Told this once'), ...withBoth.problems },
    }),
    async (c) => c.json({ recoveryCodes: await makeRecoveryCodes(deps, requireAdmin(c), c.req.valid('json')) }, 200),
  );
}

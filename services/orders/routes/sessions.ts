import { createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import {
  Credentials,
  CurrentSession,
  OpenedSession,
  RevokedSessions,
  SecondStep,
} from '../../../shared/contracts/session.ts';
import { addressOf, type TrustsProxy } from '../../../shared/process/client-address.ts';
import { audit } from '../audit.ts';
import { requireAdmin, requireService } from '../authenticate.ts';
import type { Db } from '../database.ts';
import { readBody } from '../read-body.ts';
import { listRevoked, revokeSession } from '../sessions.ts';
import { type SignInDeps, signIn, takeSecondStep } from '../sign-in.ts';
import { transact } from '../transact.ts';
import { adminProblems, bodyProblems, json, jsonBody, type Routes, SERVICE, SESSION } from './describe.ts';

export interface SessionRoutesDeps extends SignInDeps {
  trustsProxy: TrustsProxy;
}

export function openSessionRoute(routes: Routes, deps: SessionRoutesDeps): void {
  routes.openapi(
    createRoute({
      method: 'post',
      path: '/sessions',
      summary: "Open an admin's session",
      middleware: readBody,
      request: { body: jsonBody(Credentials) },
      responses: {
        201: json(OpenedSession, 'The token is a Bearer, or the value of the cookie'),
        ...bodyProblems('bad_credentials', 'totp_required', 'bad_code', 'too_many_requests'),
      },
    }),
    async (c) => {
      const { email, password, code, device, replaces } = c.req.valid('json');
      return c.json(await signIn(deps, { email, password, code, device, replaces, ...callerOf(c) }), 201);
    },
  );

  routes.openapi(
    createRoute({
      method: 'post',
      path: '/sessions/second-step',
      summary: "Open an admin's session by the ticket of `totp_required` and a code",
      middleware: readBody,
      request: { body: jsonBody(SecondStep) },
      responses: {
        201: json(OpenedSession, 'The token is a Bearer, or the value of the cookie'),
        ...bodyProblems('bad_credentials', 'bad_code', 'too_many_requests'),
      },
    }),
    async (c) => {
      const { ticket, code, device, replaces } = c.req.valid('json');
      return c.json(await takeSecondStep(deps, { ticket, code, device, replaces, ...callerOf(c) }), 201);
    },
  );

  function callerOf(c: Context) {
    return { address: addressOf(c, deps.trustsProxy), userAgent: c.req.header('user-agent') };
  }
}

export function sessionRoutes(routes: Routes, { reads, changes }: { reads: Db; changes: Db }): void {
  routes.openapi(
    createRoute({
      method: 'get',
      path: '/sessions/current',
      summary: 'Who holds this session',
      security: SESSION,
      responses: { 200: json(CurrentSession, 'The admin'), ...adminProblems() },
    }),
    (c) => {
      const { id, name, email, role, expiresAt } = requireAdmin(c);
      return c.json({ id, name, email, role, expiresAt: expiresAt.toISOString() }, 200);
    },
  );

  routes.openapi(
    createRoute({
      method: 'delete',
      path: '/sessions/current',
      summary: 'End this session',
      security: SESSION,
      responses: { 204: { description: 'Ended, everywhere' }, ...adminProblems() },
    }),
    async (c) => {
      const admin = requireAdmin(c);
      await transact(changes, async (trx) => {
        await revokeSession(trx, admin.sessionId);
        return { commit: true, value: await audit(trx, admin, 'signed_out') };
      });
      return c.body(null, 204);
    },
  );

  routes.openapi(
    createRoute({
      method: 'get',
      path: '/sessions/revoked',
      summary: 'Sessions that were ended before they expired',
      security: SERVICE,
      responses: { 200: json(RevokedSessions, 'All of them'), ...adminProblems() },
    }),
    async (c) => {
      requireService(c);
      return c.json({ revoked: await listRevoked(reads) }, 200);
    },
  );
}

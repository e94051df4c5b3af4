import { createRoute } from '@hono/zod-openapi';
import { Credentials, CurrentSession, OpenedSession, RevokedSessions } from '../../../shared/contracts/session.ts';
import { addressOf, type TrustsProxy } from '../../../shared/process/client-address.ts';
import { requireAdmin, requireService } from '../authenticate.ts';
import type { Db } from '../database.ts';
import { readBody } from '../read-body.ts';
import { listRevoked, revokeSession } from '../sessions.ts';
import { type SignInDeps, signIn } from '../sign-in.ts';
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
        ...bodyProblems('bad_credentials', 'too_many_requests'),
      },
    }),
    async (c) => {
      const { email, password, device, replaces } = c.req.valid('json');
      const address = addressOf(c, deps.trustsProxy);
      return c.json(await signIn(deps, { email, password, device, replaces, address }), 201);
    },
  );
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
      const { name, email, expiresAt } = requireAdmin(c);
      return c.json({ name, email, expiresAt: expiresAt.toISOString() }, 200);
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
      await revokeSession(changes, requireAdmin(c).sessionId);
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

import { createRoute, z } from '@hono/zod-openapi';
import {
  FoundInvitation,
  InvitationAcceptance,
  InvitationInput,
  InvitationQuery,
  MadeInvitation,
} from '../../../shared/contracts/admin.ts';
import { queryInteger } from '../../../shared/contracts/query-integer.ts';
import { addressOf, type TrustsProxy } from '../../../shared/process/client-address.ts';
import { forRight, requireAdmin } from '../authenticate.ts';
import type { PasswordChecker } from '../check-password.ts';
import type { Db } from '../database.ts';
import { accept, findInvitation, invite, withdraw } from '../invitations.ts';
import { readBody } from '../read-body.ts';
import { transact } from '../transact.ts';
import { whereFrom } from '../where-from.ts';
import {
  adminBodyProblems,
  adminProblems,
  bodyProblems,
  json,
  jsonBody,
  MAX_ID,
  type Routes,
  SESSION,
} from './describe.ts';

export interface OpenInvitationDeps {
  reads: Db;
  changes: Db;
  passwords: PasswordChecker;
  trustsProxy: TrustsProxy;
}

/** For whoever has the link. By POST, so that the token is in no address but the link's. */
export function openInvitationRoutes(routes: Routes, deps: OpenInvitationDeps): void {
  routes.openapi(
    createRoute({
      method: 'post',
      path: '/invitations/find',
      summary: 'What a link is for',
      middleware: readBody,
      request: { body: jsonBody(InvitationQuery) },
      responses: { 200: json(FoundInvitation, 'It is open'), ...bodyProblems('invitation_gone') },
    }),
    async (c) => c.json(await findInvitation(deps.reads, c.req.valid('json').invitation), 200),
  );

  routes.openapi(
    createRoute({
      method: 'post',
      path: '/invitations/accept',
      summary: 'Become an admin, or get back in, by a link',
      middleware: readBody,
      request: { body: jsonBody(InvitationAcceptance) },
      responses: {
        204: { description: 'The password opens a session now' },
        ...bodyProblems('invitation_gone', 'already_admin', 'too_many_requests'),
      },
    }),
    async (c) => {
      const { network } = whereFrom(undefined, addressOf(c, deps.trustsProxy));
      await accept(deps, c.req.valid('json'), network);
      return c.body(null, 204);
    },
  );
}

/** For owners. */
export function invitationRoutes(routes: Routes, { changes }: { changes: Db }): void {
  const forOwners = forRight('manage_admins');

  routes.openapi(
    createRoute({
      method: 'post',
      path: '/invitations',
      summary: 'A link by which somebody becomes an admin',
      description: 'Told this once; good for three days, and for one person. Takes the place of an earlier one.',
      security: SESSION,
      middleware: [forOwners, readBody],
      request: { body: jsonBody(InvitationInput) },
      responses: { 201: json(MadeInvitation, 'To be handed on'), ...adminBodyProblems('already_admin') },
    }),
    async (c) => {
      const made = await transact(changes, async (trx) => ({
        commit: true,
        value: await invite(trx, requireAdmin(c), c.req.valid('json')),
      }));
      return c.json(made, 201);
    },
  );

  routes.openapi(
    createRoute({
      method: 'delete',
      path: '/invitations/by-id/{invitationId}',
      summary: 'Make a link worthless',
      description: 'Safe to repeat.',
      security: SESSION,
      middleware: forOwners,
      request: { params: z.object({ invitationId: queryInteger(1, MAX_ID) }) },
      responses: { 204: { description: 'It opens nothing any more' }, ...adminProblems('validation') },
    }),
    async (c) => {
      const { invitationId } = c.req.valid('param');
      await transact(changes, async (trx) => ({
        commit: true,
        value: await withdraw(trx, requireAdmin(c), invitationId),
      }));
      return c.body(null, 204);
    },
  );
}

import { createRoute, z } from '@hono/zod-openapi';
import { Admin, AdminChange, AdminList, MadeInvitation } from '../../../shared/contracts/admin.ts';
import { queryInteger } from '../../../shared/contracts/query-integer.ts';
import { changeAdmin, listAdmins } from '../admins.ts';
import { forRight, requireAdmin } from '../authenticate.ts';
import type { Db } from '../database.ts';
import { listInvitations, makeAccessLink } from '../invitations.ts';
import { readBody } from '../read-body.ts';
import { transact } from '../transact.ts';
import { adminBodyProblems, adminProblems, json, jsonBody, MAX_ID, type Routes, SESSION } from './describe.ts';

/** For owners: who may come in, and what for. */
export function adminRoutes(routes: Routes, { reads, changes }: { reads: Db; changes: Db }): void {
  const forOwners = forRight('manage_admins');
  const params = z.object({ adminId: queryInteger(1, MAX_ID) });

  routes.openapi(
    createRoute({
      method: 'get',
      path: '/admins',
      summary: 'Every admin, and the invitations that are open',
      security: SESSION,
      middleware: forOwners,
      responses: { 200: json(AdminList, 'By name'), ...adminProblems() },
    }),
    async (c) => {
      const [admins, invitations] = await Promise.all([listAdmins(reads), listInvitations(reads)]);
      return c.json({ admins, invitations }, 200);
    },
  );

  routes.openapi(
    createRoute({
      method: 'patch',
      path: '/admins/{adminId}',
      summary: 'Change a role; shut an admin out, or let one in again',
      description: 'Whoever is shut out loses all sessions, and their streams end within 5 s. Safe to repeat.',
      security: SESSION,
      middleware: [forOwners, readBody],
      request: { params, body: jsonBody(AdminChange) },
      responses: { 200: json(Admin, 'As it is now'), ...adminBodyProblems('not_found', 'last_owner') },
    }),
    async (c) => {
      const { adminId } = c.req.valid('param');
      const admin = await transact(changes, async (trx) => ({
        commit: true,
        value: await changeAdmin(trx, requireAdmin(c), adminId, c.req.valid('json')),
      }));
      return c.json(admin, 200);
    },
  );

  routes.openapi(
    createRoute({
      method: 'post',
      path: '/admins/{adminId}/access-link',
      summary: 'A link for another admin who cannot sign in',
      description: 'By it they choose a new password; their second factor and their sessions end. Told this once.',
      security: SESSION,
      middleware: forOwners,
      request: { params },
      responses: { 201: json(MadeInvitation, 'To be handed on'), ...adminProblems('validation', 'not_found') },
    }),
    async (c) => {
      const { adminId } = c.req.valid('param');
      const made = await transact(changes, async (trx) => ({
        commit: true,
        value: await makeAccessLink(trx, requireAdmin(c), adminId),
      }));
      return c.json(made, 201);
    },
  );
}

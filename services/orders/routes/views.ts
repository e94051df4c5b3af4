import { createRoute, z } from '@hono/zod-openapi';
import { queryInteger } from '../../../shared/contracts/query-integer.ts';
import { SavedViewInput, SavedViewList } from '../../../shared/contracts/saved-view.ts';
import { forAdmins, requireAdmin } from '../authenticate.ts';
import type { Db } from '../database.ts';
import { readBody } from '../read-body.ts';
import { forgetView, listViews, saveView } from '../saved-views.ts';
import { transact } from '../transact.ts';
import { adminBodyProblems, adminProblems, json, jsonBody, type Routes, SESSION } from './describe.ts';

/** «Mes vues»: filters of the order table that admins have given names, each to their own. */
export function viewRoutes(routes: Routes, { reads, changes }: { reads: Db; changes: Db }): void {
  routes.openapi(
    createRoute({
      method: 'get',
      path: '/views',
      summary: 'The saved views of the admin who asks',
      security: SESSION,
      responses: { 200: json(SavedViewList, 'By name'), ...adminProblems() },
    }),
    async (c) => c.json({ views: await listViews(reads, requireAdmin(c).id) }, 200),
  );

  routes.openapi(
    createRoute({
      method: 'post',
      path: '/views',
      summary: 'Save a view',
      description: 'Takes the place of the one that has the name already, so it is safe to repeat.',
      security: SESSION,
      middleware: [forAdmins, readBody],
      request: { body: jsonBody(SavedViewInput) },
      responses: { 200: json(SavedViewList, 'All of them'), ...adminBodyProblems() },
    }),
    async (c) => {
      const { id } = requireAdmin(c);
      const input = c.req.valid('json');
      const views = await transact(changes, async (trx) => {
        await saveView(trx, id, input);
        return { commit: true, value: await listViews(trx, id) };
      });
      return c.json({ views }, 200);
    },
  );

  routes.openapi(
    createRoute({
      method: 'delete',
      path: '/views/{id}',
      summary: 'Forget a saved view',
      description: 'Safe to repeat.',
      security: SESSION,
      middleware: [forAdmins] as const,
      request: { params: z.object({ id: queryInteger(1, 2_147_483_647) }) },
      responses: { 204: { description: 'It is gone' }, ...adminProblems('validation') },
    }),
    async (c) => {
      await forgetView(changes, requireAdmin(c).id, c.req.valid('param').id);
      return c.body(null, 204);
    },
  );
}

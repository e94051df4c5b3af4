import { createRoute, z } from '@hono/zod-openapi';
import { AuditPage, OrderChangePage } from '../../../shared/contracts/audit.ts';
import { queryInteger } from '../../../shared/contracts/query-integer.ts';
import { listAudit, listOrderChanges } from '../audit.ts';
import { forRight } from '../authenticate.ts';
import type { Db } from '../database.ts';
import { adminProblems, json, type Routes, SESSION } from './describe.ts';

const MAX_LIMIT = 200;

/** For owners: who did what. */
export function auditRoutes(routes: Routes, { reads }: { reads: Db }): void {
  const asked = {
    method: 'get' as const,
    security: SESSION,
    middleware: forRight('read_audit'),
    request: {
      query: z.strictObject({
        before: queryInteger(1, Number.MAX_SAFE_INTEGER).optional(),
        limit: queryInteger(1, MAX_LIMIT).default(50),
      }),
    },
  };

  routes.openapi(
    createRoute({
      ...asked,
      path: '/audit',
      summary: 'Sign-ins, and changes of all but orders',
      responses: { 200: json(AuditPage, 'Newest first'), ...adminProblems('validation') },
    }),
    async (c) => c.json(await listAudit(reads, c.req.valid('query')), 200),
  );

  routes.openapi(
    createRoute({
      ...asked,
      path: '/audit/orders',
      summary: 'What admins did to orders, out of the event log',
      description: 'A page may hold less than was asked for, and have a next one all the same.',
      responses: { 200: json(OrderChangePage, 'Newest first'), ...adminProblems('validation') },
    }),
    async (c) => c.json(await listOrderChanges(reads, c.req.valid('query')), 200),
  );
}

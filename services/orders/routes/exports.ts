import { createRoute } from '@hono/zod-openapi';
import { ExportInput } from '../../../shared/contracts/export.ts';
import { audit } from '../audit.ts';
import { forRight, requireAdmin } from '../authenticate.ts';
import type { Db } from '../database.ts';
import { readBody } from '../read-body.ts';
import { adminBodyProblems, jsonBody, type Routes, SESSION } from './describe.ts';

/**
 * Whoever takes orders away as a file asks here first: for the right to, and so that it is known. The orders themselves
 * are read page by page from `GET /orders`.
 */
export function exportRoutes(routes: Routes, { changes }: { changes: Db }): void {
  routes.openapi(
    createRoute({
      method: 'post',
      path: '/exports',
      summary: 'Tell that orders are about to be exported',
      security: SESSION,
      middleware: [forRight('export_orders'), readBody],
      request: { body: jsonBody(ExportInput) },
      responses: { 204: { description: 'Written down' }, ...adminBodyProblems() },
    }),
    async (c) => {
      await audit(changes, requireAdmin(c), 'orders_exported', { detail: told(c.req.valid('json')) });
      return c.body(null, 204);
    },
  );
}

/** `12`, `terminee, 2026-11-01 – 2026-11-30, …`; null for all orders. */
function told({ picked, status, from, to, isNarrower }: ExportInput): string | null {
  if (picked !== undefined) return String(picked);
  const days = from || to ? `${from ?? ''} – ${to ?? ''}`.trim() : undefined;
  return [status, days, isNarrower ? '…' : undefined].filter((part) => part !== undefined).join(', ') || null;
}

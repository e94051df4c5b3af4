import { createRoute } from '@hono/zod-openapi';
import { CustomerErasure, CustomerExport, CustomerQuery, CustomerSummary } from '../../../shared/contracts/customer.ts';
import type { Announce } from '../announce.ts';
import { audit } from '../audit.ts';
import { forRight, requireAdmin } from '../authenticate.ts';
import type { Db } from '../database.ts';
import type { Durability } from '../durability.ts';
import { eraseCustomer } from '../erase-customer.ts';
import { exportCustomer } from '../export-customer.ts';
import { findCustomer } from '../find-customer.ts';
import { readBody } from '../read-body.ts';
import { adminBodyProblems, json, jsonBody, type Routes, SESSION } from './describe.ts';

export interface CustomerRoutesDeps {
  reads: Db;
  changes: Db;
  durability: Durability;
  announce: Announce;
}

/** All by POST, also what only reads: an e-mail has no place in an address, where logs and histories keep it. */
export function customerRoutes(routes: Routes, { reads, changes, durability, announce }: CustomerRoutesDeps): void {
  const asked = {
    method: 'post' as const,
    security: SESSION,
    middleware: [forRight('manage_customers'), readBody],
    request: { body: jsonBody(CustomerQuery) },
  };

  routes.openapi(
    createRoute({
      ...asked,
      path: '/customers/find',
      summary: 'What there is of a customer',
      responses: { 200: json(CustomerSummary, 'Nothing is an answer, too'), ...adminBodyProblems() },
    }),
    async (c) => c.json(await findCustomer(reads, c.req.valid('json').email), 200),
  );

  routes.openapi(
    createRoute({
      ...asked,
      path: '/customers/export',
      summary: 'Everything that is kept about a customer',
      responses: { 200: json(CustomerExport, 'All of it'), ...adminBodyProblems() },
    }),
    async (c) => {
      const found = await exportCustomer(reads, c.req.valid('json').email);
      await audit(changes, requireAdmin(c), 'customer_exported', { detail: String(found.orders.length) });
      return c.json(found, 200);
    },
  );

  routes.openapi(
    createRoute({
      ...asked,
      path: '/customers/erase',
      summary: 'Take a customer out of all of their orders',
      description: 'For good. Numbers, lines, totals and statuses stay. Safe to repeat.',
      responses: { 200: json(CustomerErasure, 'Erased'), ...adminBodyProblems('unfinished_orders') },
    }),
    async (c) => {
      const admin = requireAdmin(c);
      const customer = { email: c.req.valid('json').email, by: { id: admin.id, name: admin.name } };
      const erasure = await eraseCustomer({ db: changes, durability, announce }, customer);
      if (erasure.erased > 0) await audit(changes, admin, 'customer_erased', { detail: String(erasure.erased) });
      return c.json(erasure, 200);
    },
  );
}

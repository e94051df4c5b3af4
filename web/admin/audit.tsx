import { Hono } from 'hono';
import type { WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { expectData } from './answers.ts';
import { AuditLogPage } from './audit-page.tsx';

/** `/admin/audit`: for owners. Whether one is, the orders service says. */
export function auditRoutes({ site, orders }: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/admin/audit', async (c) => {
    const { admin } = c.var;
    const before = c.req.query('before');
    const shown =
      c.req.query('view') === 'orders'
        ? ({ view: 'orders', page: expectData(await orders.orderChanges(admin.session, { before })) } as const)
        : ({ view: 'access', page: expectData(await orders.audit(admin.session, { before })) } as const);
    return sendPage(c, <AuditLogPage site={site} admin={admin} before={before} shown={shown} />);
  });
}

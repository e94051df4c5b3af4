import { Hono } from 'hono';
import type { WebDeps, WebEnv } from '../deps.ts';
import { accountRoutes } from './account.tsx';
import { auditRoutes } from './audit.tsx';
import { changeStatusRoutes } from './change-status.tsx';
import { customerRoutes } from './customers.tsx';
import { dashboardRoutes } from './dashboard.tsx';
import { invitationRoutes } from './invitation.tsx';
import { orderPageRoutes } from './order-page.tsx';
import { orderTableRoutes } from './order-table.tsx';
import { requireSession } from './require-session.ts';
import { signInRoutes } from './sign-in.tsx';
import { teamRoutes } from './team.tsx';

/** The order desk, all of it below /admin, and all of it behind a session but the sign-in itself. */
export function adminRoutes(deps: WebDeps): Hono<WebEnv> {
  const desk = new Hono<WebEnv>();
  // This matches /admin, too.
  desk.use('/admin/*', requireSession(deps));
  desk.route('/', signInRoutes(deps));
  desk.route('/', dashboardRoutes(deps));
  // Before the order's page: `rows` is no number.
  desk.route('/', orderTableRoutes(deps));
  desk.route('/', orderPageRoutes(deps));
  desk.route('/', changeStatusRoutes(deps));
  desk.route('/', customerRoutes(deps));
  desk.route('/', accountRoutes(deps));
  desk.route('/', teamRoutes(deps));
  desk.route('/', invitationRoutes(deps));
  desk.route('/', auditRoutes(deps));
  return desk;
}

import { Hono } from 'hono';
import type { WebDeps, WebEnv } from '../deps.ts';
import { accountRoutes } from './account.tsx';
import { answerPolls } from './answer-poll.ts';
import { auditRoutes } from './audit.tsx';
import { bulkChangeRoutes } from './bulk-change.tsx';
import { changeStatusRoutes } from './change-status.tsx';
import { renewClaimsRoutes } from './claim-order.tsx';
import { counterRoutes } from './counter.tsx';
import { customerRoutes } from './customers.tsx';
import { dashboardRoutes } from './dashboard.tsx';
import { exportRoutes } from './export-orders.ts';
import { invitationRoutes } from './invitation.tsx';
import { noteOrderRoutes } from './note-order.tsx';
import { orderPageRoutes } from './order-page.tsx';
import { orderTableRoutes } from './order-table.tsx';
import { printRoutes } from './print-orders.tsx';
import { productRoutes } from './products.tsx';
import { requireSession } from './require-session.ts';
import { savedViewRoutes } from './saved-views.tsx';
import { signInRoutes } from './sign-in.tsx';
import { tableColumnRoutes } from './table-columns.tsx';
import { teamRoutes } from './team.tsx';
import { tryOrderRoutes } from './try-order.tsx';

/** The order desk, all of it below /admin, and all of it behind a session but the sign-in itself. */
export function adminRoutes(deps: WebDeps): Hono<WebEnv> {
  const desk = new Hono<WebEnv>();
  const answerPoll = answerPolls(deps);
  // This matches /admin, too.
  desk.use('/admin/*', requireSession(deps));
  desk.route('/', signInRoutes(deps));
  desk.route('/', dashboardRoutes(deps));
  // Before the order's page: `rows` and `print` are no numbers.
  desk.route('/', orderTableRoutes(deps, answerPoll));
  desk.route('/', counterRoutes(deps, answerPoll));
  desk.route('/', printRoutes(deps));
  desk.route('/', exportRoutes(deps));
  desk.route('/', savedViewRoutes(deps));
  desk.route('/', tableColumnRoutes(deps));
  desk.route('/', orderPageRoutes(deps));
  desk.route('/', changeStatusRoutes(deps));
  desk.route('/', renewClaimsRoutes(deps));
  desk.route('/', noteOrderRoutes(deps));
  desk.route('/', bulkChangeRoutes(deps));
  desk.route('/', tryOrderRoutes(deps));
  desk.route('/', productRoutes(deps));
  desk.route('/', customerRoutes(deps));
  desk.route('/', accountRoutes(deps));
  desk.route('/', teamRoutes(deps));
  desk.route('/', invitationRoutes(deps));
  desk.route('/', auditRoutes(deps));
  return desk;
}

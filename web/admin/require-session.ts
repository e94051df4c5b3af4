import type { Context, MiddlewareHandler } from 'hono';
import { SESSION_COOKIE } from '../../shared/contracts/session.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { dropCookie, readCookie } from '../cookies.ts';
import type { SignedIn, WebDeps, WebEnv } from '../deps.ts';
import { asks } from '../error-pages.tsx';
import { refusal } from './answers.ts';
import { deskPath } from './same-site-path.ts';

/** The only paths below /admin that answer without a session; an invitation's token is what opens it. */
const OPEN_PATHS = /^\/admin\/(?:login|invitations\/[\w-]{22})$/;

/**
 * What open pages ask for all day. Everything on them comes from the orders service, by this very session: its 401 there
 * is as good as one here, and half as dear.
 */
const CHECKED_BY_CONTENT = new Set([
  '/admin',
  '/admin/figures',
  '/admin/orders',
  '/admin/orders/rows',
  '/admin/counter',
  '/admin/counter/rows',
]);
/** So old may be what their header says of who is signed in, in milliseconds; twice the interval of their polls. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 1_000;

/**
 * Denies everything under /admin to whoever has no session that the orders service knows, whether or not
 * a route exists there: nobody learns from outside which do. Nothing of the desk is ever stored by a cache.
 */
export function requireSession(deps: WebDeps): MiddlewareHandler<WebEnv> {
  const remembered = new Map<string, { admin: SignedIn; untilMs: number }>();

  function remember(admin: SignedIn): void {
    remembered.delete(admin.session);
    remembered.set(admin.session, { admin, untilMs: performance.now() + REMEMBERED_MS });
    if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value as string);
  }

  return async (c, next) => {
    c.header('Cache-Control', 'no-store');
    if (OPEN_PATHS.test(c.req.path)) return next();
    const session = readSession(c);
    if (!session) return deny(c);
    const known = CHECKED_BY_CONTENT.has(c.req.path) ? remembered.get(session) : undefined;
    if (known && known.untilMs > performance.now()) {
      c.set('admin', known.admin);
      await next();
      if (!(c.error instanceof HttpProblem && c.error.status === 401)) return;
    } else {
      const answer = await deps.orders.currentSession(session);
      if (answer.ok) {
        c.set('admin', { session, id: answer.data.id, name: answer.data.name, role: answer.data.role });
        remember(c.var.admin);
        return next();
      }
      if (answer.problem.status !== 401) throw refusal(answer.problem);
    }
    remembered.delete(session);
    dropCookie(c, SESSION_COOKIE);
    c.res = deny(c);
  };
}

/** The token in the cookie; undefined for whatever could not be one, and might not even fit into a header. */
export function readSession(c: Context<WebEnv>): string | undefined {
  const text = readCookie(c, SESSION_COOKIE);
  return text && /^[\w.-]{1,200}$/.test(text) ? text : undefined;
}

function deny(c: Context<WebEnv>): Response {
  const who = asks(c);
  if (who === 'program') throw new HttpProblem(401, 'unauthenticated');
  if (who === 'part') {
    const page = c.req.header('HX-Current-URL');
    const path = page && URL.canParse(page) ? new URL(page).pathname + new URL(page).search : undefined;
    c.header('HX-Redirect', loginPath(path));
    return c.body(null, 401);
  }
  const back = c.req.method === 'GET' ? c.req.path + new URL(c.req.url).search : undefined;
  return c.redirect(loginPath(back), 303);
}

function loginPath(back: string | undefined): string {
  const next = deskPath(back);
  return next === '/admin' ? '/admin/login' : `/admin/login?${new URLSearchParams({ next })}`;
}

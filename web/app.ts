import { Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { answerWithin } from '../shared/process/answer-within.ts';
import { peerOf } from '../shared/process/client-address.ts';
import { healthRoutes } from '../shared/process/health.ts';
import { HttpProblem } from '../shared/process/http-problem.ts';
import { measureRequests } from '../shared/process/metrics.ts';
import { originGuard } from '../shared/process/origin-guard.ts';
import { adminRoutes } from './admin/routes.tsx';
import type { WebDeps, WebEnv } from './deps.ts';
import { answerProblem, errorPages, notFoundPage } from './error-pages.tsx';
import { pictureRoutes } from './pictures.ts';
import { securityHeaders } from './security-headers.ts';
import { shopRoutes } from './shop/routes.tsx';

/**
 * Every page for shoppers and admins. Building it opens nothing and listens nowhere.
 * What stands first wraps the rest: whatever a route does, its answer has the security headers.
 */
export function createApp(deps: WebDeps): Hono<WebEnv> {
  const { site, log } = deps;
  const app = new Hono<WebEnv>();

  app.use(async (c, next) => {
    const byProxy = deps.trustsProxy(peerOf(c) ?? '', 0);
    c.set('secure', byProxy && c.req.header('X-Forwarded-Proto')?.split(',')[0]?.trim() === 'https');
    await next();
  });
  app.use(securityHeaders());
  app.use(measureRequests(deps.registry));
  app.use(answerWithin());
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header('Allow', methods.join(', '));
        return answerProblem(c, site, new HttpProblem(405, 'method_not_allowed'));
      },
    }),
  );
  app.use(originGuard({ origins: deps.publicOrigins, programs: false }));

  app.route('/', healthRoutes(deps.registry, { orders: deps.orders.readiness }));
  app.route('/', deps.files.routes);
  app.route('/', pictureRoutes(deps));
  app.route('/', shopRoutes(deps));
  app.route('/', adminRoutes(deps));

  app.notFound(notFoundPage(site));
  app.onError(errorPages(site, log));
  return app;
}

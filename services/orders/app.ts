import { OpenAPIHono } from '@hono/zod-openapi';
import type { Registry } from 'prom-client';
import { answerWithin } from '../../shared/process/answer-within.ts';
import type { TrustsProxy } from '../../shared/process/client-address.ts';
import { healthRoutes } from '../../shared/process/health.ts';
import { answeredProblem, HttpProblem, notFoundHandler } from '../../shared/process/http-problem.ts';
import type { Logger } from '../../shared/process/log.ts';
import { measureRequests } from '../../shared/process/metrics.ts';
import { originGuard } from '../../shared/process/origin-guard.ts';
import type { Announce } from './announce.ts';
import { authenticate } from './authenticate.ts';
import type { PasswordChecker } from './check-password.ts';
import type { Db } from './database.ts';
import type { Durability } from './durability.ts';
import type { Intake } from './intake.ts';
import { methodGuard } from './method-guard.ts';
import type { OrderMetrics } from './metrics.ts';
import type { Shop } from './placement.ts';
import { readinessChecks } from './readiness.ts';
import { refuseInput } from './refuse-input.ts';
import { accountRoutes } from './routes/account.ts';
import { adminRoutes } from './routes/admins.ts';
import { auditRoutes } from './routes/audit.ts';
import { customerRoutes } from './routes/customers.ts';
import type { RouteEnv } from './routes/describe.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/exports.ts';
import { invitationRoutes, openInvitationRoutes } from './routes/invitations.ts';
import { orderRoutes } from './routes/orders.ts';
import { placeOrderRoute, placePlainOrder } from './routes/place-order.ts';
import { catalogueRoutes, productRoutes } from './routes/products.ts';
import { openSessionRoute, sessionRoutes } from './routes/sessions.ts';
import { shopperOrderRoutes } from './routes/shopper-order.ts';
import { teamworkRoutes } from './routes/teamwork.ts';
import { trialOrderRoutes } from './routes/trial-orders.ts';
import { viewRoutes } from './routes/views.ts';
import { cannotWrite, DatabaseBusy, isConnectionLost } from './sql-errors.ts';

export interface AppDeps {
  /** For whatever only reads. */
  reads: Db;
  /** For what writes and is no order: short sessions, see connect.ts. */
  changes: Db;
  intake: Intake;
  durability: Durability;
  announce: Announce;
  /** Tells the notifiers that shoppers may see another catalogue now. */
  announceCatalogue: () => void;
  passwords: PasswordChecker;
  shop: Shop;
  sessionSecret: string;
  serviceToken: string;
  /** Whose word counts on where a request comes from. */
  trustsProxy: TrustsProxy;
  registry: Registry;
  metrics: OrderMetrics;
  log: Logger;
}

/** The JSON API. Builds it and does nothing else. */
export function createApp(deps: AppDeps) {
  const app = new OpenAPIHono<RouteEnv>({ defaultHook: refuseInput });
  app.onError((error) => problemOf(error, deps.log).toResponse());
  app.notFound(notFoundHandler);

  app.use(measureRequests(deps.registry));
  app.use(async (c, next) => {
    await next();
    // Not by c.header(), which makes the whole answer anew each time.
    c.res.headers.set('Cache-Control', 'no-store');
    c.res.headers.set('X-Content-Type-Options', 'nosniff');
  });
  app.use(answerWithin());
  app.use(methodGuard(() => app.routes));
  app.use(originGuard({ origins: [], programs: true }));

  app.route('/', healthRoutes(deps.registry, readinessChecks(deps.reads, deps.shop.currency)));
  catalogueRoutes(app, deps);
  placeOrderRoute(app, deps);
  shopperOrderRoutes(app, deps);
  openSessionRoute(app, deps);
  openInvitationRoutes(app, deps);
  describeItself(app);

  // Whatever is mounted from here on is closed to strangers, unknown paths included.
  app.use(authenticate(deps, { session: deps.sessionSecret, service: deps.serviceToken }));
  orderRoutes(app, deps);
  productRoutes(app, deps);
  teamworkRoutes(app, deps);
  trialOrderRoutes(app, deps);
  customerRoutes(app, deps);
  viewRoutes(app, deps);
  eventRoutes(app, deps);
  exportRoutes(app, deps);
  sessionRoutes(app, deps);
  accountRoutes(app, deps);
  adminRoutes(app, deps);
  invitationRoutes(app, deps);
  auditRoutes(app, deps);
  return app;
}

/** For `listen`'s `direct`: what is asked so often that it goes past the framework. */
export const createDirect = (deps: AppDeps) =>
  placePlainOrder(deps, { registry: deps.registry, toProblem: (error) => problemOf(error, deps.log) });

const problemOf = (error: unknown, log: Logger) => answeredProblem(withDatabaseProblem(error), log);

/** A database that is away is not a fault of this process: the caller may try again. */
function withDatabaseProblem(error: unknown): unknown {
  if (error instanceof HttpProblem) return error;
  if (error instanceof DatabaseBusy) return new HttpProblem(503, 'overloaded', { retryAfterSeconds: 1, cause: error });
  if (isConnectionLost(error) || cannotWrite(error)) {
    return new HttpProblem(503, 'unavailable', { retryAfterSeconds: 1, cause: error });
  }
  return error;
}

/** `GET /openapi.json`, made from the very schemas that validate. */
function describeItself(app: OpenAPIHono<RouteEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'http',
    scheme: 'bearer',
    description: "An admin's session, from POST /sessions.",
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'service', {
    type: 'http',
    scheme: 'bearer',
    description: 'SERVICE_TOKEN, for our own services.',
  });
  app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'MSP orders', version: '1' } });
}

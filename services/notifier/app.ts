import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { type Context, Hono } from 'hono';
import type { Registry } from 'prom-client';
import { healthRoutes } from '../../shared/process/health.ts';
import { HttpProblem, notFoundHandler, problemHandler } from '../../shared/process/http-problem.ts';
import type { Logger } from '../../shared/process/log.ts';
import { measureRequests } from '../../shared/process/metrics.ts';
import type { Facts } from '../../web/fragments/product-facts.tsx';
import { Audience } from './audience.ts';
import { CatalogueStreams } from './catalogue-streams.ts';
import { connectStreams } from './connect.ts';
import { drain } from './drain.ts';
import { EventLog } from './event-log.ts';
import { FanOut } from './fan-out.ts';
import { followChannel } from './follow-channel.ts';
import { LogFollower } from './follow-log.ts';
import { LIMITS, type Limits } from './limits.ts';
import { audienceGauge, createNotifierMetrics, gauge } from './metrics.ts';
import { pollLog } from './poll-log.ts';
import { readLog } from './read-log.ts';
import { type Render, renderFrames } from './render-frames.ts';
import { followRevocations } from './sessions.ts';
import { comeBackFrame } from './sse-frame.ts';
import { tendStreams } from './tend-streams.ts';

export interface NotifierOptions {
  redisUrl: string;
  /** Without a slash at its end. */
  ordersUrl: string;
  sessionSecret: string;
  serviceToken: string;
  render: Render;
  /** What changed of the catalogue as HTML. */
  renderFacts: (facts: readonly Facts[]) => string;
  logger: Logger;
  registry: Registry;
  /** For tests, which have no hours to wait. */
  limits?: Partial<Limits>;
}

export interface Notifier {
  fetch: (request: Request) => Response | Promise<Response>;
  /** Streams, on raw node:http; see `listen` in shared/process/http-server.ts. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Starts to follow the log; `/readyz` tells when it has caught up. */
  start(): void;
  /** Resolves once streams can be opened. */
  untilReady(): Promise<void>;
  /** Ends every stream and stops following. */
  close(): Promise<void>;
}

const READY_LOOK_MS = 20;

/** Wires a notifier; nothing happens before `start`. */
export function createNotifier(options: NotifierOptions): Notifier {
  const limits: Limits = { ...LIMITS, ...options.limits };
  const { logger, registry, ordersUrl, serviceToken } = options;
  const metrics = createNotifierMetrics(registry);
  const log = new EventLog(limits);
  const audience = new Audience(limits);
  const render = renderFrames(options.render, metrics, logger);
  const source = readLog({ ordersUrl, serviceToken, readMs: limits.readMs });
  const follower = new LogFollower({
    log,
    source,
    limits,
    metrics,
    logger,
    onEvents: () => {
      fanOut.wake();
      catalogue.wake();
    },
    onReset: () => {
      fanOut.reset();
      catalogue.wake();
    },
  });
  const fanOut = new FanOut({ log, audience, render, limits, metrics, isCurrent: () => follower.isCurrent() });

  const revocations = followRevocations({
    ordersUrl,
    serviceToken,
    pollMs: limits.revokedPollMs,
    readMs: limits.readMs,
    logger,
    staleMs: limits.revokedStaleMs,
    onRevoked(sessionId) {
      for (const subscriber of audience.of(sessionId)) subscriber.end('revoked');
    },
    onStale() {
      for (const subscriber of audience.all) {
        if ('view' in subscriber.topic) subscriber.end('unverified', comeBackFrame());
      }
    },
  });
  const channel = followChannel({
    redisUrl: options.redisUrl,
    limits,
    logger,
    onMessage: (message) => ('catalogue' in message ? catalogue.wake() : follower.receive(message)),
    onMalformed: () => metrics.malformed.inc(),
    onSubscribed: () => void follower.catchUpFromNow(),
  });
  const catalogue = new CatalogueStreams({
    ordersUrl,
    render: options.renderFacts,
    limits,
    metrics,
    logger,
    isDraining: () => isDraining,
  });
  const heartbeat = tendStreams({ audience, fanOut, limits });
  const logPoll = pollLog({ channel, follower, limits });
  let isDraining = false;

  gauge(registry, 'log_head', 'Newest event known here', () => log.head);
  gauge(registry, 'redis_mode', '1: following Redis; 0: it is silent and the log is read instead', () =>
    Number(channel.isLive()),
  );
  gauge(registry, 'queued_bytes', 'Written to streams and not taken by their browsers', () =>
    [...audience.all].reduce((sum, subscriber) => sum + subscriber.queuedBytes, 0),
  );
  audienceGauge(registry, audience);
  gauge(registry, 'catalogue_streams', 'Open streams of the catalogue', () => catalogue.all.size);

  const app = new Hono()
    .use(measureRequests(registry))
    .route(
      '/',
      healthRoutes(registry, {
        log: () => (log.epoch === undefined ? 'not read yet' : null),
        following: () => (follower.isInTouch() ? null : 'neither Redis nor orders can be heard'),
        sessions: () => (revocations.ids ? null : 'not read yet'),
        streams: () => (isDraining ? 'draining' : null),
      }),
    )
    .all('/live/orders', methodNotAllowed)
    .all('/live/catalogue', methodNotAllowed)
    .all('/live/order/:token', methodNotAllowed)
    .notFound(notFoundHandler)
    .onError(problemHandler(logger));

  return {
    fetch: app.fetch,
    intercept: either(
      (request, response) => catalogue.intercept(request, response),
      connectStreams({
        log,
        follower,
        fanOut,
        audience,
        render,
        revocations,
        sessionSecret: options.sessionSecret,
        limits,
        metrics,
        logger,
        isDraining: () => isDraining,
      }),
    ),
    start() {
      revocations.start();
      channel.start();
      logPoll.start();
      heartbeat.start();
      catalogue.start();
    },
    async untilReady() {
      while (log.epoch === undefined || !revocations.ids) await setTimeout(READY_LOOK_MS);
    },
    async close() {
      isDraining = true;
      heartbeat.close();
      await Promise.all([drain(audience, limits), drain(catalogue, limits)]);
      catalogue.close();
      logPoll.close();
      fanOut.close();
      channel.close();
      follower.close();
      revocations.close();
    },
  };
}

type Intercept = Notifier['intercept'];
/** The first that takes the request. */
const either =
  (...takers: Intercept[]): Intercept =>
  (request, response) =>
    takers.some((take) => take(request, response));

const methodNotAllowed = (c: Context) => {
  // `intercept` takes every GET; one that comes here wrote the address in a way that no stream has.
  if (c.req.method === 'GET') return notFoundHandler(c);
  const response = new HttpProblem(405, 'method_not_allowed').toResponse();
  response.headers.set('Allow', 'GET');
  return response;
};

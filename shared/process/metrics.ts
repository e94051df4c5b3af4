import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** A registry of one process with the runtime's own figures (memory, event loop, garbage collection). */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** For `listen`'s `load.onShed`: counts the requests that were turned away before any route saw them. */
export function countShed(registry: Registry): () => void {
  const shed = new Counter({
    name: 'requests_shed_total',
    help: 'Requests turned away because too many were being worked on',
    registers: [registry],
  });
  return () => shed.inc();
}

/** Durations by method, route pattern (never the path: it may hold a token) and status. One for a registry. */
export function requestDurations(registry: Registry): Histogram<'method' | 'route' | 'status'> {
  const name = 'http_request_duration_seconds';
  const known = registry.getSingleMetric(name) as Histogram<'method' | 'route' | 'status'> | undefined;
  return (
    known ??
    new Histogram({
      name,
      help: 'Time to answer, by route pattern',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    })
  );
}

export function measureRequests(registry: Registry): MiddlewareHandler {
  const durations = requestDurations(registry);
  return async (c, next) => {
    const start = process.hrtime.bigint();
    await next();
    const elapsed = Number(process.hrtime.bigint() - start) / 1e9;
    // Middleware matches too, and may have been mounted after the route that answered.
    const route = matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'unmatched';
    durations.labels(c.req.method, route, String(c.res.status)).observe(elapsed);
  };
}

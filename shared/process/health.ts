import { type Context, Hono } from 'hono';
import type { Registry } from 'prom-client';
import { addressesIn, LOCAL_NETWORKS, peerOf } from './client-address.ts';
import { HttpProblem } from './http-problem.ts';

/** What must hold before a process can do its work: null when it does, else a short reason without secrets. */
export type ReadinessChecks = Record<string, () => string | null | Promise<string | null>>;

const CHECK_DEADLINE_MS = 2000;

/**
 * `GET /healthz` alive, `GET /readyz` can do its work, `GET /metrics` for Prometheus, which asks directly and from
 * nearby: figures are nobody's business who comes through a proxy, or from the internet.
 * Readiness runs every check side by side, each at most 2 s, and names those that fail.
 */
export function healthRoutes(registry: Registry, checks: ReadinessChecks): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const results = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => [name, (await settle(check)) ?? 'ok'] as const),
      );
      const ready = results.every(([, result]) => result === 'ok');
      return c.json({ status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(results) }, ready ? 200 : 503);
    })
    .get('/metrics', async (c) => {
      if (!isFromNearby(c)) throw new HttpProblem(404, 'not_found');
      return c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType });
    });
}

const isLocal = addressesIn(LOCAL_NETWORKS);
/** A proxy that serves strangers adds one of these. */
const SIGNS_OF_A_PROXY = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

function isFromNearby(c: Context): boolean {
  const peer = peerOf(c);
  return Boolean(peer && isLocal?.(peer)) && !SIGNS_OF_A_PROXY.some((name) => c.req.header(name) !== undefined);
}

async function settle(check: ReadinessChecks[string]): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, CHECK_DEADLINE_MS, 'no answer in time');
    });
    return await Promise.race([check(), late]);
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}

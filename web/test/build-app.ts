import { resolve } from 'node:path';
import type { Hono } from 'hono';
import { trustHops } from '../../shared/process/client-address.ts';
import { createLogger } from '../../shared/process/log.ts';
import { createMetrics } from '../../shared/process/metrics.ts';
import { createApp } from '../app.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { ordersClient } from '../orders-client.ts';
import { loadStaticFiles } from '../static-files.ts';

/** The pages as they are mounted, for tests that walk their routes. Nobody answers as orders unless told. */
export async function buildApp(changes: Partial<WebDeps> = {}): Promise<Hono<WebEnv>> {
  const files = await loadStaticFiles(resolve(import.meta.dirname, '../../dist/static'));
  return createApp({
    site: { locale: 'fr', timeZone: 'Europe/Paris', currency: 'EUR', asset: files.asset, file: files.file },
    orders: ordersClient('http://127.0.0.1:9'),
    files,
    trustsProxy: trustHops(0),
    publicOrigins: [],
    ordersPollSeconds: 30,
    dashboardPollSeconds: 60,
    registry: createMetrics('web'),
    log: createLogger('web', 'silent'),
    ...changes,
  });
}

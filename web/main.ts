import { readConfig } from '../shared/process/config.ts';
import { listen } from '../shared/process/http-server.ts';
import { createLogger } from '../shared/process/log.ts';
import { countShed, createMetrics } from '../shared/process/metrics.ts';
import { closeOnSignals, runMain } from '../shared/process/run.ts';
import { createApp } from './app.ts';
import type { Site } from './deps.ts';
import { liveProxy } from './live-proxy.ts';
import { ordersClient } from './orders-client.ts';
import { overloadPage } from './overload-page.tsx';
import { webSettings } from './settings.ts';
import { loadStaticFiles } from './static-files.ts';

/** Time for requests in flight; a checkout waits for its answer up to ten seconds, a deployment does not. */
const CLOSE_MS = 8_000;

/** A second's work, and the waiting for a slow orders service. */
const MAX_IN_FLIGHT = 300;

await runMain(async () => {
  const config = readConfig(webSettings, process.env);
  const log = createLogger('web', config.LOG_LEVEL);
  const files = await loadStaticFiles(`${import.meta.dirname}/static`);
  const registry = createMetrics('web');
  const live = liveProxy(config.NOTIFIER_URL, registry);
  const site: Site = {
    locale: config.SHOP_LOCALE,
    timeZone: config.SHOP_TIMEZONE,
    currency: config.SHOP_CURRENCY,
    asset: files.asset,
    file: files.file,
  };
  const app = createApp({
    site,
    orders: ordersClient(config.ORDERS_URL),
    files,
    trustsProxy: config.TRUST_PROXY,
    publicOrigins: config.PUBLIC_ORIGIN,
    ordersPollSeconds: config.ORDERS_POLL_SECONDS,
    dashboardPollSeconds: config.DASHBOARD_POLL_SECONDS,
    registry,
    log,
  });
  const server = await listen({
    fetch: app.fetch,
    port: config.WEB_PORT,
    host: config.BIND_ADDRESS,
    intercept: live.intercept,
    load: { maxInFlight: MAX_IN_FLIGHT, refusal: overloadPage(site), onShed: countShed(registry) },
  });
  log.info({ port: server.port }, 'listening');
  closeOnSignals(log, [live.close, () => server.close(CLOSE_MS)]);
});

import { z } from 'zod';
import { currency, port, processSettings, readConfig, secret, timeZone, url } from '../../shared/process/config.ts';
import { listen } from '../../shared/process/http-server.ts';
import { createLogger } from '../../shared/process/log.ts';
import { createMetrics } from '../../shared/process/metrics.ts';
import { closeOnSignals, runMain } from '../../shared/process/run.ts';
import { renderLiveUpdate } from '../../web/fragments/live-update.tsx';
import { type PriceFormat, renderFacts } from '../../web/fragments/product-facts.tsx';
import { renderShopperUpdate } from '../../web/fragments/shopper-status.tsx';
import { createNotifier } from './app.ts';

/** After the streams have ended, whatever is still open is closed. */
const CLOSE_DEADLINE_MS = 8500;

await runMain(async () => {
  const config = readConfig(
    {
      ...processSettings,
      NOTIFIER_PORT: port(8002),
      NOTIFIER_REUSE_PORT: z.stringbool().default(false),
      REDIS_URL: url('redis:', 'rediss:'),
      ORDERS_URL: url('http:', 'https:').default('http://127.0.0.1:8001'),
      SESSION_SECRET: secret,
      SERVICE_TOKEN: secret,
      SHOP_LOCALE: z.enum(['fr', 'en']).default('fr'),
      SHOP_TIMEZONE: timeZone.default('Europe/Paris'),
      SHOP_CURRENCY: currency.default('EUR'),
    },
    process.env,
  );
  const logger = createLogger('notifier', config.LOG_LEVEL);
  const format: PriceFormat = {
    locale: config.SHOP_LOCALE,
    timeZone: config.SHOP_TIMEZONE,
    currency: config.SHOP_CURRENCY,
  };
  const notifier = createNotifier({
    redisUrl: config.REDIS_URL,
    ordersUrl: config.ORDERS_URL.replace(/\/+$/, ''),
    sessionSecret: config.SESSION_SECRET,
    serviceToken: config.SERVICE_TOKEN,
    render: {
      update: (update) => renderLiveUpdate(update, format),
      shopper: (event) => renderShopperUpdate(event, format),
    },
    renderFacts: (facts) => renderFacts(facts, format),
    logger,
    registry: createMetrics('notifier'),
  });
  notifier.start();
  // The kernel gives a share of the streams to whoever listens on a shared port, and asks nobody whether it is ready.
  if (config.NOTIFIER_REUSE_PORT) await notifier.untilReady();
  const http = await listen({
    ...notifier,
    port: config.NOTIFIER_PORT,
    host: config.BIND_ADDRESS,
    reusePort: config.NOTIFIER_REUSE_PORT,
  });
  logger.info({ port: http.port }, 'listening');
  closeOnSignals(logger, [
    async () => {
      // No more connections while the streams there are come to their ends.
      const closed = http.close(CLOSE_DEADLINE_MS);
      await notifier.close();
      await closed;
    },
  ]);
});

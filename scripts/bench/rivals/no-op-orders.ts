/**
 * The bound of the intake: the very app of the orders service, with its middleware, validation and metrics, on an
 * intake that answers at once. No database is asked: POST /orders reaches none but through the intake.
 *
 * With FRAMEWORK every request goes through Hono, as it would if orders had no short way past it.
 */
import { type AppDeps, createApp, createDirect } from '../../../services/orders/app.ts';
import { createPasswordChecker } from '../../../services/orders/check-password.ts';
import { connect, READS_POOL } from '../../../services/orders/connect.ts';
import { createDurability } from '../../../services/orders/durability.ts';
import { createOrderMetrics } from '../../../services/orders/metrics.ts';
import { trustHops } from '../../../shared/process/client-address.ts';
import { listen } from '../../../shared/process/http-server.ts';
import { createLogger } from '../../../shared/process/log.ts';
import { createMetrics } from '../../../shared/process/metrics.ts';

const registry = createMetrics('orders');
// Connects when it is first used, which is when `/readyz` is asked.
const reads = connect(process.env.DATABASE_URL as string, READS_POOL);
const answer = {
  number: 'CMD-20251126-ABC123',
  token: 'A'.repeat(32),
  status: 'en_attente',
  totalCents: 3990,
  currency: 'EUR',
  placedAt: new Date().toISOString(),
} as const;

const deps: AppDeps = {
  reads,
  changes: reads,
  intake: {
    submit: async () => ({ kind: 'placed', answer, repeat: false }),
    depth: () => 0,
    busy: () => 0,
    drained: async () => {},
  },
  durability: createDurability(reads),
  announce: () => {},
  announceCatalogue: () => {},
  passwords: createPasswordChecker(),
  shop: { timeZone: 'Europe/Paris', currency: 'EUR', secret: process.env.SESSION_SECRET as string },
  sessionSecret: process.env.SESSION_SECRET as string,
  serviceToken: process.env.SERVICE_TOKEN as string,
  trustsProxy: trustHops(0),
  registry,
  metrics: createOrderMetrics(registry),
  log: createLogger('orders', 'warn'),
};
await listen({
  fetch: createApp(deps).fetch as never,
  ...(!process.env.FRAMEWORK && { direct: createDirect(deps) }),
  port: Number(process.env.RIVAL_PORT),
  host: '127.0.0.1',
});

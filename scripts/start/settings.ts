import { isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { databaseUrl, port, readConfig, secret, url } from '../../shared/process/config.ts';
import { webSettings } from '../../web/settings.ts';
import { freePort } from '../servers/free-port.ts';

export interface StartSettings {
  dataDirectory: string;
  ports: { web: number; orders: number; notifier: number };
  bindAddress: string;
  /** By what the processes here reach what listens there, as it stands in URLs. */
  host: string;
  /** A server that runs already, to be used instead of starting one. */
  databaseUrl: string | undefined;
  /** What the migrate job uses in its place, when that is another account. */
  migrateDatabaseUrl: string | undefined;
  redisUrl: string | undefined;
  adminEmail: string | undefined;
  adminPassword: string | undefined;
  sessionSecret: string | undefined;
  serviceToken: string | undefined;
}

/**
 * The settings of `npm start`, and those of the pages, so that most mistakes are found before anything is started;
 * all pass through to the services, which check their own.
 * @throws {ConfigError} naming every one that is wrong
 */
export async function readStartSettings(env: Record<string, string | undefined>): Promise<StartSettings> {
  const config = readConfig(
    {
      ...webSettings,
      DATA_DIR: z.string().default('.data'),
      ORDERS_PORT: port(8001),
      NOTIFIER_PORT: port(8002),
      DATABASE_URL: databaseUrl.optional(),
      MIGRATE_DATABASE_URL: databaseUrl.optional(),
      REDIS_URL: url('redis:', 'rediss:').optional(),
      ADMIN_EMAIL: z.email().optional(),
      ADMIN_PASSWORD: z.string().min(8, { error: 'must have at least 8 characters' }).optional(),
      SESSION_SECRET: secret.optional(),
      SERVICE_TOKEN: secret.optional(),
    },
    env,
  );
  return {
    dataDirectory: resolve(config.DATA_DIR),
    ports: {
      web: config.WEB_PORT || (await freePort()),
      orders: config.ORDERS_PORT || (await freePort()),
      notifier: config.NOTIFIER_PORT || (await freePort()),
    },
    bindAddress: config.BIND_ADDRESS,
    host: hostOf(config.BIND_ADDRESS),
    databaseUrl: config.DATABASE_URL,
    migrateDatabaseUrl: config.MIGRATE_DATABASE_URL,
    redisUrl: config.REDIS_URL,
    adminEmail: config.ADMIN_EMAIL,
    adminPassword: config.ADMIN_PASSWORD,
    sessionSecret: config.SESSION_SECRET,
    serviceToken: config.SERVICE_TOKEN,
  };
}

/** Whoever listens on every address listens on the loopback too. */
function hostOf(bindAddress: string): string {
  if (bindAddress === '0.0.0.0' || bindAddress === '::') return '127.0.0.1';
  return isIPv6(bindAddress) ? `[${bindAddress}]` : bindAddress;
}

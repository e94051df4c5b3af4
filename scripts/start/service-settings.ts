import { isIP } from 'node:net';
import type { Provided } from './provide-servers.ts';
import type { Secrets } from './secrets.ts';
import type { StartSettings } from './settings.ts';

type Environment = Record<string, string | undefined>;

/** Settings that open something: each process is given those that it reads, and no other. */
const CONFIDENTIAL = [
  'DATABASE_URL',
  'MIGRATE_DATABASE_URL',
  'REDIS_URL',
  'SESSION_SECRET',
  'SERVICE_TOKEN',
  'ADMIN_EMAIL',
  'ADMIN_PASSWORD',
];
/** Web, which runs beside orders here, says whom it was asked by. */
const THIS_MACHINE = '127.0.0.0/8,::1/128';

/** The environment of each process: what the settings have for all, and its own part of the rest. */
export function serviceSettings(options: {
  settings: Pick<StartSettings, 'ports' | 'host' | 'bindAddress'>;
  secrets: Secrets;
  servers: Provided;
  env: Environment;
}): Record<'migrate' | 'orders' | 'notifier' | 'web', Environment> {
  const { secrets, servers, env } = options;
  const { host, bindAddress, ports } = options.settings;
  const { web, orders, notifier } = ports;
  const given = Object.entries(env).filter(([name]) => !CONFIDENTIAL.includes(name));
  const all = {
    ...Object.fromEntries(given),
    WEB_PORT: String(web),
    ORDERS_PORT: String(orders),
    NOTIFIER_PORT: String(notifier),
    ORDERS_URL: `http://${host}:${orders}`,
    NOTIFIER_URL: `http://${host}:${notifier}`,
  };
  const shared = { SESSION_SECRET: secrets.sessionSecret, SERVICE_TOKEN: secrets.serviceToken };
  return {
    migrate: {
      ...all,
      DATABASE_URL: servers.databaseUrl,
      MIGRATE_DATABASE_URL: servers.ownerDatabaseUrl,
      ADMIN_EMAIL: secrets.adminEmail,
      ADMIN_PASSWORD: secrets.adminPassword,
    },
    orders: {
      ...all,
      ...shared,
      DATABASE_URL: servers.databaseUrl,
      REDIS_URL: servers.redisUrls.orders,
      TRUST_PROXY: trustedBy(bindAddress),
    },
    notifier: { ...all, ...shared, REDIS_URL: servers.redisUrls.notifier },
    web: all,
  };
}

/** Whoever listens on one address alone is asked from there, too. */
const trustedBy = (bindAddress: string) => [THIS_MACHINE, ...(isIP(bindAddress) ? [bindAddress] : [])].join(',');

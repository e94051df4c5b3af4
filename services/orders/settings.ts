import { trustProxy } from '../../shared/process/client-address.ts';
import {
  currency,
  databaseUrl,
  port,
  processSettings,
  readConfig,
  secret,
  timeZone,
  url,
  whole,
} from '../../shared/process/config.ts';

/** A century: what is meant to be kept for ever is 0. */
const MAX_PERSONAL_DATA_DAYS = 36_500;

/** @throws {ConfigError} naming every setting that is missing or wrong */
export function readSettings(env: NodeJS.ProcessEnv) {
  return readConfig(
    {
      ...processSettings,
      ORDERS_PORT: port(8001),
      DATABASE_URL: databaseUrl,
      REDIS_URL: url('redis:', 'rediss:'),
      SESSION_SECRET: secret,
      SERVICE_TOKEN: secret,
      /** The processes of web: whom they were asked by is what sign-ins are counted by. */
      TRUST_PROXY: trustProxy,
      SHOP_TIMEZONE: timeZone.default('Europe/Paris'),
      SHOP_CURRENCY: currency.default('EUR'),
      /** Days from the end of an order until its customer is erased; 0: kept until somebody erases them. */
      PERSONAL_DATA_DAYS: whole(0, MAX_PERSONAL_DATA_DAYS).default(0),
    },
    env,
  );
}

import { currency, port, processSettings, readConfig, secret, timeZone, url } from '../../shared/process/config.ts';

/** @throws {ConfigError} naming every setting that is missing or wrong */
export function readSettings(env: NodeJS.ProcessEnv) {
  return readConfig(
    {
      ...processSettings,
      ORDERS_PORT: port(8001),
      DATABASE_URL: url('mysql:', 'mariadb:'),
      REDIS_URL: url('redis:', 'rediss:'),
      SESSION_SECRET: secret,
      SERVICE_TOKEN: secret,
      SHOP_TIMEZONE: timeZone.default('Europe/Paris'),
      SHOP_CURRENCY: currency.default('EUR'),
    },
    env,
  );
}

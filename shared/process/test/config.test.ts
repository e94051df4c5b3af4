import { describe, expect, test } from 'vitest';
import { ConfigError, currency, port, processSettings, readConfig, seconds, secret, timeZone, url } from '../config.ts';

const shape = {
  ...processSettings,
  WEB_PORT: port(8000),
  ORDERS_URL: url('http:', 'https:'),
  SESSION_SECRET: secret,
  SHOP_TIMEZONE: timeZone.default('Europe/Paris'),
  ORDERS_POLL_SECONDS: seconds(30),
};
const good = { ORDERS_URL: 'http://127.0.0.1:8001', SESSION_SECRET: 'x'.repeat(32) };

describe('settings', () => {
  test('are typed, with their defaults; empty ones count as unset', () => {
    expect(readConfig(shape, { ...good, WEB_PORT: '', ORDERS_POLL_SECONDS: '5' })).toEqual({
      ...good,
      WEB_PORT: 8000,
      SHOP_TIMEZONE: 'Europe/Paris',
      ORDERS_POLL_SECONDS: 5,
      LOG_LEVEL: 'info',
      BIND_ADDRESS: '127.0.0.1',
    });
  });

  test('that are missing or wrong are all named at once, and no value is repeated', () => {
    const wrong = { WEB_PORT: '99999', SESSION_SECRET: 'hunter2', SHOP_TIMEZONE: 'Paris', LOG_LEVEL: 'loud' };
    const read = () => readConfig(shape, wrong);
    expect(read).toThrow(ConfigError);
    for (const name of [...Object.keys(wrong), 'ORDERS_URL']) expect(read).toThrow(name);
    expect(read).not.toThrow('hunter2');
  });

  test('take no currency that has no hundredths', () => {
    const read = (code: string) => () => readConfig({ SHOP_CURRENCY: currency }, { SHOP_CURRENCY: code });
    for (const code of ['EUR', 'USD', 'CHF', 'PLN']) expect(read(code)).not.toThrow();
    for (const code of ['JPY', 'KWD', 'ABC', 'eur']) expect(read(code)).toThrow('SHOP_CURRENCY');
  });
});

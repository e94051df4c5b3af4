import { describe, expect, test } from 'vitest';
import {
  ConfigError,
  currency,
  databaseUrl,
  port,
  processSettings,
  readConfig,
  seconds,
  secret,
  timeZone,
  url,
} from '../config.ts';

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

  test('that are numbers are written in digits', () => {
    const read = (WEB_PORT: string) => () => readConfig({ WEB_PORT: port(8000) }, { WEB_PORT });
    expect(read('0')()).toEqual({ WEB_PORT: 0 });
    for (const text of [' ', '0x50', '8e3', '80.0', '-1', '65536', '８０']) expect(read(text)).toThrow('WEB_PORT');
  });

  test('name the database, not only its server', () => {
    const read = (DATABASE_URL: string) => () => readConfig({ DATABASE_URL: databaseUrl }, { DATABASE_URL });
    expect(read('mysql://shop:word@127.0.0.1:3306/shop')).not.toThrow();
    for (const end of ['', '/']) expect(read(`mysql://shop:word@127.0.0.1:3306${end}`)).toThrow('name a database');
  });

  test('take no currency that has no hundredths', () => {
    const read = (code: string) => () => readConfig({ SHOP_CURRENCY: currency }, { SHOP_CURRENCY: code });
    for (const code of ['EUR', 'USD', 'CHF', 'PLN']) expect(read(code)).not.toThrow();
    for (const code of ['JPY', 'KWD', 'ABC', 'eur']) expect(read(code)).toThrow('SHOP_CURRENCY');
  });
});

import { expect, test } from 'vitest';
import { trustProxy } from '../../shared/process/client-address.ts';
import type { Secrets } from '../start/secrets.ts';
import { serviceSettings } from '../start/service-settings.ts';
import { readStartSettings } from '../start/settings.ts';

test.each([
  ['127.0.0.2', '127.0.0.2'],
  ['192.0.2.7', '192.0.2.7'],
  ['fd00::2', '[fd00::2]'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
])(
  'web on %s reaches orders at %s, is believed there about whom it was asked by, and nobody else is',
  async (bindAddress, host) => {
    const settings = await readStartSettings({ BIND_ADDRESS: bindAddress });
    const servers = { databaseUrl: '', ownerDatabaseUrl: '', redisUrls: { orders: '', notifier: '' } };
    const { web, orders } = serviceSettings({ settings, servers, secrets: {} as Secrets, env: {} });
    expect(web.ORDERS_URL).toBe(`http://${host}:8001`);
    const believes = trustProxy.parse(orders.TRUST_PROXY);
    // Who is asked at an address of its own asks from there.
    expect(believes(host.replace(/[[\]]/g, ''), 0)).toBe(true);
    for (const other of ['192.0.2.8', 'fd00::3']) expect(believes(other, 0)).toBe(false);
  },
);

test('no process is given what opens something and is not its own to use', async () => {
  const env = Object.fromEntries(
    ['DATABASE_URL', 'MIGRATE_DATABASE_URL', 'REDIS_URL', 'SESSION_SECRET', 'SERVICE_TOKEN']
      .concat('ADMIN_EMAIL', 'ADMIN_PASSWORD', 'SHOP_LOCALE')
      .map((name) => [name, `${name} as given`]),
  );
  const secrets = { sessionSecret: 'session', serviceToken: 'token', adminEmail: 'email', adminPassword: 'password' };
  const processes = serviceSettings({
    settings: await readStartSettings({}),
    servers: { databaseUrl: 'run', ownerDatabaseUrl: 'own', redisUrls: { orders: 'ours', notifier: 'theirs' } },
    secrets: secrets as Secrets,
    env,
  });
  const opening = Object.entries(processes).map(([name, own]) => {
    const rest = Object.entries(own).filter(([setting]) => setting in env);
    return [name, Object.fromEntries(rest)];
  });
  const everybodys = { SHOP_LOCALE: 'SHOP_LOCALE as given' };
  const shared = { ...everybodys, SESSION_SECRET: 'session', SERVICE_TOKEN: 'token' };
  expect(Object.fromEntries(opening)).toEqual({
    web: everybodys,
    notifier: { ...shared, REDIS_URL: 'theirs' },
    orders: { ...shared, REDIS_URL: 'ours', DATABASE_URL: 'run' },
    migrate: {
      ...everybodys,
      DATABASE_URL: 'run',
      MIGRATE_DATABASE_URL: 'own',
      ADMIN_EMAIL: 'email',
      ADMIN_PASSWORD: 'password',
    },
  });
});

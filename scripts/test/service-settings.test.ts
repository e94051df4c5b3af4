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

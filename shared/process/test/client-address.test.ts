import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressesIn, clientAddress, subscriberOf, trustHops, trustProxy } from '../client-address.ts';

describe('the address of a client', () => {
  const PEER = '203.0.113.7';

  test('is the peer when no proxy is trusted, whatever it claims', () => {
    expect(clientAddress(PEER, '198.51.100.1', trustHops(0))).toBe(PEER);
    expect(clientAddress(PEER, undefined, trustHops(0))).toBe(PEER);
  });

  test('is what the nearest untrusted proxy was added as; what was forged further left is never reached', () => {
    expect(clientAddress('10.0.0.1', 'forged, 198.51.100.1, 192.0.2.9', trustHops(1))).toBe('192.0.2.9');
    expect(clientAddress('10.0.0.1', '6.6.6.6, 198.51.100.1, 10.0.0.2', trustHops(2))).toBe('198.51.100.1');
    const inside = addressesIn('10.0.0.0/8, fd00::/8')!;
    expect(clientAddress('10.0.0.1', '6.6.6.6, 198.51.100.1, fd00::2, 10.1.2.3', inside)).toBe('198.51.100.1');
    expect(clientAddress('203.0.113.7', '198.51.100.1', inside)).toBe('203.0.113.7');
  });

  test('for anything that a client writes is still what our gateway added', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (forged) => {
        expect(clientAddress('10.0.0.1', `${forged}, 192.0.2.9`, trustHops(1))).toBe('192.0.2.9');
        expect(clientAddress(PEER, forged, trustHops(0))).toBe(PEER);
      }),
    );
  });

  test('is that of the proxy, where the proxy did not say, or said what is no address', () => {
    for (const text of [undefined, '', 'unknown', '_hidden', '999.1.1.1', 'localhost'])
      expect(clientAddress('10.0.0.1', text, trustHops(1))).toBe('10.0.0.1');
  });

  test('has one form however it is written', () => {
    const through = (text: string) => clientAddress('10.0.0.1', text, trustHops(1));
    expect(through('192.0.2.9:4711')).toBe('192.0.2.9');
    expect(through('[2001:DB8:0::9]:4711')).toBe('2001:db8::9');
    expect(through('::ffff:192.0.2.9')).toBe('192.0.2.9');
    expect(through('fe80::1%eth0')).toBe('fe80::1');
    expect(clientAddress('::ffff:127.0.0.1', undefined, trustHops(0))).toBe('127.0.0.1');
  });

  test('counts by IPv4 address, or by the /64 in which anybody may choose addresses', () => {
    expect(subscriberOf('192.0.2.9')).toBe('192.0.2.9');
    expect(subscriberOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(subscriberOf('2001:db8:1:2::1')).toBe('2001:db8:1:2::/64');
    expect(subscriberOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(subscriberOf('::1')).toBe('0:0:0:0::/64');
    expect(subscriberOf('unknown')).toBe('unknown');
  });
});

test('TRUST_PROXY is a number of proxies or their networks, and nothing else', () => {
  for (const text of ['0', '1', '2', 'true', 'false', '10.0.0.0/8', '127.0.0.1,::1/128'])
    expect([text, trustProxy.safeParse(text).success]).toEqual([text, true]);
  for (const text of ['-1', '9', '10', 'yes', '10.0.0.0/33', '10.0.0/8', 'gateway', '10.0.0.1,'])
    expect([text, trustProxy.safeParse(text).success]).toEqual([text, false]);
  expect(trustProxy.parse(undefined)('127.0.0.1', 0)).toBe(false);
  expect(trustProxy.parse('1')('203.0.113.7', 0)).toBe(true);
  expect(trustProxy.parse('1')('203.0.113.7', 1)).toBe(false);
});

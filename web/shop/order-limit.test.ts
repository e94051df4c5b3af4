import { expect, test } from 'vitest';
import { createOrderLimit } from './order-limit.ts';

const isTaken = (taken: ReturnType<ReturnType<typeof createOrderLimit>['take']>) => 'giveBack' in taken;

test('an address may place forty orders at once, and one more every ten seconds', () => {
  let nowMs = 1_000;
  const limit = createOrderLimit(() => nowMs);
  const takeMany = (count: number, address = '203.0.113.1') =>
    Array.from({ length: count }, () => limit.take(address)).filter(isTaken).length;
  expect(takeMany(60)).toBe(40);
  expect(limit.take('203.0.113.1')).toEqual({ waitSeconds: 10 });
  nowMs += 9_000;
  expect(limit.take('203.0.113.1')).toEqual({ waitSeconds: 1 });
  nowMs += 1_000;
  expect(takeMany(3)).toBe(1);
  nowMs += 3_600_000;
  expect(takeMany(60)).toBe(40);
});

test('what is given back can be taken again', () => {
  const limit = createOrderLimit(() => 0);
  for (let i = 0; i < 100; i += 1) {
    const taken = limit.take('203.0.113.1');
    if ('giveBack' in taken) taken.giveBack();
    else throw new Error(`refused at ${i}`);
  }
});

test('a whole /64 of IPv6 is one address, and others are not', () => {
  const limit = createOrderLimit(() => 0);
  for (let i = 0; i < 40; i += 1) limit.take(`2001:db8:1:2::${i.toString(16)}`);
  expect(isTaken(limit.take('2001:db8:1:2:ffff::1'))).toBe(false);
  expect(isTaken(limit.take('2001:db8:1:3::1'))).toBe(true);
});

test('local networks are not counted, and who has ordered least recently is forgotten first', () => {
  const limit = createOrderLimit(() => 0);
  for (const address of ['127.0.0.1', '::1', '192.168.1.7', '10.0.0.1', 'unknown'])
    for (let i = 0; i < 100; i += 1) expect(isTaken(limit.take(address))).toBe(true);
  for (let i = 0; i < 40; i += 1) limit.take('203.0.113.1');
  for (let i = 0; i < 40; i += 1) limit.take('203.0.113.2');
  for (let i = 0; i < 49_999; i += 1) limit.take(`198.${18 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`);
  expect(isTaken(limit.take('203.0.113.2'))).toBe(false);
  expect(isTaken(limit.take('203.0.113.1'))).toBe(true);
});

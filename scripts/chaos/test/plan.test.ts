import { expect, test } from 'vitest';
import type { Shape } from '../faults/fault.ts';
import { drawWaves, type Wave } from '../plan.ts';
import { seededRandom } from '../random.ts';

const SHAPE: Shape = {
  parts: [
    { name: 'database', kind: 'database' },
    { name: 'redis', kind: 'redis' },
    { name: 'orders1', kind: 'orders' },
    { name: 'orders2', kind: 'orders' },
    { name: 'notifier1', kind: 'notifier' },
    { name: 'web1', kind: 'web' },
  ],
  links: ['notifier1-orders1', 'notifier1-redis', 'orders1-database', 'orders1-redis', 'web1-notifier1'],
  desks: ['desk1', 'desk2'],
  disk: true,
  clocks: true,
  writes: true,
};

function waves(seed: number, count: number, shape = SHAPE): Wave[] {
  const drawn = drawWaves(seededRandom(seed), shape);
  return Array.from({ length: count }, () => drawn.next().value);
}

test('a seed gives one plan, and another seed another', () => {
  expect(waves(7, 50)).toEqual(waves(7, 50));
  expect(waves(7, 50)).not.toEqual(waves(8, 50));
});

test('one to three faults at a time, never two on the same thing', () => {
  for (const { faults } of waves(1, 500)) {
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.length).toBeLessThanOrEqual(3);
    const claims = faults.flatMap((fault) => fault.claims);
    expect(new Set(claims).size).toBe(claims.length);
  }
});

test('every kind has its turn, and none that cannot be done here', () => {
  const kindsOf = (shape: Shape) =>
    new Set(waves(3, 200, shape).flatMap(({ faults }) => faults.map(({ kind }) => kind)));
  const all = kindsOf(SHAPE);
  expect(all.size).toBe(18);
  const fewer = kindsOf({ ...SHAPE, disk: false, clocks: false, writes: false, desks: [] });
  const missing = [...all].filter((kind) => !fewer.has(kind));
  expect(missing.sort()).toEqual([
    'clock jump',
    'desk frozen',
    'desk half open',
    'desk offline',
    'desk slow',
    'disk full',
    'power cut',
  ]);
});

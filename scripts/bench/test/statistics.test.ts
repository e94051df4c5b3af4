import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median, quantile, ratio } from '../statistics.ts';

test('half of all values are at or below the median, and half at or above it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values);
      const half = values.length / 2;
      expect(values.filter((value) => value <= middle).length).toBeGreaterThanOrEqual(half);
      expect(values.filter((value) => value >= middle).length).toBeGreaterThanOrEqual(half);
    }),
  );
});

test('an even number of values has its median between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('a hundredth of the values is beyond the p99', () => {
  const values = Array.from({ length: 200 }, (_, i) => i);
  expect(quantile(values, 0.99)).toBe(198);
  expect(quantile([7], 0.99)).toBe(7);
});

test('nothing measured has no median', () => {
  expect(() => median([])).toThrow('nothing was measured');
  expect(() => quantile([], 0.5)).toThrow('nothing was measured');
});

test('what slows one round down for both leaves the ratio alone', () => {
  expect(ratio([1, 10, 3], [2, 20, 12])).toBe(0.5);
});

test('there is no ratio of what was not measured in the same rounds, nor to nought', () => {
  expect(ratio([1, 2], [1])).toBeUndefined();
  expect(ratio([], [])).toBeUndefined();
  expect(ratio([1], [0])).toBeUndefined();
});

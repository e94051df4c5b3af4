import { expect, test } from 'vitest';
import { readArguments } from '../arguments.ts';

test('everything is measured, five times, unless told', () => {
  expect(readArguments([])).toEqual({
    parts: ['fan-out', 'intake', 'screen', 'pages', 'desk', 'growth'],
    rounds: 5,
    extent: 'full',
    write: false,
  });
});

test('parts are measured in one order, however they are named', () => {
  expect(readArguments(['growth', 'intake']).parts).toEqual(['intake', 'growth']);
});

test('a quick run has one round unless told', () => {
  expect(readArguments(['--quick'])).toMatchObject({ extent: 'quick', rounds: 1 });
  expect(readArguments(['--quick', '--rounds', '3', '--write'])).toMatchObject({ rounds: 3, write: true });
});

test('what there is not is refused by name', () => {
  expect(() => readArguments(['fanout'])).toThrow('There is no part fanout');
  expect(() => readArguments(['--fast'])).toThrow('--fast');
  for (const rounds of ['0', '1.5', 'many', '51']) {
    expect(() => readArguments(['--rounds', rounds])).toThrow('--rounds takes 1 to 50');
  }
});

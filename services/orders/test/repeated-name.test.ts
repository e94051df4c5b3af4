import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasRepeatedName } from '../repeated-name.ts';

/** JSON as somebody else may write it: spaced, and with names escaped. */
const written = fc
  .tuple(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'))
  .map(([value, space]) => JSON.stringify(value, null, space));
const escaped = (name: string) =>
  `"${name
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')}"`;

test('finds no name twice in anything that was written from a value', () => {
  fc.assert(fc.property(written, (json) => !hasRepeatedName(json)));
});

test('finds a name twice in whatever object it is, however it is written the second time', () => {
  const names = fc.string({ unit: 'binary' }).map((name) => name.toWellFormed());
  fc.assert(
    fc.property(names, written, written, fc.nat(5), (name, first, second, depth) => {
      for (const again of [JSON.stringify(name), escaped(name)]) {
        const object = `{${JSON.stringify(name)}:${first} , ${again}\n:${second}}`;
        expect(hasRepeatedName('[{"x":'.repeat(depth) + object + '}]'.repeat(depth))).toBe(true);
      }
    }),
  );
});

test('takes a value that looks like a name for a value, and names of different objects for different', () => {
  for (const json of [
    '{"a":"a","b":"a"}',
    '["a","a"]',
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    '{"a":"\\"a\\":","b":1}',
  ]) {
    expect([json, hasRepeatedName(json)]).toEqual([json, false]);
  }
});

test('ends on whatever is no JSON', () => {
  for (const text of [
    '',
    '"',
    '{"',
    '{"a',
    '{"a":1,"a',
    '}]}',
    '\\"',
    '{"a\\',
    `${'['.repeat(60_000)}`,
    '"\\'.repeat(20_000),
  ]) {
    expect([false, true]).toContain(hasRepeatedName(text));
  }
});

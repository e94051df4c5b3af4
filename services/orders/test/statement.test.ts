import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabaseServer } from '../../../scripts/testing/database-server.ts';
import { CHANGES_POOL, connect } from '../connect.ts';
import type { Db } from '../database.ts';
import { statement } from '../statement.ts';

let db: Db;
beforeAll(async () => {
  db = connect((await testDatabaseServer()).url, CHANGES_POOL);
});
afterAll(() => db.destroy());

/** All that means something to a server, or to a driver, somewhere. */
const SIGNS = [
  "'",
  '"',
  '`',
  '\\',
  '\0',
  '\n',
  '\r',
  '\t',
  '\x1a',
  '\b',
  ';',
  '?',
  '%',
  '_',
  '--',
  '/*',
  '#',
  '𝄞',
  'é',
];
const anyText = fc.array(fc.oneof(fc.constantFrom(...SIGNS), fc.string({ unit: 'binary' })), { maxLength: 8 });

test('whatever text is written into a statement comes back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 20 }), async (drawn) => {
      const texts = drawn.map((pieces) => pieces.join(''));
      // In hexadecimal, so that the way back is none of the question.
      const { rows } = await db.executeQuery(statement<{ hex: string }>`select hex(concat_ws('|', ${texts})) as hex`);
      expect(rows[0]!.hex).toBe(Buffer.from(texts.join('|')).toString('hex').toUpperCase());
    }),
    { numRuns: 60 },
  );
});

test('numbers, nothing and times are written as what they are', async () => {
  const at = new Date('2025-11-26T23:59:59.987Z');
  const { rows } = await db.executeQuery(
    statement`select ${-12} as number, ${4_950_000_000} as large, ${null} as nothing, cast(${at} as datetime(3)) as at`,
  );
  expect(rows).toEqual([{ number: -12, large: 4_950_000_000, nothing: null, at }]);
});

test('what has no literal is refused before anything is sent', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, true, {}, Buffer.from('x')]) {
    expect(() => statement`select ${value as never}`).toThrow(TypeError);
  }
  expect(() => statement`select ${new Date(Number.NaN)}`).toThrow(RangeError);
});

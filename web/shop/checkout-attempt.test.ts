import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLines, readAttempt } from './checkout-attempt.ts';
import { compareLines } from './compare-lines.ts';

const KEY = '5f2b7f43-9b0c-4f0e-8a43-0d6a6c1f2b11';
const form = (fields: Record<string, string>) => new Map(Object.entries(fields));

describe('what a checkout form brings back', () => {
  test('is what it was rendered with', () => {
    const lines = fc.uniqueArray(
      fc.record({
        productId: fc.integer({ min: 1, max: 2_147_483_647 }),
        quantity: fc.integer({ min: 1, max: 99 }),
        unitPriceCents: fc.integer({ min: 0, max: 1_000_000 }),
      }),
      { selector: (line) => line.productId, minLength: 1, maxLength: 50 },
    );
    fc.assert(
      fc.property(lines, (seen) => {
        expect(readAttempt(form({ key: KEY, lines: formatLines(seen) }))).toEqual({ key: KEY, lines: seen });
      }),
    );
  });

  test('is refused when it is none of ours', () => {
    const bad = [
      '',
      '1x1',
      '1x0at5',
      '1x1at5.1x1at5',
      '1x1at1000001',
      '1x1at5.',
      'x',
      '1x1at5;2x1at5',
      `1x1at${'9'.repeat(3000)}`,
    ];
    for (const lines of bad) expect(() => readAttempt(form({ key: KEY, lines })), lines).toThrow();
    for (const key of ['', 'x', KEY.toUpperCase(), `${KEY} `]) {
      expect(() => readAttempt(form({ key, lines: '1x1at5' })), key).toThrow();
    }
  });
});

describe('the difference to what the shopper saw', () => {
  const seen = [
    { productId: 1, quantity: 3, unitPriceCents: 500 },
    { productId: 2, quantity: 1, unitPriceCents: 900 },
    { productId: 3, quantity: 2, unitPriceCents: 100 },
  ];

  const none = new Map();

  test('names each price and each quantity that is another, and what can be had instead', () => {
    const refusal = {
      code: 'out_of_stock' as const,
      lines: [
        { productId: 1, requested: 3, available: 2, unitPriceCents: 550 },
        { productId: 2, requested: 1, available: 0, unitPriceCents: 900 },
        { productId: 3, requested: 2, available: null, unitPriceCents: 100 },
      ],
    };
    const { lines, differences } = compareLines(seen, refusal, none)!;
    expect(lines).toEqual([
      { productId: 1, quantity: 2, unitPriceCents: 550 },
      { productId: 3, quantity: 2, unitPriceCents: 100 },
    ]);
    expect(differences).toEqual([
      { what: 'quantity', productId: 1, wanted: 3, left: 2 },
      { what: 'price', productId: 1, beforeCents: 500, nowCents: 550 },
      { what: 'sold_out', productId: 2 },
    ]);
  });

  test('takes from the catalogue what the refusal leaves out, so that nobody is asked twice', () => {
    const words = { slug: 'the', name: 'Thé', description: '', category: '' };
    const product = { id: 2, ...words, picture: null, priceCents: 950, stock: null };
    const refusal = {
      code: 'out_of_stock' as const,
      lines: [{ productId: 1, requested: 3, available: 1, unitPriceCents: 500 }],
    };
    expect(compareLines(seen, refusal, new Map([[2, product]]))?.differences).toEqual([
      { what: 'quantity', productId: 1, wanted: 3, left: 1 },
      { what: 'price', productId: 2, beforeCents: 900, nowCents: 950 },
    ]);
  });

  test('takes off what is no longer known at all', () => {
    const refusal = { code: 'validation' as const, errors: [{ path: 'lines.1.productId', message: 'unknown' }] };
    expect(compareLines(seen, refusal, none)).toEqual({
      lines: [seen[0], seen[2]],
      differences: [{ what: 'sold_out', productId: 2 }],
    });
  });

  test('is none when the refusal is about something else', () => {
    expect(compareLines(seen, { code: 'validation', errors: [{ path: 'name', message: 'invalid' }] }, none)).toBe(
      undefined,
    );
    expect(compareLines(seen, { code: 'key_reused' }, none)).toBe(undefined);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LINE_QUANTITY } from '../../../shared/contracts/money.ts';
import { judgeOrder, mergeLines, type ShelfItem, takeFromShelf } from '../judge-order.ts';

/** Small numbers, so that what is asked and what is there often differ by one. */
const few = fc.integer({ min: 1, max: 4 });
const item = fc.record({
  name: fc.string(),
  priceCents: fc.integer({ min: 0, max: 1_000_000 }),
  stock: fc.option(fc.oneof(few, fc.integer({ min: 0, max: 1000 }))),
  hidden: fc.boolean(),
});
const shelf = fc
  .array(item, { minLength: 1, maxLength: 6 })
  .map((items) => new Map(items.map((one, i) => [i + 1, one])));
const lines = fc.array(
  fc.record({
    productId: fc.integer({ min: 1, max: 7 }),
    quantity: fc.oneof(few, fc.integer({ min: 1, max: MAX_LINE_QUANTITY })),
  }),
  { minLength: 1, maxLength: 8 },
);
const expectedTotalCents = fc.option(fc.integer({ min: 0, max: 5_000_000 }), { nil: undefined });
const orderOf = fc.record({ lines, expectedTotalCents }).map(({ lines, expectedTotalCents }) => ({
  lines,
  ...(expectedTotalCents === undefined ? {} : { expectedTotalCents }),
}));

describe('judging', () => {
  test('never accepts more than is there, and what it accepts is what was asked, at the prices of the shelf', () => {
    fc.assert(
      fc.property(orderOf, shelf, (order, shelf) => {
        const verdict = judgeOrder(order, shelf);
        if (verdict.kind !== 'accepted') return;
        expect(verdict.lines.map(({ productId, quantity }) => ({ productId, quantity }))).toEqual(
          mergeLines(order.lines),
        );
        let total = 0;
        for (const line of verdict.lines) {
          const on = shelf.get(line.productId)!;
          expect(on.hidden && line.quantity > 0).toBe(false);
          expect(line.quantity).toBeLessThanOrEqual(Math.min(on.stock ?? MAX_LINE_QUANTITY, MAX_LINE_QUANTITY));
          expect(line).toMatchObject({ name: on.name, unitPriceCents: on.priceCents });
          total += on.priceCents * line.quantity;
        }
        expect(verdict.totalCents).toBe(total);
        if (order.expectedTotalCents !== undefined) expect(total).toBe(order.expectedTotalCents);
      }),
    );
  });

  test('refuses only for a reason that it names and that holds', () => {
    fc.assert(
      fc.property(orderOf, shelf, (order, shelf) => {
        const verdict = judgeOrder(order, shelf);
        if (verdict.kind === 'invalid') {
          for (const { path } of verdict.errors) {
            const [, index, field] = path.split('.') as [string, string, string];
            const { productId } = order.lines[Number(index)]!;
            const wanted = mergeLines(order.lines).find((line) => line.productId === productId)!.quantity;
            const isForSale = shelf.get(productId)?.hidden === false;
            expect(field === 'productId' ? !isForSale : wanted > MAX_LINE_QUANTITY).toBe(true);
          }
        }
        if (verdict.kind === 'out_of_stock') {
          for (const line of verdict.lines) expect(line.available).toBeLessThan(line.requested);
        }
        if (verdict.kind === 'price_changed') expect(verdict.totalCents).not.toBe(order.expectedTotalCents);
        if (verdict.kind !== 'accepted') return;
      }),
    );
  });

  test('of one order after the other never takes a shelf below zero', () => {
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 20 }), shelf, (orders, full) => {
        const left: Map<number, ShelfItem> = new Map(full);
        const sold = new Map<number, number>();
        for (const lines of orders) {
          const verdict = judgeOrder({ lines }, left);
          if (verdict.kind !== 'accepted') continue;
          takeFromShelf(left, verdict.lines);
          for (const { productId, quantity } of verdict.lines)
            sold.set(productId, (sold.get(productId) ?? 0) + quantity);
        }
        for (const [id, { stock }] of full) {
          if (stock === null) expect(left.get(id)!.stock).toBeNull();
          else expect(left.get(id)!.stock).toBe(stock - (sold.get(id) ?? 0));
          expect(left.get(id)!.stock ?? 0).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

test('merging lines keeps every unit and the order in which products first came', () => {
  fc.assert(
    fc.property(lines, (lines) => {
      const merged = mergeLines(lines);
      expect(merged.map(({ productId }) => productId)).toEqual([...new Set(lines.map(({ productId }) => productId))]);
      const units = (all: typeof lines) => all.reduce((sum, { quantity }) => sum + quantity, 0);
      expect(units(merged)).toBe(units(lines));
    }),
  );
});

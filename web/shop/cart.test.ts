import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addToCart } from './add-to-cart.ts';
import { type Cart, countUnits, formatCart, parseCart, withoutOrdered, withQuantity } from './cart.ts';

const carts = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 2_147_483_647 }), fc.integer({ min: 1, max: 99 })), {
    selector: ([productId]) => productId,
    maxLength: 50,
  })
  .map((lines): Cart => new Map(lines));

const product = (stock: number | null) => ({
  id: 7,
  slug: 'miel',
  category: '',
  picture: null,
  name: 'Miel',
  description: '',
  priceCents: 1250,
  stock,
});

describe('a cart', () => {
  test('comes out of its cookie as it went in, lines in the same order', () => {
    fc.assert(
      fc.property(carts, (cart) => {
        expect([...(parseCart(formatCart(cart)) ?? [])]).toEqual([...cart]);
      }),
    );
  });

  test('is nothing at all when the cookie was tampered with', () => {
    const full = Array.from({ length: 51 }, (_, index) => `${index + 1}x1`).join('.');
    for (const text of ['1x0', '1x100', '0x1', '01x1', '1x1.', '1x1.1x2', '2147483648x1', '1x1;2x1', '1x-1', 'x', full])
      expect(parseCart(text), text).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => {
        const cart = parseCart(text);
        return cart === undefined || formatCart(cart) === text;
      }),
    );
  });

  test('never leaves its bounds, whatever quantities are asked for', () => {
    fc.assert(
      fc.property(carts, fc.integer({ min: 1, max: 60 }), fc.integer(), (cart, productId, quantity) => {
        const next = withQuantity(cart, productId, quantity);
        expect(next.size).toBeLessThanOrEqual(50);
        for (const units of next.values()) expect(units >= 1 && units <= 99).toBe(true);
      }),
    );
  });

  test('keeps what was put in after the order was sent', () => {
    const cart = new Map([
      [1, 3],
      [2, 1],
      [3, 1],
    ]);
    const rest = withoutOrdered(cart, [
      { productId: 1, quantity: 2 },
      { productId: 2, quantity: 1 },
      { productId: 9, quantity: 4 },
    ]);
    expect([...rest]).toEqual([
      [1, 1],
      [3, 1],
    ]);
    expect(countUnits(rest)).toBe(2);
  });
});

describe('adding to a cart', () => {
  test('takes no more than there is, than an order may hold, than a cart has lines', () => {
    expect(addToCart(new Map(), undefined).outcome).toBe('gone');
    expect(addToCart(new Map(), product(0)).outcome).toBe('sold_out');
    expect(addToCart(new Map([[7, 2]]), product(2)).outcome).toBe('limited');
    expect(addToCart(new Map([[7, 99]]), product(null)).outcome).toBe('most');
    const full = new Map(Array.from({ length: 50 }, (_, index) => [index + 100, 1] as const));
    expect(addToCart(full, product(null)).outcome).toBe('full');
    expect([...addToCart(new Map([[7, 1]]), product(2)).cart]).toEqual([[7, 2]]);
  });
});

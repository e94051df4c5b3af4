import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCursor, parseCursor } from '../cursor.ts';
import { MAX_LINE_QUANTITY, MAX_ORDER_CENTS, MAX_ORDER_LINES, MAX_PRICE_CENTS, orderTotalCents } from '../money.ts';
import { PlaceOrderInput } from '../order.ts';
import { isInView, STATUSES, TRANSITIONS, VIEWS } from '../status.ts';

const order = { name: 'Élodie Martin', email: 'elodie@example.fr', lines: [{ productId: 1, quantity: 1 }] };
const refusal = (input: unknown) =>
  PlaceOrderInput.safeParse(input).error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);

describe('a cursor', () => {
  test('comes back as it was written', () => {
    const epoch = fc.stringMatching(/^[0-9a-z]{12}$/);
    fc.assert(
      fc.property(epoch, fc.nat(), (epoch, seq) => {
        expect(parseCursor(formatCursor({ epoch, seq }))).toEqual({ epoch, seq });
      }),
    );
  });

  test.each([
    '',
    '.',
    'abcd',
    'abcd.',
    '.1',
    'abcd.-1',
    'abcd.01',
    'abcd.1e3',
    'abcd.1.2',
    'ABCD.1',
    'abcd.1\n',
    ' abcd.1',
  ])('is not read out of %j', (text) => expect(parseCursor(text)).toBeUndefined());

  test('that is not the text of one is never read as one', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const cursor = parseCursor(text);
        expect(cursor === undefined || formatCursor(cursor) === text).toBe(true);
      }),
    );
  });
});

describe('money', () => {
  test('stays exact for the largest order there can be', () => {
    const lines = Array.from({ length: MAX_ORDER_LINES }, () => ({
      unitPriceCents: MAX_PRICE_CENTS,
      quantity: MAX_LINE_QUANTITY,
    }));
    expect(orderTotalCents(lines)).toBe(MAX_ORDER_CENTS);
    expect(Number.isSafeInteger(MAX_ORDER_CENTS * 1_000_000)).toBe(true);
  });
});

describe('an order', () => {
  test('is taken with the least that it needs', () => {
    expect(PlaceOrderInput.parse(order)).toEqual(order);
  });

  test('has empty optional fields left out, and texts trimmed', () => {
    const parsed = PlaceOrderInput.parse({ ...order, name: '  Élodie ', phone: ' ', notes: '\r\n' });
    expect(parsed).toEqual({ ...order, name: 'Élodie' });
  });

  test('keeps emoji whole and line breaks in notes', () => {
    const parsed = PlaceOrderInput.parse({ ...order, name: 'Zoé 👩‍🍳', notes: 'a\r\nb' });
    expect(parsed).toMatchObject({ name: 'Zoé 👩‍🍳', notes: 'a\nb' });
  });

  test.each([
    [{ name: '   ' }, 'name: required'],
    [{ name: '\u200b' }, 'name: required'],
    [{ name: 'a\u0000b' }, 'name: invalid'],
    [{ name: 'a\nb' }, 'name: invalid'],
    [{ name: 'a\ud800' }, 'name: invalid'],
    [{ name: 'x'.repeat(121) }, 'name: too_long'],
    [{ email: 'elodie' }, 'email: invalid'],
    [{ email: 'a@b.fr\r\nBcc: c@d.fr' }, 'email: invalid'],
    [{ phone: 'call me' }, 'phone: invalid'],
    [{ notes: 'x'.repeat(1001) }, 'notes: too_long'],
  ])('with %j is refused: %s', (change, message) => {
    expect(refusal({ ...order, ...change })).toContain(message);
  });

  test.each([0, -1, 1.5, 100, '1', null, Number.NaN, 2 ** 53])('of %s units is refused', (quantity) => {
    expect(refusal({ ...order, lines: [{ productId: 1, quantity }] })).not.toHaveLength(0);
  });

  test('cannot set what the server decides', () => {
    for (const field of ['totalCents', 'status', 'number', 'id', '__proto__']) {
      expect(refusal(JSON.parse(`{"${field}": 1, ${JSON.stringify(order).slice(1)}`)), field).toHaveLength(1);
    }
  });
});

describe('statuses', () => {
  test('once terminée or annulée, an order stays so', () => {
    expect(TRANSITIONS.terminee).toEqual([]);
    expect(TRANSITIONS.annulee).toEqual([]);
  });

  test('every order is in exactly two views: all, and its status', () => {
    for (const status of STATUSES) expect(VIEWS.filter((view) => isInView(view, status))).toEqual(['all', status]);
  });
});

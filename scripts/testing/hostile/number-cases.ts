import { type HostileCase, PRODUCT, placingOrder, placingText } from './hostile-case.ts';

const line = (quantity: unknown, productId: unknown = PRODUCT) => placingOrder({ lines: [{ productId, quantity }] });
/** Written as it stands, where JavaScript would write another number. */
const literal = (number: string) => placingText('"quantity":1', `"quantity":${number}`);
const total = (expectedTotalCents: unknown) => placingOrder({ expectedTotalCents });

/** Numbers in an order: only integers in bounds are any, however they are written. */
export const NUMBER_CASES: readonly HostileCase[] = [
  { name: 'nothing of a product', request: line(0), must: 400 },
  { name: 'less than nothing', request: line(-1), must: 400 },
  { name: 'less than nothing at all', request: literal('-0'), must: 400 },
  { name: 'half a unit', request: line(1.5), must: 400 },
  { name: 'nearly one', request: literal('0.99999999999999999999'), must: 201 },
  { name: 'one with a fraction of nothing', request: literal('1.0'), must: 201 },
  { name: 'one in scientific writing', request: literal('1e0'), must: 201 },
  { name: 'a thousand in scientific writing', request: literal('1e3'), must: 400 },
  { name: 'more than any number', request: literal('1e999'), must: 400 },
  { name: 'hexadecimal', request: literal('0x10'), must: 400 },
  { name: 'octal', request: literal('010'), must: 400 },
  { name: 'a plus sign', request: literal('+1'), must: 400 },
  { name: 'a separator', request: literal('1_0'), must: 400 },
  { name: 'a bigint', request: literal('1n'), must: 400 },
  { name: 'full-width digits', request: literal('１'), must: 400 },
  { name: 'Arabic digits', request: literal('٣'), must: 400 },
  { name: 'not a number', request: literal('NaN'), must: 400 },
  { name: 'infinity', request: literal('Infinity'), must: 400 },
  { name: 'a text', request: line('1'), must: 400 },
  { name: 'true', request: line(true), must: 400 },
  { name: 'null', request: line(null), must: 400 },
  { name: 'a list of one', request: line([1]), must: 400 },
  { name: 'an object', request: line({ valueOf: 1 }), must: 400 },
  { name: 'the most of a line', request: line(99), must: 201 },
  { name: 'one more than the most', request: line(100), must: 400 },
  { name: 'the largest integer of 32 bits, and one', request: line(2_147_483_648), must: 400 },
  { name: 'the first integer that is not exact', request: literal('9007199254740993'), must: 400 },
  { name: 'a hundred digits', request: literal('9'.repeat(100)), must: 400 },
  { name: 'ten thousand digits', request: literal('9'.repeat(10_000)), must: 400 },
  { name: 'the most in two lines of one product', request: placingOrder({ lines: lines(2, 50) }), must: 400 },
  { name: 'fifty lines', request: placingOrder({ lines: lines(50, 1) }), must: 201 },
  { name: 'fifty-one lines', request: placingOrder({ lines: lines(51, 1) }), must: 400 },
  { name: 'a thousand lines', request: placingOrder({ lines: lines(1000, 1) }), must: 400 },
  { name: 'no lines', request: placingOrder({ lines: [] }), must: 400 },
  { name: 'lines that are an object', request: placingOrder({ lines: { 0: lines(1, 1)[0], length: 1 } }), must: 400 },
  { name: 'lines within lines', request: placingOrder({ lines: [lines(1, 1)] }), must: 400 },
  { name: 'product nought', request: line(1, 0), must: 400 },
  { name: 'a product that is not there', request: line(1, 2_147_483_647), must: 400 },
  { name: 'a product beyond 32 bits', request: line(1, 2_147_483_648), must: 400 },
  { name: 'a product by its text', request: line(1, '1'), must: 400 },
  { name: 'a product of SQL', request: line(1, '1 or 1=1'), must: 400 },
  { name: 'a product that is not for sale', request: line(1, 4), must: 400 },
  { name: 'another total', request: total(1), must: 409 },
  { name: 'a total of nothing', request: total(0), must: 409 },
  { name: 'a total below nothing', request: total(-1250), must: 400 },
  { name: 'a total with a fraction', request: total(1250.5), must: 400 },
  { name: 'a total in euros, as text', request: total('12,50'), must: 400 },
  { name: 'a total beyond any', request: total(4_950_000_001), must: 400 },
  { name: 'a total that is true', request: total(true), must: 400 },
  { name: 'a total of null', request: total(null), must: 400 },
  { name: 'a total in a list', request: total([1250]), must: 400 },
];

function lines(count: number, quantity: number): { productId: number; quantity: number }[] {
  return Array.from({ length: count }, () => ({ productId: PRODUCT, quantity }));
}

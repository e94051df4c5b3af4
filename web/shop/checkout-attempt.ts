import { CUSTOMER_FIELDS, type CustomerField } from '../../shared/contracts/customer-rules.ts';
import { Cents, MAX_ORDER_LINES, MAX_PRICE_CENTS, orderTotalCents } from '../../shared/contracts/money.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { JudgedCart } from './judge-cart.ts';
import { isFormKey } from './shop-cookies.ts';

/** A line as the shopper saw it when the form was rendered. */
export interface SeenLine {
  productId: number;
  quantity: number;
  unitPriceCents: number;
}

/**
 * What a form was rendered with and brings back untouched: so a repeat of the same form is the same order, to the
 * byte, whatever became of cart and prices meanwhile.
 */
export interface Attempt {
  /** The order's idempotency key. */
  key: string;
  lines: readonly SeenLine[];
}

export const TYPED_FIELDS = CUSTOMER_FIELDS;
export type TypedField = CustomerField;
export type Typed = Record<TypedField, string>;
export const NOTHING_TYPED: Typed = { name: '', email: '', phone: '', notes: '' };

export function seenLines(judged: JudgedCart): SeenLine[] {
  return judged.lines
    .filter((line) => line.quantity > 0)
    .map(({ product, quantity }) => ({ productId: product.id, quantity, unitPriceCents: product.priceCents }));
}

/** The total that stands on the button, and that the order is refused without. */
export function seenTotalCents(lines: readonly SeenLine[]): number {
  return orderTotalCents(lines);
}

/** `12x2at1290.5x1at300`: product, quantity, price in cents. */
export function formatLines(lines: readonly SeenLine[]): string {
  return lines.map((line) => `${line.productId}x${line.quantity}at${line.unitPriceCents}`).join('.');
}

const LINE = /^([1-9][0-9]{0,9})x([1-9][0-9]?)at(0|[1-9][0-9]{0,8})$/;

/**
 * Reads what a posted form brought back.
 * @throws {HttpProblem} 400 when it is none of ours: no person can repair that, only a new form can
 */
export function readAttempt(form: ReadonlyMap<string, string>): Attempt {
  const key = form.get('key') ?? '';
  const lines = parseLines(form.get('lines') ?? '');
  if (!isFormKey(key) || !lines) throw new HttpProblem(400, 'validation', { detail: 'This form is not one of ours.' });
  return { key, lines };
}

function parseLines(text: string): SeenLine[] | undefined {
  const parts = text.length > 2000 ? [] : text.split('.');
  const lines: SeenLine[] = [];
  for (const part of parts) {
    const match = LINE.exec(part);
    if (!match) return undefined;
    const [productId, quantity, unitPriceCents] = match.slice(1).map(Number) as [number, number, number];
    if (productId > 2_147_483_647 || unitPriceCents > MAX_PRICE_CENTS) return undefined;
    lines.push({ productId, quantity, unitPriceCents });
  }
  const ids = new Set(lines.map((line) => line.productId));
  if (lines.length === 0 || lines.length > MAX_ORDER_LINES || ids.size !== lines.length) return undefined;
  return Cents.safeParse(seenTotalCents(lines)).success ? lines : undefined;
}

export function readTyped(form: ReadonlyMap<string, string>): Typed {
  return Object.fromEntries(TYPED_FIELDS.map((field) => [field, form.get(field) ?? ''])) as Typed;
}

/** Named after what robots fill in wherever they find it. Nobody sees it. */
export const TRAP_FIELD = 'website';

/** Whether something was put where only robots, and now and then an autofill, put anything. */
export function isTrapped(form: ReadonlyMap<string, string>): boolean {
  return (form.get(TRAP_FIELD) ?? '') !== '';
}

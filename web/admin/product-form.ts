import {
  type AdminProduct,
  type ChangeProductInput,
  CreateProductInput,
  MAX_STOCK,
} from '../../shared/contracts/product.ts';

export const PRODUCT_FIELDS = ['name', 'category', 'price', 'stock', 'description'] as const;
export type ProductField = (typeof PRODUCT_FIELDS)[number];
export type ProductFieldProblem = 'required' | 'too_long' | 'invalid' | 'too_big' | 'taken';
export type ProductProblems = Partial<Record<ProductField, ProductFieldProblem>>;

/** What a form holds, as it was typed. */
export interface TypedProduct {
  name: string;
  category: string;
  price: string;
  stock: string;
  description: string;
  hidden: boolean;
}

export const NEW_PRODUCT: TypedProduct = {
  name: '',
  category: '',
  price: '',
  stock: '',
  description: '',
  hidden: false,
};

export function typedOf(product: AdminProduct, locale: 'fr' | 'en'): TypedProduct {
  const { name, category, description, hidden } = product;
  return {
    name,
    category,
    description,
    hidden,
    price: writePrice(product.priceCents, locale),
    stock: writeStock(product.stock),
  };
}

/** An unticked box is not sent; a form that has no box (staff change the stock alone) leaves `hidden` to nobody. */
export function readTyped(form: ReadonlyMap<string, string>): TypedProduct {
  const text = (field: ProductField) => form.get(field) ?? '';
  return {
    name: text('name'),
    category: text('category'),
    price: text('price'),
    stock: text('stock'),
    description: text('description'),
    hidden: form.get('sold') !== '1',
  };
}

/** The product that was typed, or what is wrong with each field. */
export function checkTyped(
  typed: TypedProduct,
): { ok: true; product: Required<CreateProductInput> } | { ok: false; problems: ProductProblems } {
  const price = readPrice(typed.price);
  const stock = readStock(typed.stock);
  const { name, category, description, hidden } = typed;
  const given = { name, category, description, hidden, priceCents: price.value ?? 0, stock: stock.value ?? null };
  const checked = CreateProductInput.safeParse(given);
  const problems: ProductProblems = {};
  if (price.problem) problems.price = price.problem;
  if (stock.problem) problems.stock = stock.problem;
  for (const { path, message } of checked.error?.issues ?? []) {
    const field = PRODUCT_FIELDS.find((one) => one === (path[0] === 'priceCents' ? 'price' : path[0]));
    if (field) problems[field] ??= message as ProductFieldProblem;
  }
  if (!checked.success || Object.keys(problems).length > 0) return { ok: false, problems };
  return { ok: true, product: checked.data as Required<CreateProductInput> };
}

/** A stock that was not touched is left alone, whatever was sold since the page was read. */
export function changeOf(
  product: Required<CreateProductInput>,
  seen: { version: number; stock: number | null },
): ChangeProductInput {
  const { stock, ...rest } = product;
  return {
    version: seen.version,
    ...rest,
    ...(stock === seen.stock ? {} : { stock: { from: seen.stock, to: stock } }),
  };
}

interface Read<Value> {
  value?: Value;
  problem?: ProductFieldProblem;
}

/** `12,50`, `12.5` and `1 250 €` in cents. */
function readPrice(text: string): Read<number> {
  const bare = text.replace(/[\s\u00a0\u202f€$£]/g, '').replace(',', '.');
  if (bare === '') return { problem: 'required' };
  const [, units, cents = ''] = /^(\d{1,9})(?:\.(\d{0,2}))?$/.exec(bare) ?? [];
  if (units === undefined) return { problem: 'invalid' };
  return { value: Number(units) * 100 + Number(cents.padEnd(2, '0')) };
}

function writePrice(cents: number, locale: 'fr' | 'en'): string {
  return (cents / 100).toFixed(2).replace('.', locale === 'fr' ? ',' : '.');
}

/** Nothing for a stock that is not limited. */
export function readStock(text: string): Read<number | null> {
  const bare = text.replace(/[\s\u00a0\u202f]/g, '');
  if (bare === '') return { value: null };
  if (!/^\d{1,15}$/.test(bare)) return { problem: 'invalid' };
  return Number(bare) > MAX_STOCK ? { problem: 'too_big' } : { value: Number(bare) };
}

export const writeStock = (stock: number | null): string => (stock === null ? '' : String(stock));

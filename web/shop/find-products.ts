import type { Product } from '../../shared/contracts/product.ts';
import { keyOf, wordsOf } from './fold-text.ts';

/** What a person types is short; more would only be work. */
export const MAX_SEARCH_CHARS = 80;
const MAX_TERMS = 8;

interface Words {
  name: readonly string[];
  all: readonly string[];
}
/** A catalogue is searched often and read anew every second or two. */
const wordsByProduct = new WeakMap<Product, Words>();

/**
 * The products in which every word of `typed` begins some word of the name, the category or the description; accents
 * do not count. Those whose name has them all come first, each part in the shop's order. Nothing typed finds all.
 */
export function findProducts<One extends Product>(products: readonly One[], typed: string): One[] {
  const terms = wordsOf(typed.slice(0, MAX_SEARCH_CHARS)).slice(0, MAX_TERMS);
  const hasAll = (words: readonly string[]) => terms.every((term) => words.some((word) => word.startsWith(term)));
  const found = products.filter((product) => hasAll(productWords(product).all));
  const [named, others] = [true, false].map((wanted) =>
    found.filter((product) => hasAll(productWords(product).name) === wanted),
  );
  return [...(named ?? []), ...(others ?? [])];
}

export interface Category {
  /** In addresses. */
  key: string;
  name: string;
}

/** The categories that products are in, in the order in which the catalogue has them. */
export function categoriesOf(products: readonly Product[]): Category[] {
  const byKey = new Map<string, Category>();
  for (const { category } of products) {
    const key = keyOf(category);
    if (key && !byKey.has(key)) byKey.set(key, { key, name: category });
  }
  return [...byKey.values()];
}

function productWords(product: Product): Words {
  let words = wordsByProduct.get(product);
  if (!words) {
    const name = wordsOf(product.name);
    words = { name, all: [...name, ...wordsOf(`${product.category} ${product.description}`)] };
    wordsByProduct.set(product, words);
  }
  return words;
}

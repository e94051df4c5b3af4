import { createHash } from 'node:crypto';
import type { Product } from '../../shared/contracts/product.ts';
import { catalogueWords } from '../locales/catalogue.ts';
import { formatMoney, type ShopFormat } from './format.ts';

/** So few left that a shopper should know. */
const FEW = 5;

/** How a shop writes prices beside everything else. */
export interface PriceFormat extends ShopFormat {
  /** ISO 4217 */
  currency: string;
}

/** What of a product changes while somebody looks at it: all that the stream of the catalogue tells. */
export interface Facts {
  id: number;
  /** Null once it is no longer sold. */
  priceCents: number | null;
  /** 0 when there is none; null when there are more than a shopper needs to know. */
  left: number | null;
}

export function factsOf({ id, priceCents, stock }: Pick<Product, 'id' | 'priceCents' | 'stock'>): Facts {
  return { id, priceCents, left: stock !== null && stock <= FEW ? stock : null };
}

/**
 * Names what the facts of a catalogue are, so that a page and a notifier know whether they mean the same: 16
 * hexadecimal digits.
 */
export function stampOf(facts: Iterable<Facts>): string {
  const hash = createHash('sha256');
  for (const { id, priceCents, left } of facts) hash.update(`${id} ${priceCents} ${left}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** Price and stock. The page's browser code puts a newer one into the place of the one with the same `data-facts`. */
export function ProductFacts({ facts, format }: { facts: Facts; format: PriceFormat }) {
  const words = catalogueWords(format.locale);
  const { id, priceCents, left } = facts;
  return (
    <p class="product-facts" data-facts={id} data-left={left ?? undefined}>
      {priceCents !== null && <span class="money price">{formatMoney(format, priceCents, format.currency)}</span>}
      {priceCents === null ? (
        <span class="stock none">{words.gone}</span>
      ) : left === 0 ? (
        <span class="stock none">{words.soldOut}</span>
      ) : left !== null ? (
        <span class="stock few">{words.few(left)}</span>
      ) : (
        <span class="stock">{words.inStock}</span>
      )}
    </p>
  );
}

/** Facts as one frame of the stream, or as the answer of a poll: HTML on one line. */
export function renderFacts(facts: readonly Facts[], format: PriceFormat): string {
  return facts.map((one) => String(<ProductFacts facts={one} format={format} />)).join('');
}

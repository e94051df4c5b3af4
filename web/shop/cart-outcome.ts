import type { Site } from '../deps.ts';
import { catalogueWords } from '../locales/catalogue.ts';
import { shopWords } from '../locales/shop.ts';

/**
 * What became of a wish to have some of a product. All but `added` (and `set`, which says nothing) are told: `lowered`
 * is less than was asked for because there is no more, `lowered_most` because an order has 99 of a product at most.
 */
export const OUTCOMES = [
  'added',
  'set',
  'lowered',
  'lowered_most',
  'limited',
  'most',
  'sold_out',
  'gone',
  'full',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Told {
  outcome: Outcome;
  /** Undefined for a product that is gone. */
  name: string | undefined;
  /** How many of it the cart has now. */
  quantity: number;
}

/** The sentence for it; undefined where everything is as it was asked for. */
export function outcomeText(site: Site, { outcome, name, quantity }: Told): string | undefined {
  const words = shopWords(site.locale).added;
  if (outcome === 'added' || outcome === 'set') return undefined;
  if (outcome === 'full') return words.full;
  if (outcome === 'gone' || name === undefined) return words.gone;
  if (outcome === 'lowered') return catalogueWords(site.locale).lowered(name, quantity);
  if (outcome === 'lowered_most') return catalogueWords(site.locale).loweredMost(name, quantity);
  return words[outcome](name, quantity);
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MAX_PRICE_CENTS } from '../../shared/contracts/money.ts';
import { demoCatalogue } from './demo-catalogue.ts';

const PICTURES = join(import.meta.dirname, '../../web/static/products');

test('every demo product has a picture of its own, and every picture a product', async () => {
  const pictures = (await readdir(PICTURES)).filter((name) => name.endsWith('.svg'));
  expect(pictures.sort()).toEqual(demoCatalogue.map(({ slug }) => `${slug}.svg`).sort());
});

test('pictures are light and stand alone: nothing to run, nothing to fetch', async () => {
  for (const { slug } of demoCatalogue) {
    const svg = await readFile(join(PICTURES, `${slug}.svg`), 'utf8');
    expect(svg.length, slug).toBeLessThan(4096);
    expect(svg.replace('http://www.w3.org/2000/svg', ''), slug).not.toMatch(/script|style|href|url\(|http|\bon\w+=/i);
  }
});

test('slugs are URL-safe and unique, and prices and stocks can be sold', () => {
  expect(new Set(demoCatalogue.map(({ slug }) => slug)).size).toBe(demoCatalogue.length);
  for (const { slug, priceCents, stock } of demoCatalogue) {
    expect(slug).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(Number.isInteger(priceCents) && priceCents > 0 && priceCents <= MAX_PRICE_CENTS, slug).toBe(true);
    expect(stock === null || (Number.isInteger(stock) && stock >= 0), slug).toBe(true);
  }
});

test('the catalogue shows a product that is sold out, one that is nearly gone and one without limit', () => {
  const stocks = demoCatalogue.map(({ stock }) => stock);
  expect(stocks).toContain(0);
  expect(stocks).toContain(null);
  expect(stocks.some((stock) => stock !== null && stock > 0 && stock <= 5)).toBe(true);
});

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

/** For `expect.poll`: how long a condition may take to come true on a machine that is busy. */
export const EVENTUALLY = { timeout: 20_000 };

/** A visitor of the shop: a page with a cookie jar of its own that fails its test when the page complains. */
export interface Shopper {
  page: Page;
  /** Errors on the console and violations of the page's policy, as they happened. */
  complaints: string[];
  close(): Promise<void>;
}

export async function newShopper(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<Shopper> {
  const context = await browser.newContext({ baseURL, locale: 'fr-FR', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A refusal is an answer; the browser logs it all the same.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
}

/** Puts a product of the demo catalogue into the cart, by its name. */
export async function addToCart(page: Page, name: string): Promise<void> {
  await page.goto('/');
  const before = Number.parseInt(
    (await page.locator('#cart-link .cart-units, #cart-link > .visually-hidden').innerText()) || '0',
    10,
  );
  await page.getByRole('button', { name: `Ajouter au panier : ${name}` }).click();
  await expect
    .poll(async () => Number.parseInt(await page.locator('.cart-units').innerText(), 10), EVENTUALLY)
    .toBe(before + 1);
}

export async function openDialog(page: Page): Promise<void> {
  await page.goto('/cart');
  await page.getByRole('link', { name: 'Passer commande' }).click();
  await page.getByRole('dialog', { name: 'Finaliser la commande' }).waitFor();
}

export async function fillIn(page: Page, name = 'Élodie Lefèvre', email = 'elodie@exemple.fr'): Promise<void> {
  await page.getByLabel('Nom complet').fill(name);
  await page.getByLabel('Email').fill(email);
}

export const confirmButton = (page: Page) => page.getByRole('button', { name: 'Confirmer la commande' });
export const ORDER_URL = /\/orders\/[A-Za-z0-9_-]{32}$/;

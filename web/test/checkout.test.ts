import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { startProcess, type TestProcess } from '../../scripts/testing/process.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { confirmButton, EVENTUALLY, fillIn, newShopper, ORDER_URL, type Shopper } from './shopper.ts';

let system: TestSystem;
let browser: Browser;
/** The same shop in English, behind a gateway whose word on who asks counts. */
let english: TestProcess;
let shopper: Shopper;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  english = await startProcess('web', {
    ORDERS_URL: system.ordersUrls[0]!,
    NOTIFIER_URL: system.notifierUrls[0]!,
    SHOP_LOCALE: 'en',
    TRUST_PROXY: '1',
  });
});

afterEach(async () => {
  const { complaints } = shopper;
  await shopper.close();
  expect(complaints).toEqual([]);
});

/** Before the form, with one unit of something in the cart. */
async function atCheckout(base = system.webUrl, options: Parameters<typeof newShopper>[2] = {}): Promise<Page> {
  shopper = await newShopper(browser, base, { reducedMotion: 'reduce', ...options });
  await shopper.page.context().addCookies([{ name: 'msp_cart', value: '1x1', url: base }]);
  await shopper.page.goto('/checkout');
  return shopper.page;
}

async function countOrders(email: string): Promise<number> {
  const [row] = await system.db.query<{ n: number }>('select count(*) n from orders where email = ?', [email]);
  return Number(row?.n);
}

const said = (page: Page) => page.locator('[data-say]').textContent();
const errorOf = (page: Page, field: string) => page.locator(`#checkout-${field}-error`);

describe('the form', () => {
  test('tells browsers and telephones what each field is for', async () => {
    const page = await atCheckout();
    const hints = await page.evaluate(
      `[...document.querySelectorAll('#checkout-form .field :is(input, textarea)')].map(
        ({ name, type, inputMode, autocomplete, enterKeyHint }) => [name, type, inputMode, autocomplete, enterKeyHint])`,
    );
    expect(hints).toEqual([
      ['name', 'text', '', 'name', 'next'],
      ['email', 'email', 'email', 'email', 'next'],
      ['phone', 'tel', 'tel', 'tel', 'next'],
      ['notes', 'textarea', '', 'off', 'enter'],
    ]);
  });

  for (const [language, sentence] of [
    ['fr', 'Cette adresse email n’est pas complète. Exemple : marie@exemple.fr'],
    ['en', 'This email address is not complete. Example: marie@example.com'],
  ] as const) {
    test(`says what is wrong when a field is left, and that it is right with the letter that makes it so, ${language}`, async () => {
      const page = await atCheckout(language === 'fr' ? system.webUrl : english.url);
      const email = page.locator('#checkout-email');
      // Passed by, and in the middle of a word, nobody is told anything.
      await page.locator('#checkout-name').focus();
      await email.focus();
      await email.pressSequentially('marie@');
      expect(await page.locator('.field-error').count()).toBe(0);
      await page.locator('#checkout-phone').focus();
      expect(await errorOf(page, 'email').textContent()).toBe(sentence);
      expect(await said(page)).toBe(sentence);
      expect(await email.getAttribute('aria-invalid')).toBe('true');
      expect(await email.getAttribute('aria-describedby')).toBe('checkout-email-hint checkout-email-error');
      await email.pressSequentially('exemple.f');
      expect(await errorOf(page, 'email').count()).toBe(1);
      await email.pressSequentially('r');
      expect(await errorOf(page, 'email').count()).toBe(0);
      expect([await email.getAttribute('aria-invalid'), await said(page)]).toEqual([null, '']);
      expect(await email.getAttribute('aria-describedby')).toBe('checkout-email-hint');
    });
  }

  test('takes what the server found wrong off the list as it is put right', async () => {
    const page = await atCheckout();
    await page.locator('#checkout-phone').fill('abc');
    await confirmButton(page).click();
    const summary = page.getByRole('alert').filter({ hasText: 'Il reste quelque chose à corriger' });
    await expect.poll(() => summary.getByRole('link').count(), EVENTUALLY).toBe(3);
    await page.locator('#checkout-phone').fill('06 12 34 56 78');
    expect(await summary.getByRole('link').count()).toBe(2);
    await fillIn(page);
    expect(await summary.count()).toBe(0);
  });

  test('asks whether a slip in the e-mail’s domain is one, and insists on nothing', async () => {
    const page = await atCheckout();
    await fillIn(page, 'Marie Curie', 'marie@gmial.com');
    await page.locator('#checkout-phone').focus();
    const offer = page.getByRole('button', { name: 'Vouliez-vous dire marie@gmail.com ?' });
    expect(await said(page)).toContain('Vouliez-vous dire marie@gmail.com');
    await offer.click();
    expect(await page.getByLabel('Email').inputValue()).toBe('marie@gmail.com');
    expect(await page.evaluate('document.activeElement.id')).toBe('checkout-email');
    expect(await offer.count()).toBe(0);
    await page.getByLabel('Email').fill('marie@gmial.com');
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);
    expect(await countOrders('marie@gmial.com')).toBe(1);
  });

  test('keeps what was typed over a reload, until the order is placed', async () => {
    const page = await atCheckout();
    await fillIn(page, 'Encore Là', 'encore@exemple.fr');
    await page.getByLabel('Notes').fill('Deux\nlignes');
    await page.reload();
    expect(await page.getByLabel('Nom complet').inputValue()).toBe('Encore Là');
    expect(await page.getByLabel('Notes').inputValue()).toBe('Deux\nlignes');
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('leads from field to field by the key that says so, on a telephone', async () => {
    const page = await atCheckout(system.webUrl, {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 390, height: 800 },
    });
    await fillIn(page, 'Au Pouce', 'pouce@exemple.fr');
    const focused = () => page.evaluate('document.activeElement.name');
    await page.getByLabel('Email').press('Enter');
    expect(await focused()).toBe('phone');
    await page.getByLabel('Téléphone').press('Enter');
    expect(await focused()).toBe('notes');
    expect(await countOrders('pouce@exemple.fr')).toBe(0);
  });
});

describe('against junk', () => {
  test('a field that only robots see orders nothing, and lets people through whose autofill fell into it', async () => {
    const page = await atCheckout();
    const trap = page.locator('#checkout-form input[name=website]');
    expect(await trap.evaluate((field) => field.closest('[aria-hidden=true]') !== null)).toBe(true);
    expect(await trap.getAttribute('tabindex')).toBe('-1');
    await fillIn(page, 'Trop Aidée', 'trop-aidee@exemple.fr');
    await page.evaluate("document.querySelector('#checkout-website').value = 'https://spam.example'");
    const key = await page.locator('input[name=key]').inputValue();
    await confirmButton(page).click();
    await page.getByText('Un champ invisible a été rempli').waitFor();
    expect(await countOrders('trop-aidee@exemple.fr')).toBe(0);
    expect(await page.locator('input[name=key]').inputValue()).toBe(key);
    expect(await page.getByLabel('Email').inputValue()).toBe('trop-aidee@exemple.fr');
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);
    expect(await countOrders('trop-aidee@exemple.fr')).toBe(1);
  });

  test('an address that orders like a program is slowed down, no other is, and its page goes on by itself', async () => {
    const page = await atCheckout(english.url, { extraHTTPHeaders: { 'X-Forwarded-For': '198.51.100.7' } });
    const [product] = await system.db.query<{ price_cents: number }>('select price_cents from products where id = 1');
    await system.db.query('update products set stock = null where id = 1');
    const place = (from: string, cents = product!.price_cents) =>
      fetch(`${english.url}/checkout`, {
        method: 'POST',
        headers: { Accept: 'text/html', Origin: english.url, 'X-Forwarded-For': from },
        body: new URLSearchParams({
          key: randomUUID(),
          lines: `1x1at${cents}`,
          name: 'Une Machine',
          email: 'machine@exemple.fr',
        }),
        redirect: 'manual',
      });
    // What comes to nothing counts for nothing.
    for (let i = 0; i < 50; i += 1) expect((await place('198.51.100.7', 1)).status).toBe(409);
    const answers = await Promise.all(Array.from({ length: 50 }, () => place('198.51.100.7')));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 303)).toHaveLength(40);
    const refused = answers.find(({ status }) => status === 429)!;
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(10);
    expect(await refused.text()).toContain('Many orders are coming in right now');
    // Elsewhere, and from where a gateway may stand that nobody has named.
    for (const from of ['198.51.100.8', '10.1.2.3', '127.0.0.1']) expect((await place(from)).status).toBe(303);

    await page.clock.install();
    await page.getByLabel('Full name').fill('Une Personne');
    await page.getByLabel('Email').fill('personne@exemple.fr');
    await page.getByRole('button', { name: 'Confirm order' }).click();
    await page.locator('[data-checking]').getByText('Yours goes through as soon as possible').waitFor();
    expect(await countOrders('personne@exemple.fr')).toBe(0);
    // Ten seconds later there is room; here, the place is another one instead.
    await page.context().setExtraHTTPHeaders({ 'X-Forwarded-For': '198.51.100.9' });
    await page.clock.fastForward(11_000);
    await page.waitForURL(ORDER_URL);
    expect(await countOrders('personne@exemple.fr')).toBe(1);
  });
});

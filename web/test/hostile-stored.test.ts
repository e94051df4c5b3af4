import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { HOSTILE_TEXTS } from '../../scripts/testing/hostile/text-cases.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { openDesk, type Placed, placeOrder, signedIn } from './desk-window.ts';
import { EVENTUALLY, newShopper } from './shopper.ts';

let system: TestSystem;
let browser: Browser;
/** What was placed, by what its name is. */
const placed = new Map<string, Placed & { text: string }>();
let desk: Page;
const complaints: string[] = [];

/** What would be worst in a page, looked at in a real one. */
const NASTIEST = HOSTILE_TEXTS.filter(({ what }) =>
  [
    'a script, closed early',
    'an image that fails',
    'SVG that loads',
    'an attribute, double quotes',
    'an attribute, single quotes',
    'htmx that posts',
    'htmx that runs',
    'a partial of ours',
    'a comment left open',
    'a text area closed',
    'entities',
    'a template, braces',
    'a right-to-left override',
    'isolates closed too often',
    'an emoji family, joined',
    'stacked combining marks',
  ].includes(what),
);
/** Those that would break out of the form they were typed into. */
const IN_A_FORM = NASTIEST.filter(({ what }) => /attribute|text area|comment/.test(what));

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  await placeOrder(system, 'Témoin');
  const context = await signedIn(browser, system);
  desk = await openDesk(context, system);
  listen(desk);
  for (const { what, text, kept = text } of NASTIEST) {
    placed.set(what, { ...(await placeHostile(text)), text: kept });
  }
});

async function placeHostile(text: string): Promise<Placed> {
  const response = await fetch(`${system.ordersUrls[0]}/orders`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    body: JSON.stringify({
      name: text,
      email: "o'brien+miel@exemple.fr",
      notes: `${text}\n${text}`,
      lines: [{ productId: 1, quantity: 1 }],
    }),
  });
  expect(response.status).toBe(201);
  return (await response.json()) as Placed;
}

function listen(page: Page): void {
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
}

/** Whatever is in a page that only a text could have brought there. */
const INTRUDERS = `(() => {
  const found = [...document.querySelectorAll('*')].flatMap((element) => {
    const foreign = element.getAttributeNames().filter((name) => /^on|^hx-on|^x$|^src$/.test(name));
    const isOurs = element.matches('head script, img[src^="/static/"]');
    return foreign.length > 0 && !isOurs ? [element.outerHTML.slice(0, 200)] : [];
  });
  if (document.querySelectorAll('script').length !== 1) found.push('another script');
  for (const tag of ['svg[onload]', 'b[hx-get]', '[hx-post="/admin/logout"]', 'main hx-partial']) {
    if (document.querySelector(tag)) found.push(tag);
  }
  if ('hostile' in window) found.push('a script ran');
  return found;
})()`;
const intruders = (page: Page) => page.evaluate<string[]>(INTRUDERS);

/** A row's name as it stands in the document, and what holds it. */
function rowOf(page: Page, number: string) {
  return page.$eval(`#order-rows > tr[data-number="${number}"] .order-customer`, (cell) => ({
    text: cell.textContent,
    tags: [...cell.querySelectorAll('*')].map(({ tagName }) => tagName),
    ignored: cell.hasAttribute('hx-ignore'),
  }));
}

const harmless = (text: string) => ({ text, tags: ['BDI'], ignored: true });

describe('a text as hostile as can be', () => {
  test('is a row of the open table, to the letter, by the stream', async () => {
    const last = [...placed.values()].at(-1)!;
    await desk.locator(`#order-rows > tr[data-number="${last.number}"]`).waitFor({ state: 'attached' });
    for (const { number, text } of placed.values()) expect(await rowOf(desk, number)).toEqual(harmless(text));
    expect(await intruders(desk)).toEqual([]);
  });

  test('is one in the page, and in the rows that a poll brings', async () => {
    await desk.goto(`${system.webUrl}/admin/orders`);
    for (const { number, text } of placed.values()) expect(await rowOf(desk, number)).toEqual(harmless(text));
    const answer = desk.waitForResponse(/\/admin\/orders\/rows/);
    await desk
      .getByRole('link', { name: 'Actualiser' })
      .or(desk.getByRole('button', { name: 'Actualiser' }))
      .click();
    await answer;
    for (const { number, text } of placed.values()) expect(await rowOf(desk, number)).toEqual(harmless(text));
    expect(await intruders(desk)).toEqual([]);
  });

  test("stands on the order's page and on the shopper's as it was typed", async () => {
    const { page, close } = await newShopper(browser, system.webUrl);
    listen(page);
    for (const { number, token, text } of placed.values()) {
      await desk.goto(`${system.webUrl}/admin/orders/${number}`);
      const facts = await desk.$$eval('.facts dd', (all) => all.map((one) => one.textContent));
      expect(facts).toEqual([text, "o'brien+miel@exemple.fr", `${text}\n${text}`]);
      expect(await desk.$eval('.facts a', (link) => link.getAttribute('href'))).toMatch(/^mailto:o'brien%2Bmiel%40/);
      expect(await intruders(desk)).toEqual([]);

      await page.goto(`/orders/${token}`);
      expect(await page.locator('#order-person bdi').textContent()).toBe(text);
      expect(await intruders(page)).toEqual([]);
    }
    await close();
  });

  test('that is refused stands in the form again, and nowhere else', async () => {
    const { page, close } = await newShopper(browser, system.webUrl);
    listen(page);
    for (const { text } of IN_A_FORM) {
      await page.goto('/');
      await page.locator('form[action="/cart/lines"] button').first().click();
      await expect.poll(() => page.locator('.cart-units').count(), EVENTUALLY).toBe(1);
      await page.goto('/checkout');
      await page.fill('#checkout-name', text);
      await page.fill('#checkout-email', 'none');
      await page.fill('#checkout-notes', text);
      await page.getByRole('button', { name: /Confirmer/ }).click();
      await page.locator('#checkout-email-error').waitFor();
      expect(await page.inputValue('#checkout-name')).toBe(text);
      expect(await page.inputValue('#checkout-notes')).toBe(text);
      expect(await intruders(page)).toEqual([]);
      await page.context().clearCookies();
    }
    await close();
  });

  test('turns nothing around it: columns stand where they stand for a plain name', async () => {
    await desk.goto(`${system.webUrl}/admin/orders`);
    const edges = await desk.$$eval('#order-rows > tr', (rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].map((cell) => Math.round(cell.getBoundingClientRect().left))),
    );
    expect(new Set(edges.map((row) => row.join()))).toHaveLength(1);
  });

  test('made no page complain', () => {
    expect(NASTIEST).toHaveLength(16);
    expect(complaints.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]);
  });
});

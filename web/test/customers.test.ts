import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestSystem } from '../../scripts/testing/system.ts';
import { CustomerExport } from '../../shared/contracts/customer.ts';
import { changeStatus, openDesk, placeOrder, row, signedIn, startDesk } from './desk-window.ts';

/** What `placeOrder` orders as. */
const EMAIL = 'jeanne@test.example';

let system: TestSystem;
let browser: Browser;
let session: string;
let context: BrowserContext;

beforeAll(async () => {
  ({ system, browser, session } = await startDesk());
});
afterEach(() => context?.close());

async function placeEnded(name: string) {
  const placed = await placeOrder(system, name);
  await changeStatus(system, session, placed.number, 'annulee');
  return placed;
}

async function lookUp(email = EMAIL): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${system.webUrl}/admin`);
  await page.getByRole('link', { name: 'Données personnelles' }).click();
  await page.getByLabel('Email du client').fill(email);
  await page.getByRole('button', { name: 'Chercher' }).click();
  return page;
}

async function erase(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Effacer…' }).click();
  await page.getByRole('heading', { name: 'Effacer ce client ?' }).waitFor();
  await page.getByRole('button', { name: 'Effacer le client' }).click();
  await page.getByText('Le client est effacé de ses commandes.').waitFor();
}

describe('personal data, from the desk', () => {
  test('a customer is erased after a question, and every open page loses the name without a reload', async () => {
    const { number, token } = await placeEnded('Jeanne à effacer');
    context = await signedIn(browser, system);
    const table = await openDesk(context, system);
    const cancelled = await openDesk(context, system, '/admin/orders?view=annulee');
    const detail = await openDesk(context, system, `/admin/orders/${number}`);
    expect(await table.textContent(`${row(number)} .order-customer`)).toBe('Jeanne à effacer');
    expect(await detail.textContent('main')).toContain(EMAIL);

    const page = await lookUp('JEANNE@test.example');
    await page.getByText('1 commande').waitFor();
    await erase(page);
    for (const open of [table, cancelled]) {
      await open.locator(`${row(number)} .order-customer`, { hasText: 'Client effacé' }).waitFor();
      expect(await open.locator('html').innerHTML()).not.toContain('Jeanne à effacer');
    }
    await expect.poll(() => detail.locator('html').innerHTML(), { timeout: 15_000 }).not.toContain('Jeanne');
    expect(await detail.textContent('.timeline li:last-child')).toMatch(/Client effacé par admin/);

    const shopper = await (await browser.newContext()).newPage();
    await shopper.goto(`${system.webUrl}/orders/${token}`);
    expect(await shopper.textContent('main')).toContain(number);
    expect(await shopper.content()).not.toContain('Jeanne');
    await shopper.context().close();
    await (await lookUp()).getByText('Aucune commande à cette adresse.').waitFor();
  });

  test('whoever was away and is caught up from memory is not shown the name any more', async () => {
    context = await signedIn(browser, system);
    const before = await (await openDesk(context, system)).locator('#live-state').getAttribute('data-cursor');
    const { number } = await placeEnded('Jeanne en absence');
    const caughtUp = async () => {
      const answer = await fetch(`${system.notifierUrls[0]}/live/orders?view=all&after=${before}`, {
        headers: { Authorization: `Bearer ${session}` },
      });
      let text = '';
      for await (const bytes of answer.body!) {
        text += Buffer.from(bytes).toString();
        if (text.includes('event: head')) break;
      }
      return text;
    };
    await expect.poll(caughtUp).toContain('Jeanne en absence');
    await erase(await lookUp());
    await expect.poll(caughtUp).toContain('Client effacé');
    const text = await caughtUp();
    expect(text).toContain(number);
    expect(text).not.toContain('Jeanne');
    expect(text).not.toContain('event: reset');
  });

  test('orders that have not ended are named, and nothing can be erased before', async () => {
    const { number } = await placeOrder(system, 'Jeanne en attente');
    context = await signedIn(browser, system);
    const page = await lookUp();
    await page.getByRole('link', { name: number }).waitFor();
    expect(await page.getByRole('button', { name: 'Effacer…' }).count()).toBe(0);
    // Placed after the admin looked: the service itself refuses.
    const answer = await page.request.post(`${system.webUrl}/admin/customers/erase`, {
      form: { email: EMAIL, confirmed: '1' },
      headers: { Origin: system.webUrl, Accept: 'text/html' },
    });
    expect(answer.status()).toBe(409);
    expect(await answer.text()).toContain(number);
    await changeStatus(system, session, number, 'annulee');
    await erase(await lookUp());
  });

  test('the copy is one JSON file whose name says nothing of the person', async () => {
    const { number } = await placeEnded('Jeanne en copie');
    context = await signedIn(browser, system);
    const page = await lookUp();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Exporter' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^donnees-client-\d{4}-\d\d-\d\d\.json$/);
    const copy = CustomerExport.parse(JSON.parse(await readFile(await download.path(), 'utf8')));
    expect(copy.orders.map((order) => [order.number, order.name])).toEqual([[number, 'Jeanne en copie']]);
    expect(page.url()).not.toContain('jeanne');
  });

  test('what is no email is said at the field', async () => {
    context = await signedIn(browser, system);
    const page = await context.newPage();
    const answer = await page.request.post(`${system.webUrl}/admin/customers`, {
      form: { email: '<b>personne' },
      headers: { Origin: system.webUrl, Accept: 'text/html' },
    });
    expect(answer.status()).toBe(422);
    const html = await answer.text();
    expect(html).toContain('Cette adresse n’est pas un email.');
    expect(html).toContain('value="&lt;b&gt;personne"');
  });
});

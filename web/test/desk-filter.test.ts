import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { growOld } from '../../scripts/testing/old-shop.ts';
import type { TestSystem } from '../../scripts/testing/system.ts';
import { SESSION_COOKIE } from '../../shared/contracts/session.ts';
import { ordersClient } from '../orders-client.ts';
import { buildApp } from './build-app.ts';
import { LONG, openDesk, placeOrder, signedIn, startDesk, tableOf } from './desk-window.ts';

const ORDERS = 240;

let system: TestSystem;
let browser: Browser;
let session: string;
let context: BrowserContext;

beforeAll(async () => {
  ({ system, browser, session } = await startDesk(3));
  await growOld(system.db.url, { orders: ORDERS, seed: 2, until: new Date(), days: 30 });
});

afterEach(() => context?.close());

type Options = Parameters<typeof signedIn>[2];

async function visit(path: string, options?: Options): Promise<Page> {
  context = await signedIn(browser, system, options, session);
  const page = await context.newPage();
  await page.goto(system.webUrl + path);
  return page;
}

const numbers = async (page: Page) => (await tableOf(page)).map(({ number }) => number);
const database = async (where: string) =>
  (await system.db.query<{ number: string }>(`select number from orders where ${where} order by id desc limit 50`)).map(
    ({ number }) => number,
  );
const address = (page: Page) => {
  const { pathname, search } = new URL(page.url());
  return pathname + search;
};

describe('without JavaScript', () => {
  const plain: Options = { javaScriptEnabled: false };

  test('search, filters and tabs go together, all of it in the address', async () => {
    const page = await visit('/admin/orders', plain);
    await page.fill('#filter-q', 'ma');
    await page.click('#order-filter > .button');
    expect(await numbers(page)).toEqual(await database("name like 'ma%' or name_rest like 'ma%' or email like 'ma%'"));
    await page.click('#order-filter summary');
    await page.fill('#filter-min', '100,5');
    await page.click('.filter-fields > .button');
    const narrowed = "(name like 'ma%' or name_rest like 'ma%' or email like 'ma%') and total_cents >= 10050";
    expect(await numbers(page)).toEqual(await database(narrowed));
    await page.click('.view-tabs a:has-text("Terminée")');
    expect(await numbers(page)).toEqual(await database(`${narrowed} and status = 'terminee'`));
    expect(address(page)).toBe('/admin/orders?view=terminee&q=ma&min=100.50');
    expect(await page.inputValue('#filter-q')).toBe('ma');
    await page.click('text=Tout effacer');
    expect(address(page)).toBe('/admin/orders?view=terminee');
  });

  test('what cannot be understood is said where it was typed, and everything else holds', async () => {
    const page = await visit('/admin/orders?q=ma&from=2026-13-01&min=beaucoup&max=1&to=hier', plain);
    expect(await page.textContent('[role="alert"]')).toContain('n’a pas été comprise');
    for (const [field, word] of [
      ['from', 'date'],
      ['to', 'date'],
      ['min', 'montant'],
    ])
      expect(await page.textContent(`#filter-${field}-error`)).toContain(word);
    expect(await page.inputValue('#filter-min')).toBe('beaucoup');
    expect(await page.getAttribute('#filter-min', 'aria-invalid')).toBe('true');
    expect(await numbers(page)).toEqual(
      await database("(name like 'ma%' or name_rest like 'ma%' or email like 'ma%') and total_cents <= 100"),
    );
    const reversed = await page.goto(`${system.webUrl}/admin/orders?from=2026-11-02&to=2026-11-01`);
    expect(reversed?.status()).toBe(400);
    expect(await page.textContent('#filter-to-error')).toContain('avant');
  });

  test('one reads on to the last page, and back to the first', async () => {
    const page = await visit('/admin/orders', plain);
    const seen = [await numbers(page)];
    while (await page.isVisible('#older-orders')) {
      await page.click('#older-orders');
      seen.push(await numbers(page));
    }
    expect(seen.flat()).toHaveLength(ORDERS);
    expect(new Set(seen.flat()).size).toBe(ORDERS);
    await page.click('a[rel="prev"]');
    expect((await numbers(page)).at(-1)).toBe(seen.at(-2)!.at(-1));
    while (await page.isVisible('a[rel="prev"]')) await page.click('a[rel="prev"]');
    expect(await numbers(page)).toEqual(seen[0]);
  });

  test('a filter is saved under a name, found again as a tab, and forgotten; nobody else sees it', async () => {
    const page = await visit('/admin/orders?min=100&view=annulee', plain);
    await page.click('text=Mes vues');
    await page.fill('#view-name', 'Gros <b>paniers</b>');
    await page.click('text=Enregistrer ce filtre');
    expect(await page.textContent('[role="alert"]')).toContain('Gros <b>paniers</b>');
    await page.goto(`${system.webUrl}/admin/orders`);
    await page.click('.view-tabs .saved-view');
    expect(address(page)).toBe('/admin/orders?view=annulee&min=100');
    expect(await page.textContent('.view-tabs [aria-current]')).toContain('Gros <b>paniers</b>');
    await page.click('text=Mes vues');
    await page.click('.saved-views button');
    expect(await page.locator('.saved-view').count()).toBe(0);
    expect(await system.db.query('select * from saved_views')).toEqual([]);
  });

  test('a product and a progress narrow the table too, and are let go of one by one', async () => {
    const [one] = await system.db.query<{ id: number; name: string }>('select id, name from products where id = 5');
    const page = await visit(`/admin/orders?product=${one!.id}`, plain);
    const holds = `exists (select 1 from order_lines where order_id = orders.id and product_id = ${one!.id})`;
    expect(await numbers(page)).toEqual(await database(holds));
    await page.click('#order-filter summary');
    await page.selectOption('#filter-stage', { label: 'Hors annulées' });
    await page.click('.filter-fields > .button');
    expect(await numbers(page)).toEqual(await database(`${holds} and status <> 'annulee'`));
    expect(await page.textContent('#order-filter summary')).toContain('1 actif');
    expect(await page.textContent('.filter-product')).toContain(one!.name);
    await page.click('.filter-product');
    expect(address(page)).toBe('/admin/orders?stage=sold');
    expect(await numbers(page)).toEqual(await database("status <> 'annulee'"));
    const wrong = await page.goto(`${system.webUrl}/admin/orders?product=0&stage=soon`);
    expect(wrong?.status()).toBe(400);
    expect(await page.textContent('#filter-product-error')).toContain('produit');
    expect(await page.textContent('#filter-stage-error')).toContain('liste');
    await page.goto(`${system.webUrl}/admin/orders?product=99999`);
    expect(await page.textContent('.filter-product')).toContain('Produit 99999');
    expect(await page.textContent('.order-table-empty')).toContain('Aucune commande');
  });

  test('a search that ended before its page was full says so, and goes on', async () => {
    const client = ordersClient(system.ordersUrls[0]!);
    const app = await buildApp({
      orders: {
        ...client,
        async listOrders(session, query) {
          const answer = await client.listOrders(session, { ...query, limit: 2 });
          if (!answer.ok) return answer;
          const orders = query.q === 'zzz' ? [] : answer.data.orders;
          return { ok: true, data: { ...answer.data, orders, next: 41, searchedUntil: '2026-03-03T13:02:00.000Z' } };
        },
      },
    });
    const get = async (path: string) =>
      (await app.request(path, { headers: { Cookie: `${SESSION_COOKIE}=${session}` } })).text();
    const found = await get('/admin/orders?q=m');
    expect(found).toContain('Commandes parcourues jusqu’au 3 mars 2026');
    expect(found).toMatch(/href="\/admin\/orders\?q=m&amp;before=41"[^>]*>↓ Chercher plus loin</);
    expect(await get('/admin/orders?q=zzz')).toContain('Rien trouvé jusqu’ici.');
    const up = await get('/admin/orders?q=m&above=20');
    expect(up).toContain('↑ Chercher plus loin');
    expect(up).toContain('↓ Plus anciennes');
  });

  test('columns are chosen by a form', async () => {
    const page = await visit('/admin/orders?q=m', plain);
    expect(await page.isVisible('th.order-email')).toBe(false);
    await page.click('text=Colonnes');
    await page.check('[name="email"]');
    await page.uncheck('[name="lines"]');
    await page.click('text=Appliquer');
    expect(address(page)).toBe('/admin/orders?q=m');
    expect(await page.isVisible('th.order-email')).toBe(true);
    expect(await page.isVisible('td.order-lines')).toBe(false);
  });
});

describe('an open page', () => {
  test('keeps its filter over what comes live, and leads to what comes outside of it', async () => {
    context = await signedIn(browser, system, {}, session);
    const page = await openDesk(context, system, '/admin/orders?q=grosmatin');
    const inside = await placeOrder(system, 'Zoé Grosmatin');
    await page.waitForSelector(`#order-rows [data-number="${inside.number}"]`);
    const outside = await placeOrder(system, 'Paul Autre');
    await expect.poll(() => page.textContent('#waiting-pill'), LONG).toBe('+1 hors filtre');
    expect(await numbers(page)).toEqual([inside.number]);
    await page.click('#waiting-pill');
    await page.waitForSelector(`#order-rows [data-number="${outside.number}"]`);
    expect(address(page)).toBe('/admin/orders');
  });

  test('keeps to a product', async () => {
    const { number } = await placeOrder(system, 'Zoé Première');
    const [line] = await system.db.query<{ id: number }>(
      'select product_id as id from order_lines join orders on orders.id = order_id where number = ?',
      [number],
    );
    context = await signedIn(browser, system, {}, session);
    const page = await openDesk(context, system, `/admin/orders?product=${line!.id}&q=zoé`);
    const other = await openDesk(context, system, `/admin/orders?product=${line!.id + 1}&q=zoé`);
    const next = await placeOrder(system, 'Zoé Deuxième');
    await page.waitForSelector(`#order-rows [data-number="${next.number}"]`);
    await expect.poll(() => other.textContent('#waiting-pill'), LONG).toBe('+1 hors filtre');
  });

  test('keeps it over its polls, when the stream is gone', async () => {
    context = await signedIn(browser, system, {}, session);
    await context.route('**/live/**', (route) => route.abort());
    const page = await context.newPage();
    await page.goto(`${system.webUrl}/admin/orders?q=petitsoir`);
    const outside = await placeOrder(system, 'Paul Autre');
    const inside = await placeOrder(system, 'Zoé Petitsoir');
    await page.waitForSelector(`#order-rows [data-number="${inside.number}"]`);
    expect(await numbers(page)).not.toContain(outside.number);
  });

  test('shows and hides columns at once, in rows that come later, too, and after a reload', async () => {
    context = await signedIn(browser, system, {}, session);
    const page = await openDesk(context, system);
    await page.click('text=Colonnes');
    const saved = page.waitForResponse('**/admin/orders/columns');
    await page.uncheck('[name="customer"]');
    expect((await saved).status()).toBe(204);
    expect(await page.isVisible('th.order-customer')).toBe(false);
    await page.keyboard.press('Escape');
    expect(await page.isVisible('#columns')).toBe(false);
    const { number } = await placeOrder(system, 'Zoé Cachée');
    await page.waitForSelector(`#order-rows [data-number="${number}"]`);
    expect(await page.isVisible(`[data-number="${number}"] .order-customer`)).toBe(false);
    await page.reload();
    expect(await page.isVisible(`[data-number="${number}"] .order-customer`)).toBe(false);
  });

  test('sends no empty fields, and marks no filter that is none', async () => {
    context = await signedIn(browser, system, {}, session);
    const page = await openDesk(context, system, '/admin/orders?view=en_cours');
    await page.fill('#filter-q', 'zoé m');
    await page.press('#filter-q', 'Enter');
    await page.waitForURL('**q=*');
    expect(address(page)).toBe('/admin/orders?view=en_cours&q=zo%C3%A9+m');
  });
});

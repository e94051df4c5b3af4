import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { type HttpServer, listen } from '../../shared/process/http-server.ts';
import { ordersClient } from '../orders-client.ts';
import { overloadPage } from '../overload-page.tsx';
import { loadStaticFiles } from '../static-files.ts';
import { buildApp } from './build-app.ts';
import { addToCart, confirmButton, fillIn, newShopper, ORDER_URL, openDialog } from './shopper.ts';

const PLENTY = 1000;
const load = { maxInFlight: PLENTY };
let system: TestSystem;
let web: HttpServer;
let url: string;

beforeAll(async () => {
  system = await startSystem();
  const { asset, file } = await loadStaticFiles(resolve(import.meta.dirname, '../../dist/static'));
  const app = await buildApp({ orders: ordersClient(system.ordersUrls[0]!) });
  const refusal = overloadPage({ locale: 'fr', timeZone: 'Europe/Paris', currency: 'EUR', asset, file });
  web = await listen({ fetch: app.fetch, port: 0, host: '127.0.0.1', load: Object.assign(load, { refusal }) });
  url = `http://127.0.0.1:${web.port}`;
});
afterAll(() => web.close(100));

test('whoever is turned away is told in a form that suits them, and what a page may do is as bounded as ever', async () => {
  load.maxInFlight = 0;
  const asked = (headers: Record<string, string>) => fetch(url, { headers });
  const page = await asked({ Accept: 'text/html' });
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '1']);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).toMatch(/<html lang="fr">.*rien n’a été commandé/s);
  expect(await (await asked({ 'HX-Request': 'true' })).text()).toMatch(/^<hx-partial hx-target="#toasts"/);
  expect(await (await asked({ Accept: 'application/json' })).json()).toMatchObject({ code: 'overloaded' });
  load.maxInFlight = PLENTY;
});

test('for a shopper who confirms at that moment, the page asks again by itself until there is room', async () => {
  const { page, complaints, close } = await newShopper(await launchBrowser(), url);
  await addToCart(page, 'Carte cadeau');
  await openDialog(page);
  await fillIn(page, 'Trop de Monde', 'monde@exemple.fr');
  load.maxInFlight = 0;
  await confirmButton(page).click();
  await page.locator('[data-checking]').waitFor();
  expect(await page.getByLabel('Nom complet').inputValue()).toBe('Trop de Monde');
  expect(await system.db.query("select 1 from orders where email = 'monde@exemple.fr'")).toEqual([]);
  load.maxInFlight = PLENTY;
  await page.waitForURL(ORDER_URL);
  expect(await system.db.query("select 1 from orders where email = 'monde@exemple.fr'")).toHaveLength(1);
  expect(complaints).toEqual([]);
  await close();
});

test('who adds to the cart at that moment is told so, and no empty cart opens', async () => {
  const { page, close } = await newShopper(await launchBrowser(), url);
  await page.goto(url);
  load.maxInFlight = 0;
  await page.getByRole('button', { name: 'Ajouter au panier' }).first().click();
  expect(await page.getByRole('alert').textContent()).toMatch(/rien n’a été/);
  expect(await page.locator('#cart-drawer').isVisible()).toBe(false);
  load.maxInFlight = PLENTY;
  await page.getByRole('button', { name: 'Ajouter au panier' }).first().click();
  await page.locator('#cart-drawer').getByText('Total').first().waitFor();
  await close();
});

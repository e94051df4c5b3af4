import type { Browser, Page, Route } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { startProcess, type TestProcess } from '../../scripts/testing/process.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { testProxy } from '../../scripts/testing/tcp-proxy.ts';
import { faultsOf } from './faults-of.ts';
import {
  addToCart,
  confirmButton,
  EVENTUALLY,
  fillIn,
  newShopper,
  ORDER_URL,
  openDialog,
  type Shopper,
} from './shopper.ts';

type Line = Awaited<ReturnType<typeof testProxy>>;

let system: TestSystem;
let browser: Browser;
let web: TestProcess;
/** From the shopper's browser to web, and from web to orders. */
let toWeb: Line;
let toOrders: Line;
let shopper: Shopper;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  toOrders = await testProxy(system.ordersUrls[0]!);
  web = await startProcess('web', { ORDERS_URL: toOrders.url, NOTIFIER_URL: system.notifierUrls[0]! });
  toWeb = await testProxy(web.url);
});

afterEach(async () => {
  toWeb.set(undefined);
  toOrders.set(undefined);
  await shopper?.close();
});

/** Lets requests arrive and their answers get lost, so many times. @returns how many arrived */
function loseAnswers(line: Line, request: string, times: number): { arrived(): number } {
  let arrived = 0;
  const chance = () => {
    arrived += 1;
    return arrived <= times;
  };
  line.set({ kind: 'reset-on', direction: 'up', patterns: [Buffer.from(request)], when: 'after', chance });
  return { arrived: () => arrived };
}

async function countOrders(email: string): Promise<number> {
  const [row] = await system.db.query<{ n: number }>('select count(*) n from orders where email = ?', [email]);
  return Number(row?.n);
}

/** Before the filled-in form, in the dialog. */
async function readyToConfirm(email: string, options: Parameters<typeof newShopper>[2] = {}): Promise<Page> {
  shopper = await newShopper(browser, toWeb.url, options);
  await addToCart(shopper.page, 'Carte cadeau');
  await openDialog(shopper.page);
  await fillIn(shopper.page, 'Réponse Perdue', email);
  return shopper.page;
}

const checking = (page: Page) => page.locator('[data-checking]:not([hidden])');
const keyOf = (page: Page) => page.locator('#checkout-form input[name=key]').inputValue();

test('an answer that is lost behind the pages is asked for again, and the shopper notices nothing', async () => {
  const page = await readyToConfirm('derriere@exemple.fr');
  const posts = loseAnswers(toOrders, 'POST /orders', 2);
  await confirmButton(page).click();
  await page.waitForURL(ORDER_URL);
  expect(posts.arrived()).toBe(3);
  expect(await countOrders('derriere@exemple.fr')).toBe(1);
});

describe('when the shopper’s own line loses the answer', () => {
  test('the page checks by itself, with the same key, and asks the shopper for nothing', async () => {
    const page = await readyToConfirm('perdue@exemple.fr');
    const posts = loseAnswers(toWeb, 'POST /checkout', Number.POSITIVE_INFINITY);
    await confirmButton(page).click();
    await checking(page).getByText('Nous vérifions votre commande…').waitFor();
    // Nothing can be changed that was sent, and nothing says to order.
    expect(await page.locator('[data-fields][inert]').count()).toBe(1);
    expect(await confirmButton(page).isVisible()).toBe(false);
    expect(await page.locator('[data-say]').textContent()).toContain('ne peut être passée qu’une fois');
    expect(await page.evaluate('document.activeElement.matches("[data-checking]")')).toBe(true);
    await expect.poll(() => posts.arrived(), EVENTUALLY).toBeGreaterThanOrEqual(3);
    toWeb.set(undefined);
    await page.waitForURL(ORDER_URL);
    expect(await countOrders('perdue@exemple.fr')).toBe(1);
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('it goes on after a reload, and in a dialog that was closed and opened again', async () => {
    const page = await readyToConfirm('reprise@exemple.fr');
    const key = await keyOf(page);
    const posts = loseAnswers(toWeb, 'POST /checkout', Number.POSITIVE_INFINITY);
    await confirmButton(page).click();
    await checking(page).waitFor();
    await openDialog(page);
    await checking(page).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Passer commande' }).click();
    await checking(page).waitFor();
    expect(await keyOf(page)).toBe(key);
    expect(await page.locator('#checkout-email').inputValue()).toBe('reprise@exemple.fr');
    expect(posts.arrived()).toBeGreaterThanOrEqual(1);
    toWeb.set(undefined);
    await page.waitForURL(ORDER_URL);
    expect(await countOrders('reprise@exemple.fr')).toBe(1);
  });

  test('offline it waits for the network, and goes on when that is back', async () => {
    const page = await readyToConfirm('hors-ligne@exemple.fr');
    await page.context().setOffline(true);
    await confirmButton(page).click();
    await checking(page).getByText('Vous êtes hors connexion').waitFor();
    await page.context().setOffline(false);
    await page.waitForURL(ORDER_URL);
    expect(await countOrders('hors-ligne@exemple.fr')).toBe(1);
  });

  test('cut off right after the answer, it stays with the shopper and opens the order once the network is back', async () => {
    const page = await readyToConfirm('coupure@exemple.fr');
    const cutOff = async (route: Route) => {
      const response = await route.fetch();
      await page.context().setOffline(true);
      await route.fulfill({ response });
    };
    await page.route('**/checkout', cutOff, { times: 1 });
    await confirmButton(page).click();
    await checking(page).getByText('Vous êtes hors connexion').waitFor();
    await page.context().setOffline(false);
    await page.waitForURL(ORDER_URL);
    expect(await countOrders('coupure@exemple.fr')).toBe(1);
  });

  test('silence is spoken of, then taken for a loss; after two minutes the shopper may ask, with the same key', async () => {
    const page = await readyToConfirm('silence@exemple.fr', { reducedMotion: 'reduce' });
    await page.clock.install();
    const key = await keyOf(page);
    // What the shopper sends arrives; nothing comes back.
    toWeb.set({ kind: 'stall', directions: ['down'] });
    await confirmButton(page).click();
    await expect.poll(() => countOrders('silence@exemple.fr'), EVENTUALLY).toBe(1);
    await page.clock.fastForward(4_000);
    await checking(page).getByText('Cela prend plus de temps que d’habitude').waitFor();
    await page.clock.fastForward(15_000);
    await checking(page).getByText('Nous redemandons').waitFor();
    toWeb.set({ kind: 'refuse' });
    await page.clock.fastForward(121_000);
    await checking(page).getByText('Toujours pas de réponse').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(await keyOf(page)).toBe(key);
    toWeb.set(undefined);
    await page.getByRole('button', { name: 'Vérifier ma commande' }).click();
    await page.waitForURL(ORDER_URL);
    expect(await countOrders('silence@exemple.fr')).toBe(1);
  });
});

test('without JavaScript the form comes back with its key, and asks to check, not to order', async () => {
  shopper = await newShopper(browser, web.url, { javaScriptEnabled: false });
  const { page } = shopper;
  await page.goto('/');
  await page.getByRole('button', { name: 'Ajouter au panier : Carte cadeau' }).click();
  await page.goto('/checkout');
  const key = await keyOf(page);
  await fillIn(page, 'Sans Script', 'sans-reponse@exemple.fr');
  loseAnswers(toOrders, 'POST /orders', Number.POSITIVE_INFINITY);
  await confirmButton(page).click();
  await page.getByText('Pas encore de réponse').waitFor();
  expect(await keyOf(page)).toBe(key);
  expect(await page.getByLabel('Nom complet').inputValue()).toBe('Sans Script');
  expect(await confirmButton(page).count()).toBe(0);
  toOrders.set(undefined);
  await page.getByRole('button', { name: 'Vérifier ma commande' }).click();
  await page.waitForURL(ORDER_URL);
  expect(await countOrders('sans-reponse@exemple.fr')).toBe(1);
});

test('with the way to the orders service cut, pages say so and nothing breaks', async () => {
  const cut = await startProcess(
    'web',
    { ORDERS_URL: 'http://127.0.0.1:9', NOTIFIER_URL: 'http://127.0.0.1:9' },
    { until: 'listening' },
  );
  const page = await fetch(cut.url, { headers: { Accept: 'text/html' } });
  expect(page.status).toBe(503);
  expect(page.headers.get('retry-after')).toBe('5');
  expect(await page.text()).toContain('Indisponible un instant');
  const program = await fetch(cut.url, { headers: { Accept: 'application/json' } });
  expect(await program.json()).toMatchObject({ status: 503, code: 'unavailable' });
  expect((await fetch(`${cut.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${cut.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${cut.url}/live/orders`)).status).toBe(503);
});

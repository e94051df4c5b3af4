import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestSystem } from '../../scripts/testing/system.ts';
import { changeStatus, openDesk, type Placed, placeOrder, signedIn, startDesk } from './desk-window.ts';
import { EVENTUALLY, newShopper, type Shopper } from './shopper.ts';

/** Whose orders `placeOrder` places. */
const EMAIL = 'jeanne@test.example';

let system: TestSystem;
let browser: Browser;
let session: string;
let order: Placed;
const shoppers: Shopper[] = [];

beforeAll(async () => {
  ({ system, browser, session } = await startDesk());
});

afterEach(async () => {
  const complaints = shoppers.flatMap((shopper) => shopper.complaints);
  await Promise.all(shoppers.splice(0).map((shopper) => shopper.close()));
  expect(complaints).toEqual([]);
});

async function visit(path: string, options: Parameters<typeof newShopper>[2] & { base?: string } = {}): Promise<Page> {
  const { base = system.webUrl, ...rest } = options;
  const shopper = await newShopper(browser, base, { reducedMotion: 'reduce', ...rest });
  shoppers.push(shopper);
  await shopper.page.goto(path);
  return shopper.page;
}

const badge = (page: Page, word: string) => page.locator('#order-now .badge', { hasText: word });

describe('a shopper who changes their mind', () => {
  test('is asked once, and every open page of the order and of the desk shows it by itself', async () => {
    order = await placeOrder(system);
    const desk = await openDesk(await signedIn(browser, system, {}, session), system);
    const other = await visit(`/orders/${order.token}`);
    // Without JavaScript, because it needs none.
    const page = await visit(`/orders/${order.token}`, { javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Annuler ma commande' }).click();
    expect(await page.getByRole('main').innerText()).toContain(order.number);
    await page.getByRole('link', { name: 'Garder ma commande' }).click();
    expect(await badge(page, 'En attente').count()).toBe(1);
    await page.getByRole('link', { name: 'Annuler ma commande' }).click();
    await page.getByRole('button', { name: 'Oui, annuler ma commande' }).click();
    await page.waitForURL(`**/orders/${order.token}`);
    expect(await badge(page, 'Annulée').count()).toBe(1);
    await badge(other, 'Annulée').waitFor();
    expect(await other.getByRole('link', { name: 'Annuler ma commande' }).isVisible()).toBe(false);
    const row = desk.locator(`tr[data-number="${order.number}"]`);
    await row.getByText('par le client').waitFor();
    expect(await row.locator('.order-status').innerText()).toContain('Annulée');
    await desk.goto(`${system.webUrl}/admin/orders/${order.number}`);
    expect(await desk.locator('.timeline').innerText()).toContain('par le client');
    await desk.context().close();
  });

  test('is too late once it is in preparation: the way there goes, and who is on it already is told', async () => {
    order = await placeOrder(system);
    const page = await visit(`/orders/${order.token}`);
    const question = await visit(`/orders/${order.token}/cancel`);
    const way = page.getByRole('link', { name: 'Annuler ma commande' });
    expect(await way.isVisible()).toBe(true);
    await changeStatus(system, session, order.number, 'en_cours');
    await expect.poll(() => way.isVisible(), EVENTUALLY).toBe(false);
    await question.getByRole('button', { name: 'Oui, annuler ma commande' }).click();
    await question.getByRole('heading', { name: 'Il est trop tard' }).waitFor();
    expect(await question.getByRole('alert').innerText()).toContain('Votre commande est En cours');
    await question.getByRole('link', { name: 'Voir ma commande' }).click();
    await badge(question, 'En cours').waitFor();
    // Whoever comes later is not asked at all.
    await question.goto(`/orders/${order.token}/cancel`);
    expect(new URL(question.url()).pathname).toBe(`/orders/${order.token}`);
  });

  test('needs the order’s own address, and this site', async () => {
    order = await placeOrder(system);
    const post = (token: string, body: string, origin = system.webUrl) =>
      fetch(`${system.webUrl}/orders/${token}/cancel`, {
        method: 'POST',
        headers: { Accept: 'text/html', Origin: origin, 'Content-Type': 'application/x-www-form-urlencoded' },
        body,
        redirect: 'manual',
      });
    expect((await post('A'.repeat(32), 'version=1')).status).toBe(404);
    expect((await post(order.number, 'version=1')).status).toBe(404);
    expect((await post(order.token, 'version=1', 'https://evil.example')).status).toBe(403);
    for (const body of ['', 'version=0', 'version=1e0', 'version=x'])
      expect((await post(order.token, body)).status).toBe(400);
    // Not as it was seen.
    const stale = await post(order.token, 'version=7');
    expect(stale.status).toBe(409);
    expect(await stale.text()).toContain('La commande a changé entre-temps');
    expect((await post(order.token, 'version=1')).status).toBe(303);
  });
});

describe('an order whose address was lost', () => {
  test('is found by its number, however it is written, and its e-mail; without JavaScript, too', async () => {
    order = await placeOrder(system);
    const page = await visit('/', { javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Retrouver ma commande' }).click();
    await page.getByLabel('Numéro de commande').fill(` ${order.number.toLowerCase().replaceAll('-', ' ')} `);
    await page.getByLabel('Email de la commande').fill(EMAIL.toUpperCase());
    await page.getByRole('button', { name: 'Retrouver ma commande' }).click();
    await page.waitForURL(`**/orders/${order.token}`);
  });

  test('is not found by one of the two, in words that tell nobody which was wrong', async () => {
    order = await placeOrder(system);
    const page = await visit('/find-order', { colorScheme: 'dark' });
    const answers = [];
    for (const [number, email] of [
      [order.number, 'autre@test.example'],
      ['CMD-20200101-ABC123', EMAIL],
    ] as const) {
      await page.getByLabel('Numéro de commande').fill(number);
      await page.getByLabel('Email de la commande').fill(email);
      await page.getByRole('button', { name: 'Retrouver ma commande' }).click();
      await page.getByRole('alert').waitFor();
      answers.push(await page.getByRole('alert').innerText());
      expect(await page.getByLabel('Numéro de commande').inputValue()).toBe(number);
    }
    expect(answers[0]).toContain('Aucune commande trouvée');
    expect(answers[1]).toBe(answers[0]);
    await page.getByLabel('Email de la commande').fill('x@');
    await page.getByRole('button', { name: 'Retrouver ma commande' }).click();
    await page.getByText('Cette adresse email n’est pas complète').waitFor();
  });

  test('cannot be looked for without end', async () => {
    const ask = (i: number) =>
      fetch(`${system.webUrl}/find-order`, {
        method: 'POST',
        headers: { Accept: 'text/html', Origin: system.webUrl },
        body: new URLSearchParams({ number: `CMD-20200101-ABC1${10 + i}`, email: 'cible@test.example' }),
        redirect: 'manual',
      });
    const answers = await Promise.all(Array.from({ length: 14 }, (_, i) => ask(i)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(10).fill(404), ...Array(4).fill(429)]);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.text()).toContain('Trop d’essais');
  });
});

test('on paper there is the order alone', async () => {
  order = await placeOrder(system);
  const page = await visit(`/orders/${order.token}`);
  expect(await page.getByRole('button', { name: 'Imprimer' }).isVisible()).toBe(true);
  await page.emulateMedia({ media: 'print' });
  for (const gone of ['.cart-link', '.site-footer', '.order-actions', '[data-print]'])
    expect([gone, await page.locator(gone).first().isVisible()]).toEqual([gone, false]);
  expect(await page.getByRole('main').innerText()).toContain(order.number);
  expect(await page.locator('.line-table').isVisible()).toBe(true);
  expect(await page.locator('#step-en_attente-time').isVisible()).toBe(true);
});

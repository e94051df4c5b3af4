import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestSystem } from '../../scripts/testing/system.ts';
import { type AdminProduct, MAX_PICTURE_BYTES } from '../../shared/contracts/product.ts';
import { SESSION_COOKIE } from '../../shared/contracts/session.ts';
import { startDesk } from './desk-window.ts';
import { EVENTUALLY, newShopper, type Shopper } from './shopper.ts';

let system: TestSystem;
let browser: Browser;
let session: string;
const visitors: Shopper[] = [];

beforeAll(async () => {
  ({ system, browser, session } = await startDesk());
});

afterEach(async () => {
  const complaints = visitors.flatMap((visitor) => visitor.complaints);
  await Promise.all(visitors.splice(0).map((visitor) => visitor.close()));
  expect(complaints).toEqual([]);
});

async function visit(options: Parameters<typeof newShopper>[2] & { baseURL?: string } = {}): Promise<Page> {
  const visitor = await newShopper(browser, options.baseURL ?? system.webUrl, options);
  visitors.push(visitor);
  return visitor.page;
}

async function visitDesk(options: Parameters<typeof visit>[0] = {}): Promise<Page> {
  const page = await visit(options);
  const url = options.baseURL ?? system.webUrl;
  await page.context().addCookies([{ name: SESSION_COOKIE, value: session, url, httpOnly: true }]);
  return page;
}

async function productOf(slug: string): Promise<AdminProduct> {
  const response = await fetch(`${system.ordersUrls[0]}/catalogue`, {
    headers: { Authorization: `Bearer ${session}` },
  });
  const { products } = (await response.json()) as { products: AdminProduct[] };
  return products.find((product) => product.slug === slug)!;
}

/** As another admin's program would. */
async function changeProduct(slug: string, change: Record<string, unknown>): Promise<void> {
  const { id, version } = await productOf(slug);
  const response = await fetch(`${system.ordersUrls[0]}/products/${id}`, {
    method: 'PATCH',
    headers: { Authorization: `Bearer ${session}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ version, ...change }),
  });
  expect(response.status).toBe(200);
}

/** Pages may be drawn from a catalogue that is a moment old: sets the stock, and waits for them to tell it. */
async function leave(slug: string, stock: number): Promise<void> {
  await changeProduct(slug, { stock: { from: (await productOf(slug)).stock, to: stock } });
  const told = async () => (await fetch(`${system.webUrl}/products/${slug}`)).text();
  await expect.poll(told, EVENTUALLY).toContain(`Plus que ${stock} en stock`);
}

const names = (page: Page) => page.locator('.product h3').allInnerTexts();
const addButton = (page: Page, name: string) => page.getByRole('button', { name: `Ajouter au panier : ${name}` });
const drawer = (page: Page) => page.getByRole('dialog', { name: 'Votre panier' });

describe('the catalogue', () => {
  test('is searched as one types, without accents and by beginnings of words, at an address that can be shared', async () => {
    const page = await visit();
    await page.goto('/');
    await page.getByLabel('Rechercher un produit').pressSequentially('HUIL olive');
    await expect
      .poll(() => names(page), EVENTUALLY)
      .toEqual(['Huile d’olive vierge extra', 'Sardines à l’huile d’olive', 'Savon de Marseille à l’olive']);
    await expect.poll(() => page.locator('#announce').innerText(), EVENTUALLY).toBe('3 produits');
    await expect.poll(() => page.url(), EVENTUALLY).toMatch(/\/\?q=HUIL\+olive$/);
    await page.reload();
    expect(await page.getByLabel('Rechercher un produit').inputValue()).toBe('HUIL olive');
    expect((await names(page)).length).toBe(3);
    await page.getByLabel('Rechercher un produit').fill('zzz<b>');
    await page.getByText('Rien ne correspond à « zzz<b> ».').waitFor();
    await page.getByRole('link', { name: 'Voir toute la boutique' }).click();
    expect((await names(page)).length).toBe(24);
  });

  test('has shelves, and a page for each product; all of it without JavaScript', async () => {
    const page = await visit({ javaScriptEnabled: false });
    await page.goto('/');
    await page.getByRole('link', { name: 'Boissons' }).click();
    expect(await page.getByRole('link', { name: 'Boissons' }).getAttribute('aria-current')).toBe('page');
    expect(await names(page)).toEqual([
      'Café en grains « Matin »',
      'Limonade artisanale au citron',
      'Thé noir aux agrumes',
    ]);
    await page.getByLabel('Rechercher un produit').fill('cafe');
    await page.getByRole('button', { name: 'Rechercher' }).click();
    expect(await names(page)).toEqual(['Café en grains « Matin »']);
    await page.getByRole('link', { name: 'Café en grains « Matin »' }).click();
    expect(new URL(page.url()).pathname).toBe('/products/cafe-en-grains');
    await page.getByLabel('Quantité').fill('3');
    await page.getByRole('button', { name: 'Ajouter au panier' }).click();
    expect(new URL(page.url()).pathname).toBe('/cart');
    expect(await page.getByLabel('Quantité : Café en grains « Matin »').inputValue()).toBe('3');
    const { id } = await productOf('cafe-en-grains');
    expect((await page.goto(`/products/${id}`))!.url()).toMatch(/\/products\/cafe-en-grains$/);
    for (const nowhere of ['/products/nulle-part', '/products/999999', '/products/__proto__'])
      expect((await page.goto(nowhere))!.status()).toBe(404);
  });

  test('says live what sells out, costs something else, or is gone, and lets nobody add it', async () => {
    const [shelf, card] = await Promise.all([visit(), visit()]);
    await Promise.all([shelf.goto('/'), card.goto('/products/planche-olivier')]);
    const left = (page: Page, id: number) => page.locator(`[data-facts="${id}"]`).innerText();
    const board = await productOf('planche-olivier');
    const candle = await productOf('bougie-cire-abeille');

    await changeProduct('planche-olivier', { stock: { from: board.stock, to: 3 } });
    await expect.poll(() => left(shelf, board.id), EVENTUALLY).toContain('Plus que 3 en stock');
    await expect.poll(() => left(card, board.id), EVENTUALLY).toContain('Plus que 3 en stock');
    await expect.poll(() => card.locator('#announce').innerText(), EVENTUALLY).toBe('Plus que 3 en stock');
    const response = await fetch(`${system.ordersUrls[0]}/orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'the-last-three-boards' },
      body: JSON.stringify({ name: 'Zoé', email: 'zoe@exemple.fr', lines: [{ productId: board.id, quantity: 3 }] }),
    });
    expect(response.status).toBe(201);
    await expect.poll(() => left(shelf, board.id), EVENTUALLY).toContain('Rupture');
    expect(await addButton(shelf, board.name).isDisabled()).toBe(true);
    await expect
      .poll(() => card.getByRole('button', { name: 'Ajouter au panier' }).isDisabled(), EVENTUALLY)
      .toBe(true);

    await changeProduct('planche-olivier', { stock: { from: 0, to: 50 }, priceCents: 4100 });
    await expect.poll(() => left(shelf, board.id), EVENTUALLY).toMatch(/41,00\s€\s*En stock/);
    expect(await addButton(shelf, board.name).isDisabled()).toBe(false);
    await changeProduct('bougie-cire-abeille', { hidden: true });
    await expect.poll(() => left(shelf, candle.id), EVENTUALLY).toBe('N’est plus vendu');
    expect(await addButton(shelf, candle.name).isDisabled()).toBe(true);
    await changeProduct('bougie-cire-abeille', { hidden: false });
  });

  test('is asked for where no stream comes, and answered with nothing when nothing changed', async () => {
    const page = await visit();
    await page.clock.install();
    await page.route('**/live/catalogue*', (route) => route.abort());
    await page.goto('/');
    const { id, stock } = await productOf('torchon-lin');
    const asked = page.waitForResponse('**/catalogue/facts');
    await page.clock.fastForward(16_000);
    expect((await asked).status()).toBe(304);
    await changeProduct('torchon-lin', { stock: { from: stock, to: 2 } });
    await expect
      .poll(async () => {
        await page.clock.fastForward(16_000);
        return page.locator(`[data-facts="${id}"]`).innerText();
      }, EVENTUALLY)
      .toContain('Plus que 2 en stock');
  });
});

describe('the cart', () => {
  test('opens beside the page, takes what there is, says so, and leads to the order', async () => {
    await leave('bol-en-gres', 4);
    const page = await visit({ viewport: { width: 390, height: 844 } });
    await page.goto('/products/bol-en-gres');
    await page.getByLabel('Quantité').fill('9');
    await page.getByRole('button', { name: 'Ajouter au panier' }).click();
    await drawer(page).waitFor();
    await drawer(page)
      .getByRole('alert')
      .getByText('Bol en grès émaillé : quantité ramenée à 4, c’est tout ce qui reste.')
      .waitFor();
    expect(await drawer(page).locator(':focus').getAttribute('aria-label')).toBe('Fermer');
    await drawer(page).getByRole('button', { name: 'Un de moins : Bol en grès émaillé' }).click();
    const quantity = drawer(page).getByLabel('Quantité : Bol en grès émaillé');
    await expect.poll(() => quantity.inputValue(), EVENTUALLY).toBe('3');
    await quantity.fill('70');
    await quantity.press('Enter');
    await expect.poll(() => quantity.inputValue(), EVENTUALLY).toBe('4');
    expect(await drawer(page).getByRole('alert').innerText()).toContain('quantité ramenée à 4');

    // Everything that a thumb has to hit is large enough.
    for (const target of await drawer(page).locator('button:visible, a.button:visible, input:visible').all()) {
      const box = (await target.boundingBox())!;
      expect([await target.innerText(), Math.min(box.width, box.height) >= 44]).toEqual([
        await target.innerText(),
        true,
      ]);
    }
    await page.keyboard.press('Escape');
    await expect.poll(() => drawer(page).isVisible(), EVENTUALLY).toBe(false);
    expect(await page.locator(':focus').innerText()).toBe('Ajouter au panier');
    expect(await page.locator('#cart-bar').innerText()).toMatch(/4 articles · 88,00\s€\s*Voir le panier/);
    await page.getByRole('button', { name: 'Ajouter au panier' }).click();
    await drawer(page).getByText('vous avez déjà tout ce qui reste (4)').waitFor();
    await drawer(page).getByRole('link', { name: 'Passer commande' }).click();
    await page.getByRole('dialog', { name: 'Finaliser la commande' }).waitFor();
  });

  test('says when no answer comes, also above the open drawer', async () => {
    const page = await visit({ viewport: { width: 390, height: 844 } });
    await page.goto('/products/miel-de-lavande');
    await page.clock.install();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Ajouter au panier' }).click();
    await page.getByRole('alert').getByText('Pas de réponse').waitFor();
    await page.clock.fastForward(6_000);
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Ajouter au panier' }).click();
    await drawer(page).waitFor();
    await page.context().setOffline(true);
    await drawer(page).getByRole('button', { name: 'Un de plus : Miel de lavande' }).click();
    await drawer(page).getByRole('alert').getByText('Pas de réponse').waitFor();
    // htmx tells the console of each.
    expect(visitors[0]!.complaints.splice(0)).toEqual(Array(2).fill(expect.stringContaining('Failed to fetch')));
  });

  test('tells the same on its page, without JavaScript', async () => {
    await leave('fleur-de-sel', 3);
    const page = await visit({ javaScriptEnabled: false });
    await page.goto('/products/fleur-de-sel');
    await page.getByRole('button', { name: 'Ajouter au panier' }).click();
    await page.getByLabel('Quantité : Fleur de sel de Guérande').fill('8');
    await page.getByRole('button', { name: 'Mettre à jour' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('quantité ramenée à 3');
    expect(await page.getByLabel('Quantité : Fleur de sel de Guérande').inputValue()).toBe('3');
    expect(await page.locator('.cart-lines').innerText()).toContain('Plus que 3 en stock');
  });
});

const photograph = () =>
  sharp({ create: { width: 1600, height: 900, channels: 3, background: '#a63' } })
    .jpeg()
    .toBuffer();

describe('the desk', () => {
  test('makes a product, gives it a picture, changes it, and hides it; all of it without JavaScript', async () => {
    const page = await visitDesk({ javaScriptEnabled: false });
    await page.goto('/admin/products');
    await page.getByRole('link', { name: 'Nouveau produit' }).click();
    await page.getByLabel('Nom').fill('Pâte de coings');
    await page.getByLabel('Prix TTC').fill('huit');
    await page.getByLabel('Stock').fill('-1');
    await page.getByRole('button', { name: 'Créer le produit' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('Ce prix n’est pas lisible. Exemple : 12,50');
    expect(await page.getByLabel('Stock').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Nom').inputValue()).toBe('Pâte de coings');
    await page.getByLabel('Prix TTC').fill('1 008,5 €');
    await page.getByLabel('Stock').fill('20');
    await page.getByLabel('Rayon').fill('Épicerie sucrée');
    await page.getByRole('button', { name: 'Créer le produit' }).click();
    await page.getByText('Pâte de coings : créé.').waitFor();
    expect(await productOf('pate-de-coings')).toMatchObject({
      priceCents: 100_850,
      stock: 20,
      category: 'Épicerie sucrée',
    });

    await page
      .getByLabel('Choisir un fichier')
      .setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<svg/>') });
    await page.getByRole('button', { name: 'Envoyer l’image' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('n’est pas une image');
    await page
      .getByLabel('Choisir un fichier')
      .setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: await photograph() });
    await page.getByRole('button', { name: 'Envoyer l’image' }).click();
    await page.getByText('Image enregistrée.').waitFor();
    const { picture } = await productOf('pate-de-coings');
    const answer = await page.request.get(`/pictures/${picture}.webp`);
    expect(answer.headers()).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    for (const nowhere of ['x', `${'0'.repeat(32)}.webp`, `${picture}.svg`, '..%2f..%2fstats.webp'])
      expect((await page.request.get(`/pictures/${nowhere}`)).status()).toBe(404);

    const shopper = await visit({ javaScriptEnabled: false });
    await shopper.goto('/products/pate-de-coings');
    expect(
      await shopper
        .locator('.product-page .picture')
        .evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(1000);

    await page.goto('/admin/products?q=coing');
    await page.getByRole('button', { name: 'Retirer de la vente : Pâte de coings' }).click();
    await page.getByText('Pâte de coings : retiré de la vente.').waitFor();
    await expect.poll(async () => (await shopper.goto('/products/pate-de-coings'))!.status(), EVENTUALLY).toBe(404);
  });

  test('tells the slower of two admins who was faster, with what is saved now beside what was typed', async () => {
    const [marie, paul] = await Promise.all([visitDesk(), visitDesk()]);
    const { id } = await productOf('the-noir-agrumes');
    await Promise.all([marie.goto(`/admin/products/${id}`), paul.goto(`/admin/products/${id}`)]);
    await marie.getByLabel('Prix TTC').fill('17,90');
    await marie.getByRole('button', { name: 'Enregistrer' }).click();
    await marie.getByText('Thé noir aux agrumes : enregistré.').waitFor();
    await paul.getByLabel('Description').fill('Un thé de fête.');
    await paul.getByRole('button', { name: 'Enregistrer' }).click();
    const alert = paul.getByRole('alert');
    await alert.getByText('admin a modifié ce produit').waitFor();
    expect(await alert.evaluate((element) => element.matches(':focus'))).toBe(true);
    expect(await alert.innerText()).toMatch(/Prix TTC\s: 17,90/);
    expect(await paul.getByLabel('Description').inputValue()).toBe('Un thé de fête.');
    expect((await productOf('the-noir-agrumes')).description).toContain('bergamote');
    await paul.getByLabel('Prix TTC').fill('17,90');
    await paul.getByRole('button', { name: 'Enregistrer' }).click();
    await paul.getByText('Thé noir aux agrumes : enregistré.').waitFor();
    expect(await productOf('the-noir-agrumes')).toMatchObject({ priceCents: 1790, description: 'Un thé de fête.' });
  });

  test('says of a file that is too heavy that it is, before it is sent and after', async () => {
    const page = await visitDesk();
    await page.goto('/admin/products/1');
    const buffer = Buffer.alloc(MAX_PICTURE_BYTES + 1);
    await page.getByLabel('Choisir un fichier').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer });
    expect(
      await page
        .getByLabel('Choisir un fichier')
        .evaluate((input) => (input as unknown as { validationMessage: string }).validationMessage),
    ).toContain('trop lourd');
    const answer = await page.request.post('/admin/products/1/picture', {
      multipart: { version: '1', picture: { name: 'x.png', mimeType: 'image/png', buffer } },
      headers: { Origin: system.webUrl, Accept: 'text/html' },
    });
    expect(answer.status()).toBe(413);
    expect(await answer.text()).toContain('trop lourd');
  });
});

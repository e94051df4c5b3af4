import { request } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
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

let system: TestSystem;
let browser: Browser;
const shoppers: Shopper[] = [];

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
});

afterEach(async () => {
  const complaints = shoppers.flatMap((shopper) => shopper.complaints);
  await Promise.all(shoppers.splice(0).map((shopper) => shopper.close()));
  expect(complaints).toEqual([]);
});

async function shopper(options?: Parameters<typeof newShopper>[2]): Promise<Shopper['page']> {
  const visitor = await newShopper(browser, system.webUrl, options);
  shoppers.push(visitor);
  return visitor.page;
}

async function countOrders(email: string): Promise<number> {
  const [row] = await system.db.query<{ n: number }>('select count(*) n from orders where email = ?', [email]);
  return Number(row?.n);
}

async function setProduct(slug: string, change: { price?: number; stock?: number }): Promise<void> {
  if (change.price !== undefined)
    await system.db.query('update products set price_cents = ? where slug = ?', [change.price, slug]);
  if (change.stock !== undefined)
    await system.db.query('update products set stock = ? where slug = ?', [change.stock, slug]);
}

describe('a shopper', () => {
  test('fills a cart, confirms in the dialog, and stands before the order’s page', async () => {
    const page = await shopper();
    await addToCart(page, 'Miel de lavande');
    await addToCart(page, 'Sardines à l’huile d’olive');
    await openDialog(page);
    expect(await page.locator(':focus').getAttribute('id')).toBe('checkout-name');
    await fillIn(page, 'Élodie Lefèvre', 'chemin@exemple.fr');
    await page.getByLabel('Notes').fill('<b hx-get="/x">Sans ruban</b>');
    expect(await confirmButton(page).innerText()).toContain('18,10');
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);

    const text = await page.locator('main').innerText();
    expect(text).toMatch(/CMD-\d{8}-[0-9A-Z]{6}/);
    expect(text).toContain('En attente');
    expect(text).toMatch(/18,10\s€/);
    const [order] = await system.db.query<{ name: string; total_cents: number; notes: string }>(
      'select name, total_cents, notes from orders where email = ?',
      ['chemin@exemple.fr'],
    );
    expect(order).toEqual({ name: 'Élodie Lefèvre', total_cents: 1810, notes: '<b hx-get="/x">Sans ruban</b>' });
    await page.goto('/cart');
    await page.getByText('Votre panier est vide').waitFor();
  });

  test('does all of it without JavaScript', async () => {
    const page = await shopper({ javaScriptEnabled: false });
    await page.goto('/');
    await page.getByRole('button', { name: 'Ajouter au panier : Chocolat noir 72 %' }).click();
    await page.waitForURL('**/cart');
    await page.getByRole('button', { name: 'Un de plus : Chocolat noir 72 %' }).click();
    expect(await page.getByLabel('Quantité : Chocolat noir 72 %').inputValue()).toBe('2');
    await page.getByLabel('Quantité : Chocolat noir 72 %').fill('3');
    await page.getByRole('button', { name: 'Mettre à jour' }).click();
    expect(await page.getByLabel('Quantité : Chocolat noir 72 %').inputValue()).toBe('3');

    await page.getByRole('link', { name: 'Passer commande' }).click();
    await page.waitForURL('**/checkout');
    await page.getByLabel('Nom complet').fill('Sans Script');
    await page.getByLabel('Email').fill('pas une adresse');
    await confirmButton(page).click();
    expect(await page.getByLabel('Nom complet').inputValue()).toBe('Sans Script');
    expect(await page.getByLabel('Email').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('alert').innerText()).toContain('Cette adresse email n’est pas complète');
    await page.getByLabel('Email').fill('sans@exemple.fr');
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);
    expect(await countOrders('sans@exemple.fr')).toBe(1);
  });

  test('finds the cart again on the next visit, and nothing of it in the database', async () => {
    const page = await shopper();
    await addToCart(page, 'Moutarde à l’ancienne');
    const state = await page.context().storageState();
    const cookie = state.cookies.find(({ name }) => name === 'msp_cart');
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(cookie!.expires).toBeGreaterThan(Date.now() / 1000 + 170 * 24 * 3600);

    const later = await shopper({ storageState: state });
    await later.goto('/cart');
    await later.getByRole('heading', { name: 'Moutarde à l’ancienne' }).waitFor();
  });

  test('changes quantities in place, three quick clicks being three', async () => {
    const page = await shopper();
    await addToCart(page, 'Fleur de sel de Guérande');
    await page.goto('/cart');
    const more = page.getByRole('button', { name: 'Un de plus : Fleur de sel de Guérande' });
    await more.evaluate((button) => {
      for (let click = 0; click < 3; click += 1) button.click();
    });
    const quantity = page.getByLabel('Quantité : Fleur de sel de Guérande');
    await expect.poll(() => quantity.inputValue(), EVENTUALLY).toBe('4');
    await quantity.fill('2');
    await quantity.press('Enter');
    await expect.poll(() => page.locator('.cart-summary').innerText(), EVENTUALLY).toMatch(/15,00\s€/);
    expect(await page.locator('.cart-units').innerText()).toContain('2');
    await page.getByRole('button', { name: 'Retirer Fleur de sel de Guérande' }).click();
    await page.getByText('Votre panier est vide').waitFor();
  });

  test('is told beside each field what is wrong, keeps what was typed, and can go on', async () => {
    const page = await shopper();
    await addToCart(page, 'Terrine de campagne');
    await openDialog(page);
    await page.getByLabel('Nom complet').fill('  ');
    await page.getByLabel('Email').fill('a@');
    await page.getByLabel('Téléphone').fill('abc');
    await page.getByLabel('Notes').fill('Merci\nbien');
    await confirmButton(page).click();
    const summary = page.getByRole('alert').filter({ hasText: 'Il reste quelque chose à corriger' });
    await summary.waitFor();
    await expect.poll(() => summary.evaluate((alert) => alert.matches(':focus')), EVENTUALLY).toBe(true);
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    expect(await page.getByLabel('Notes').inputValue()).toBe('Merci\nbien');
    for (const [label, id] of [
      ['Nom complet', 'checkout-name-error'],
      ['Email', 'checkout-email-error'],
      ['Téléphone', 'checkout-phone-error'],
    ] as const) {
      expect(await page.getByLabel(label).getAttribute('aria-describedby')).toContain(id);
      expect(await page.locator(`#${id}`).isVisible()).toBe(true);
    }
    await summary.getByRole('link').first().click();
    expect(await page.locator(':focus').getAttribute('id')).toBe('checkout-name');
    await fillIn(page, 'Corrigée', 'corrigee@exemple.fr');
    await page.getByLabel('Téléphone').fill('06 12 34 56 78');
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);
    expect(await countOrders('corrigee@exemple.fr')).toBe(1);
  });

  test('finds what was typed when the dialog is closed and opened again', async () => {
    const page = await shopper();
    await addToCart(page, 'Terrine de campagne');
    await openDialog(page);
    await fillIn(page, 'Presque Partie');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').isVisible(), EVENTUALLY).toBe(false);
    await page.getByRole('link', { name: 'Passer commande' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await page.getByLabel('Nom complet').inputValue()).toBe('Presque Partie');
  });
});

describe('what has changed meanwhile', () => {
  test('a new price is shown beside the old one and asked for once more', async () => {
    const page = await shopper();
    await addToCart(page, 'Caramels au beurre salé');
    await openDialog(page);
    await fillIn(page, 'Prix Nouveau', 'prix@exemple.fr');
    await setProduct('caramels-beurre-sale', { price: 950 });
    await confirmButton(page).click();
    const alert = page.getByRole('alert').filter({ hasText: 'Quelque chose a changé' });
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/Caramels au beurre salé : 8,50\s€ → 9,50\s€/);
    expect(await countOrders('prix@exemple.fr')).toBe(0);
    expect(await page.getByLabel('Nom complet').inputValue()).toBe('Prix Nouveau');
    expect(await confirmButton(page).innerText()).toContain('9,50');
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);
    expect(await page.locator('main').innerText()).toMatch(/9,50\s€/);
  });

  test('what ran short is offered as far as there is any, and what ran out is taken off', async () => {
    await setProduct('torchon-lin', { stock: 10 });
    const page = await shopper();
    await addToCart(page, 'Torchon en lin lavé');
    await addToCart(page, 'Torchon en lin lavé');
    await addToCart(page, 'Bol en grès émaillé');
    await addToCart(page, 'Savon de Marseille à l’olive');
    await openDialog(page);
    await fillIn(page, 'Trop Tard', 'tard@exemple.fr');
    await setProduct('torchon-lin', { stock: 1 });
    await setProduct('savon-de-marseille', { price: 890 });
    await setProduct('bol-en-gres', { stock: 0 });
    await confirmButton(page).click();
    const alert = page.getByRole('alert').filter({ hasText: 'Quelque chose a changé' });
    await alert.waitFor();
    expect(await alert.innerText()).toContain('Torchon en lin lavé : 2 demandés → 1 disponible');
    expect(await alert.innerText()).toContain('Bol en grès émaillé : en rupture');
    expect(await alert.innerText()).toMatch(/Savon de Marseille à l’olive : 7,90\s€ → 8,90\s€/);
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);
    const lines = await system.db.query<{ name: string; quantity: number }>(
      'select l.name, l.quantity from order_lines l join orders o on o.id = l.order_id where o.email = ? order by position',
      ['tard@exemple.fr'],
    );
    expect(lines).toEqual([
      { name: 'Torchon en lin lavé', quantity: 1 },
      { name: 'Savon de Marseille à l’olive', quantity: 1 },
    ]);
    await page.goto('/cart');
    await page.getByText('Votre panier est vide').waitFor();
  });

  test('an order of which nothing is left ends in a clear word, not in a form that cannot be sent', async () => {
    const page = await shopper();
    await addToCart(page, 'Couteau pliant en noyer');
    await openDialog(page);
    await fillIn(page, 'Plus Rien', 'plus-rien@exemple.fr');
    await system.db.query("delete from products where slug = 'couteau-pliant'");
    await confirmButton(page).click();
    await page.getByText('Plus rien de cette commande n’est disponible').waitFor();
    expect(await countOrders('plus-rien@exemple.fr')).toBe(0);
    await page.getByRole('button', { name: 'Fermer' }).click();
    await page.locator('#main').getByText('Votre panier est vide').waitFor();
  });

  test('the cart says what is sold out, short, or no longer sold, and counts the rest', async () => {
    const page = await shopper();
    const [miel] = await system.db.query<{ id: number }>('select id from products where slug = ?', ['miel-de-lavande']);
    const [herbes] = await system.db.query<{ id: number }>('select id from products where slug = ?', [
      'herbes-de-provence',
    ]);
    await setProduct('herbes-de-provence', { stock: 2 });
    await page.context().addCookies([
      {
        name: 'msp_cart',
        value: `${miel!.id}x1.${herbes!.id}x5.999999x1`,
        url: system.webUrl,
        httpOnly: true,
        sameSite: 'Lax',
      },
    ]);
    await expect
      .poll(async () => {
        await page.goto('/cart');
        return page.locator('.cart').innerText();
      }, EVENTUALLY)
      .toContain('Vous en vouliez 5 : il n’en reste que 2');
    expect(await page.locator('.cart').innerText()).toContain('Ce produit n’est plus vendu');
    expect(await page.locator('.cart-summary').innerText()).toMatch(/22,10\s€/);
  });
});

describe('one form is one order', () => {
  test('when the button is pressed twice at once', async () => {
    const page = await shopper();
    await addToCart(page, 'Carte cadeau');
    await openDialog(page);
    await fillIn(page, 'Double Clic', 'double@exemple.fr');
    await confirmButton(page).dblclick();
    await page.waitForURL(ORDER_URL);
    expect(await countOrders('double@exemple.fr')).toBe(1);
  });

  test('when a page without JavaScript sends it twice side by side', async () => {
    const page = await shopper({ javaScriptEnabled: false });
    await page.goto('/');
    await page.getByRole('button', { name: 'Ajouter au panier : Carte cadeau' }).click();
    await page.getByRole('link', { name: 'Passer commande' }).click();
    const fields = {
      key: await page.locator('input[name=key]').inputValue(),
      lines: await page.locator('input[name=lines]').inputValue(),
      name: 'Deux Fois',
      email: 'deux@exemple.fr',
      phone: '',
      notes: '',
    };
    const post = () =>
      page.request.post('/checkout', {
        form: fields,
        maxRedirects: 0,
        headers: { Origin: system.webUrl, Accept: 'text/html' },
      });
    const answers = await Promise.all([post(), post(), post()]);
    expect(answers.map((answer) => answer.status())).toEqual([303, 303, 303]);
    expect(new Set(answers.map((answer) => answer.headers().location)).size).toBe(1);
    expect(await countOrders('deux@exemple.fr')).toBe(1);
  });

  test('when the back button brings the form back and it is sent again', async () => {
    const page = await shopper({ javaScriptEnabled: false });
    await page.goto('/');
    await page.getByRole('button', { name: 'Ajouter au panier : Bougie en cire d’abeille' }).click();
    await page.getByRole('link', { name: 'Passer commande' }).click();
    const key = await page.locator('input[name=key]').inputValue();
    const lines = await page.locator('input[name=lines]').inputValue();
    await fillIn(page, 'Marche Arrière', 'arriere@exemple.fr');
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);
    const confirmation = page.url();

    // A new cart must not pay for the old form.
    await page.goto('/');
    await page.getByRole('button', { name: 'Ajouter au panier : Bougie en cire d’abeille' }).click();
    const send = (name: string) =>
      page.request.post('/checkout', {
        form: { key, lines, name, email: 'arriere@exemple.fr', phone: '', notes: '' },
        maxRedirects: 0,
        headers: { Origin: system.webUrl, Accept: 'text/html' },
      });
    const again = await send('Marche Arrière');
    expect(new URL(again.headers().location!, system.webUrl).href).toBe(confirmation);
    expect(await countOrders('arriere@exemple.fr')).toBe(1);
    await page.goto('/cart');
    await page.getByRole('heading', { name: 'Bougie en cire d’abeille' }).waitFor();

    const edited = await send('Quelqu’un d’autre');
    expect(edited.status()).toBe(422);
    const text = await edited.text();
    expect(text).toContain('Une commande est déjà enregistrée');
    expect(text).toContain(new URL(confirmation).pathname);
    expect(text).not.toContain(key);
    expect(await countOrders('arriere@exemple.fr')).toBe(1);
  });

  test('a page restored by the back button shows the cart as it is now', async () => {
    const page = await shopper();
    await addToCart(page, 'Carte cadeau');
    await openDialog(page);
    await fillIn(page, 'Retour', 'retour@exemple.fr');
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);
    await page.goBack();
    await page.getByText('Votre panier est vide').waitFor();
  });
});

test('a catalogue out of the back button’s memory learns what is in the cart by now', async () => {
  const page = await shopper();
  await page.goto('/');
  const other = await page.context().newPage();
  await addToCart(other, 'Carte cadeau');
  await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
  await expect.poll(() => page.locator('#cart-link').innerText(), EVENTUALLY).toContain('1');
});

describe('the order’s page', () => {
  test('changes by itself when the shop changes the status, and says so', async () => {
    const page = await shopper();
    await addToCart(page, 'Thé noir aux agrumes');
    await openDialog(page);
    await fillIn(page, 'En Direct', 'direct@exemple.fr');
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);
    const [order] = await system.db.query<{ number: string }>('select number from orders where email = ?', [
      'direct@exemple.fr',
    ]);
    const session = await system.signIn();
    const change = async (status: string, version: number) => {
      const response = await fetch(`${system.ordersUrls[0]}/orders/${order!.number}`, {
        method: 'PATCH',
        headers: { Authorization: `Bearer ${session}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ status, version }),
      });
      expect(response.status).toBe(200);
    };
    await change('en_cours', 1);
    await page.locator('#order-now .badge', { hasText: 'En cours' }).waitFor();
    await expect.poll(() => page.locator('#announce').innerText(), EVENTUALLY).toContain('En cours');
    expect(await page.locator('#step-en_attente-mark').getAttribute('data-state')).toBe('done');
    expect(await page.locator('#step-en_cours-time').innerText()).not.toBe('');
    expect(await page.locator('#step-en_attente-time').innerText()).not.toBe('');
    await change('terminee', 2);
    await page.locator('#order-now .badge', { hasText: 'Terminée' }).waitFor();
    expect(await page.locator('#step-en_cours-mark').getAttribute('data-state')).toBe('done');
  });

  test('asks every 30 s, and is answered with nothing when nothing changed', async () => {
    const page = await shopper();
    await addToCart(page, 'Thé noir aux agrumes');
    await openDialog(page);
    await fillIn(page, 'Sans Flux', 'flux@exemple.fr');
    await confirmButton(page).click();
    await page.waitForURL(ORDER_URL);
    const live = page.locator('#order-live');
    expect(await live.getAttribute('hx-trigger')).toContain('every 30s');
    const address = `${await live.getAttribute('hx-get')}`;
    expect((await page.request.get(`${address}?version=1`)).status()).toBe(204);
    const stale = await page.request.get(`${address}?version=0`, { headers: { 'HX-Request': 'true' } });
    expect(await stale.text()).toContain('id="order-status"');
  });

  test('is for nobody who has not its address, and for no search engine', async () => {
    const response = await fetch(`${system.webUrl}/orders/${'A'.repeat(32)}`, { headers: { Accept: 'text/html' } });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('Page introuvable');
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(response.headers.get('x-robots-tag')).toBe('noindex');
  });
});

describe('every page of the shop', () => {
  test('weighs less than 60 kB over the wire, pictures aside', async () => {
    let bytes = 0;
    const weigh = async (path: string) => {
      const response = await fetch(system.webUrl + path, {
        headers: { Accept: 'text/html', 'Accept-Encoding': 'identity' },
      });
      const page = await response.text();
      bytes += await new Promise<number>((resolve, reject) => {
        request(system.webUrl + path, { headers: { Accept: '*/*, text/html', 'Accept-Encoding': 'br' } }, (answer) => {
          let size = 0;
          answer.on('data', (chunk: Buffer) => {
            size += chunk.length;
          });
          answer.on('end', () => resolve(size));
        })
          .on('error', reject)
          .end();
      });
      return page;
    };
    const page = await weigh('/');
    const assets = [...page.matchAll(/(?:src|href)="(\/static\/shop-[^"]+)"/g)].map((match) => match[1] as string);
    expect(assets.length).toBe(2);
    for (const asset of assets) await weigh(asset);
    expect(bytes).toBeGreaterThan(5_000);
    expect(bytes).toBeLessThan(60_000);
  });
});

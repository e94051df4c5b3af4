import { randomUUID } from 'node:crypto';
import type { Placed } from './desk-window.ts';
import { open, post, type Sights, send, type Visit } from './walk.ts';

export interface ShopVisit extends Visit {
  orders: Record<'waiting' | 'begun' | 'done' | 'cancelled', Placed>;
  /** Products: one that can be had, one of which there are two, one that is sold out. */
  products: Record<'plenty' | 'two' | 'soldOut', { id: number; slug: string }>;
  /** What web says while orders is away, and when it turns visitors away. */
  unavailable(): Promise<string>;
  overloaded: string;
}

const RIGHT = [
  ['name', 'Zoé Martin'],
  ['email', 'zoe@test.example'],
] as const;

async function withCart({ page, cookies: [cart] }: Visit, lines: string): Promise<void> {
  await page.context().addCookies([{ ...cart!, value: lines }]);
}

/** Before the question whether to order, in the cart. */
async function openDialog(visit: ShopVisit): Promise<void> {
  await open(visit.page, '/cart');
  await visit.page.click('#place-order');
  await visit.page.locator('#checkout-dialog[open] #checkout-form').waitFor();
}

/** Sends the form of the checkout with some lines, and what was typed. */
async function postCheckout({ page }: ShopVisit, lines: string, typed: readonly (readonly [string, string])[]) {
  await post(page, '/checkout', [['key', randomUUID()], ['lines', lines], ...typed]);
}

async function openOrder({ page, orders }: ShopVisit, which: keyof ShopVisit['orders']): Promise<void> {
  await open(page, `/orders/${orders[which].token}`);
}

async function findOrder({ page }: ShopVisit, number: string, email: string): Promise<void> {
  await post(page, '/find-order', [
    ['number', number],
    ['email', email],
  ]);
}

export const SHOP_SIGHTS: Sights<ShopVisit> = {
  'GET /': {
    'all there is': ({ page }) => open(page, '/'),
    'one category': ({ page }) => open(page, '/?category=maison'),
    'nothing of the kind': ({ page }) => open(page, '/?q=zzzz'),
    'the drawer, open': async ({ page }) => {
      await open(page, '/');
      await page.locator('[data-add]:enabled').first().click();
      await page.locator('#cart-drawer[open] .cart-line').first().waitFor();
    },
    'a press without an answer': async ({ page }) => {
      await open(page, '/');
      await page.route('**/cart/lines', (route) => route.abort(), { times: 1 });
      await page.locator('[data-add]:enabled').first().click();
      await page.locator('.toast-lost').waitFor();
    },
  },
  'GET /products/:slug': {
    'to be had': ({ page, products }) => open(page, `/products/${products.plenty.slug}`),
    'two left': ({ page, products }) => open(page, `/products/${products.two.slug}`),
    'sold out': ({ page, products }) => open(page, `/products/${products.soldOut.slug}`),
  },
  'GET /cart': {
    'with lines': ({ page }) => open(page, '/cart'),
    'with lines that cannot be had': async (visit) => {
      const { plenty, two, soldOut } = visit.products;
      await withCart(visit, `${plenty.id}x1-${two.id}x9-${soldOut.id}x1-9999x1`);
      await open(visit.page, `/cart?notice=lowered&product=${two.id}`);
    },
    empty: async ({ page }) => {
      await page.context().clearCookies();
      await open(page, '/cart');
    },
    'the dialog, open': openDialog,
    'the dialog, with errors': async (visit) => {
      await openDialog(visit);
      await visit.page.click('#checkout-form button[type="submit"]');
      await visit.page.locator('.field-error').first().waitFor();
    },
  },
  'GET /checkout': {
    'to be filled in': ({ page }) => open(page, '/checkout'),
    'nothing to order': async ({ page }) => {
      await page.context().clearCookies();
      await open(page, '/checkout');
    },
    'a field left wrong': async ({ page }) => {
      await open(page, '/checkout');
      await page.fill('#checkout-email', 'marie@');
      await page.focus('#checkout-phone');
      await page.locator('.field-error').waitFor();
    },
    'a slip in the e-mail': async ({ page }) => {
      await open(page, '/checkout');
      await page.fill('#checkout-email', 'marie@gmial.com');
      await page.focus('#checkout-phone');
      await page.locator('.email-offer').waitFor();
    },
    'asking again by itself': async ({ page }) => {
      await open(page, '/checkout');
      for (const [name, value] of RIGHT) await page.fill(`#checkout-${name}`, value);
      await page.route('**/checkout', (route) => route.abort());
      await page.click('#checkout-form button[type="submit"]');
      await page.locator('[data-checking]:visible').waitFor();
    },
  },
  'POST /checkout': {
    'nothing typed': (visit) => postCheckout(visit, `${visit.products.plenty.id}x1at100`, []),
    'another price by now': (visit) => postCheckout(visit, `${visit.products.plenty.id}x1at1`, RIGHT),
    'gone by now': (visit) => postCheckout(visit, `${visit.products.soldOut.id}x1at1`, RIGHT),
    'taken for a robot': (visit) => postCheckout(visit, '1x1at1', [...RIGHT, ['website', 'x']]),
  },
  'GET /orders/:token': {
    waiting: (visit) => openOrder(visit, 'waiting'),
    begun: (visit) => openOrder(visit, 'begun'),
    done: (visit) => openOrder(visit, 'done'),
    cancelled: (visit) => openOrder(visit, 'cancelled'),
    'on paper': async (visit) => {
      await openOrder(visit, 'waiting');
      await visit.page.emulateMedia({ media: 'print' });
    },
  },
  'GET /orders/:token/cancel': {
    asked: ({ page, orders }) => open(page, `/orders/${orders.waiting.token}/cancel`),
  },
  'POST /orders/:token/cancel': {
    'too late': ({ page, orders }) => post(page, `/orders/${orders.begun.token}/cancel`, [['version', '1']]),
  },
  'GET /find-order': {
    'to be filled in': ({ page }) => open(page, '/find-order'),
  },
  'POST /find-order': {
    'nothing typed': (visit) => findOrder(visit, '', ''),
    'no such order': (visit) => findOrder(visit, 'CMD-20200101-ABC123', 'personne@test.example'),
    'too many tries': async (visit) => {
      const form = { number: 'CMD-20200101-ABC123', email: `trop-${visit.locale}@test.example` };
      const headers = { Origin: new URL(visit.cookies[0]!.url).origin };
      for (let tries = 0; tries < 10; tries += 1) await visit.page.request.post('/find-order', { form, headers });
      await findOrder(visit, form.number, form.email);
    },
  },
  'errors in the shop': {
    'no such address': ({ page }) => page.goto('/nulle-part'),
    'no such order': ({ page }) => page.goto(`/orders/${'A'.repeat(32)}`),
    'not this way': ({ page }) => page.goto('/cart/lines'),
    'from another site': async ({ page, cookies: [cart] }) => {
      await page.goto('about:blank');
      await send(page, new URL('/cart/lines', cart!.url).href, []);
    },
    'orders away': async ({ page, unavailable }) => {
      const body = await unavailable();
      await page.route('**/cart', (route) => route.fulfill({ status: 503, contentType: 'text/html', body }), {
        times: 1,
      });
      await page.goto('/cart');
    },
    'too many visitors': async ({ page, overloaded: body }) => {
      await page.route('**/cart', (route) => route.fulfill({ status: 503, contentType: 'text/html', body }), {
        times: 1,
      });
      await page.goto('/cart');
    },
  },
};

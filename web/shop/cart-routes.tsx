import { type Context, Hono } from 'hono';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Site, WebEnv } from '../deps.ts';
import { asks } from '../error-pages.tsx';
import { formatMoney } from '../fragments/format.ts';
import { sendPage } from '../layout.tsx';
import { shopWords } from '../locales/shop.ts';
import { readForm } from '../read-form.ts';
import { sendHtml } from '../send-html.ts';
import { addToCart, setInCart } from './add-to-cart.ts';
import { type Cart, countUnits } from './cart.ts';
import { CartBar, DrawerContent } from './cart-drawer.tsx';
import { OUTCOMES, type Outcome, outcomeText } from './cart-outcome.ts';
import { CartContent, type CartContentProps, CartPage } from './cart-page.tsx';
import { judgeCart } from './judge-cart.ts';
import type { ReadProducts } from './products.ts';
import { readCart, recentOrders, writeCart } from './shop-cookies.ts';
import { CartLink } from './shop-page.tsx';

export interface CartDeps {
  site: Site;
  products: ReadProducts;
}

/**
 * `/cart`, and the two forms that change it: one puts something in, from the catalogue, the other changes a line. Each
 * works as a page, and swaps in place where htmx is: the first opens the drawer.
 */
export function cartRoutes({ site, products }: CartDeps): Hono<WebEnv> {
  const words = shopWords(site.locale);

  /** What the cart's content is drawn with, for a cart that may not be in the cookie yet. */
  async function contentOf(c: Context<WebEnv>, cart: Cart, productId?: number, outcome?: Outcome) {
    const all = await products();
    const name = all.get(productId ?? 0)?.name;
    const quantity = cart.get(productId ?? 0) ?? 0;
    return {
      site,
      judged: judgeCart(cart, all),
      lastOrder: recentOrders(c)[0]?.token,
      notice: outcome && outcomeText(site, { outcome, name, quantity }),
    } satisfies CartContentProps;
  }

  return new Hono<WebEnv>()
    .get('/cart', async (c) => {
      const cart = readCart(c);
      const outcome = OUTCOMES.find((one) => one === c.req.query('notice'));
      const content = await contentOf(c, cart, Number(c.req.query('product')), outcome);
      c.header('Cache-Control', 'no-store');
      return sendPage(c, <CartPage {...content} cart={cart} />);
    })
    .get('/cart/link', (c) => {
      c.header('Cache-Control', 'no-store');
      return sendHtml(c, <CartLink words={words} units={countUnits(readCart(c))} />);
    })
    .post('/cart/lines', async (c) => {
      const form = await readForm(c);
      const productId = readId(form.get('productId'));
      const more = form.has('quantity') ? readQuantity(form.get('quantity')) : 1;
      if (more === 0) throw new HttpProblem(400, 'validation', { detail: 'This is no quantity.' });
      const before = readCart(c);
      const { cart, outcome } = addToCart(before, (await products()).get(productId), more);
      if (cart !== before) writeCart(c, cart);
      if (asks(c) !== 'part') return c.redirect(cartAddress(outcome, productId), 303);
      const content = await contentOf(c, cart, productId, outcome);
      const added = outcome === 'added' && (await products()).get(productId);
      return sendHtml(
        c,
        <>
          <hx-partial hx-target="#drawer-content" hx-swap="innerHTML">
            <DrawerContent {...content} />
          </hx-partial>
          <CartUpdates content={content} cart={cart} said={added ? words.added.added(added.name) : undefined} />
        </>,
      );
    })
    .post('/cart/lines/:productId', async (c) => {
      const productId = readId(c.req.param('productId'));
      const form = await readForm(c);
      const before = readCart(c);
      const wanted = wantedQuantity(form, before.get(productId) ?? 0);
      const { cart, outcome } = setInCart(before, productId, (await products()).get(productId), wanted);
      if (cart !== before) writeCart(c, cart);
      if (asks(c) !== 'part') return c.redirect(cartAddress(outcome, productId), 303);
      const content = await contentOf(c, cart, productId, outcome);
      const total = formatMoney(site, content.judged.totalCents, site.currency);
      return sendHtml(
        c,
        <>
          <CartContent {...content} />
          <CartUpdates
            content={content}
            cart={cart}
            said={cart.size === 0 ? words.cartPage.emptied : words.cartPage.changed(total)}
          />
        </>,
      );
    });
}

/** Where a form leads without htmx; what there is to be told goes along. */
function cartAddress(outcome: Outcome, productId: number): string {
  return outcome === 'added' || outcome === 'set' ? '/cart' : `/cart?notice=${outcome}&product=${productId}`;
}

/** Wherever else a page shows the cart; and what a screen reader says, unless an alert says more. */
function CartUpdates({ content, cart, said }: { content: CartContentProps; cart: Cart; said: string | undefined }) {
  const { site, judged, notice } = content;
  return (
    <>
      <hx-partial hx-target="#cart-link" hx-swap="outerHTML">
        <CartLink words={shopWords(site.locale)} units={countUnits(cart)} />
      </hx-partial>
      <hx-partial hx-target="#cart-bar" hx-swap="outerHTML">
        <CartBar site={site} judged={judged} />
      </hx-partial>
      {said && !notice && (
        <hx-partial hx-target="#announce" hx-swap="innerHTML">
          <span hx-ignore>{said}</span>
        </hx-partial>
      )}
    </>
  );
}

/** `step` is what the two buttons send; a typed `quantity` counts when neither was pressed. */
function wantedQuantity(form: ReadonlyMap<string, string>, had: number): number {
  const step = form.get('step');
  if (step === '1' || step === '-1') return had + Number(step);
  return form.get('remove') === '1' ? 0 : readQuantity(form.get('quantity'));
}

function readQuantity(text: string | undefined): number {
  const trimmed = (text ?? '').trim();
  if (!/^[0-9]{1,6}$/.test(trimmed)) throw new HttpProblem(400, 'validation', { detail: 'This is no quantity.' });
  return Number(trimmed);
}

function readId(text: string | undefined): number {
  if (!text || !/^[1-9][0-9]{0,9}$/.test(text) || Number(text) > 2_147_483_647)
    throw new HttpProblem(400, 'validation', { detail: 'This is no product.' });
  return Number(text);
}

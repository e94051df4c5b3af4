import { type Context, Hono } from 'hono';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Site, WebEnv } from '../deps.ts';
import { asks } from '../error-pages.tsx';
import { formatMoney } from '../fragments/format.ts';
import { sendPage } from '../layout.tsx';
import { type ShopWords, shopWords } from '../locales/shop.ts';
import { readForm } from '../read-form.ts';
import { addToCart, OUTCOMES, type Outcome } from './add-to-cart.ts';
import { type Cart, countUnits, withQuantity } from './cart.ts';
import { CartContent, CartPage } from './cart-page.tsx';
import { judgeCart } from './judge-cart.ts';
import type { Products, ReadProducts } from './products.ts';
import { readCart, recentOrders, writeCart } from './shop-cookies.ts';
import { CartLink } from './shop-page.tsx';

export interface CartDeps {
  site: Site;
  products: ReadProducts;
}

/** `/cart`, and the two forms that change it. Each works as a page, and swaps in place where htmx is. */
export function cartRoutes({ site, products }: CartDeps): Hono<WebEnv> {
  const words = shopWords(site.locale);
  return new Hono<WebEnv>()
    .get('/cart', async (c) => {
      const cart = readCart(c);
      const notice = OUTCOMES.find((outcome) => outcome === c.req.query('notice'));
      const product = (await products()).get(Number(c.req.query('product')));
      c.header('Cache-Control', 'no-store');
      return sendPage(
        c,
        <CartPage
          site={site}
          cart={cart}
          judged={judgeCart(cart, await products())}
          notice={
            notice && notice !== 'added'
              ? outcomeText(words, notice, product?.name, cart.get(product?.id ?? 0))
              : undefined
          }
          lastOrder={recentOrders(c)[0]?.token}
        />,
      );
    })
    .get('/cart/link', (c) => {
      c.header('Cache-Control', 'no-store');
      return c.html(<CartLink words={words} units={countUnits(readCart(c))} />);
    })
    .post('/cart/lines', async (c) => {
      const productId = readId((await readForm(c)).get('productId'));
      const product = (await products()).get(productId);
      const { cart, outcome } = addToCart(readCart(c), product);
      if (outcome === 'added') writeCart(c, cart);
      if (asks(c) !== 'part') {
        return c.redirect(outcome === 'added' ? '/cart' : `/cart?notice=${outcome}&product=${productId}`, 303);
      }
      return c.html(
        <>
          <CartLinkUpdate words={words} cart={cart} />
          <hx-partial hx-target="#toasts" hx-swap="innerHTML">
            <p class="toast">
              <span hx-ignore>{outcomeText(words, outcome, product?.name, cart.get(productId))}</span>
              <a href="/cart">{words.added.seeCart}</a>
            </p>
          </hx-partial>
        </>,
      );
    })
    .post('/cart/lines/:productId', async (c) => {
      const productId = readId(c.req.param('productId'));
      const form = await readForm(c);
      const before = readCart(c);
      const cart = withQuantity(before, productId, wantedQuantity(form, before.get(productId) ?? 0));
      writeCart(c, cart);
      if (asks(c) !== 'part') return c.redirect('/cart', 303);
      return sendCartContent(c, site, words, cart, await products());
    });
}

function sendCartContent(c: Context<WebEnv>, site: Site, words: ShopWords, cart: Cart, products: Products) {
  const judged = judgeCart(cart, products);
  const total = formatMoney(site, judged.totalCents, site.currency);
  return c.html(
    <>
      <CartContent site={site} judged={judged} lastOrder={recentOrders(c)[0]?.token} />
      <CartLinkUpdate words={words} cart={cart} />
      <hx-partial hx-target="#announce" hx-swap="innerHTML">
        <span>{cart.size === 0 ? words.cartPage.emptied : words.cartPage.changed(total)}</span>
      </hx-partial>
    </>,
  );
}

function CartLinkUpdate({ words, cart }: { words: ShopWords; cart: Cart }) {
  return (
    <hx-partial hx-target="#cart-link" hx-swap="outerHTML">
      <CartLink words={words} units={countUnits(cart)} />
    </hx-partial>
  );
}

function outcomeText(
  words: ShopWords,
  outcome: Outcome,
  name: string | undefined,
  quantity: number | undefined,
): string {
  if (outcome === 'full') return words.added.full;
  if (outcome === 'gone' || name === undefined) return words.added.gone;
  return words.added[outcome](name, quantity ?? 0);
}

/** `step` is what the two buttons send; a typed `quantity` counts when neither was pressed. */
function wantedQuantity(form: ReadonlyMap<string, string>, had: number): number {
  const step = form.get('step');
  if (step === '1' || step === '-1') return had + Number(step);
  const text = form.get('remove') === '1' ? '0' : (form.get('quantity') ?? '').trim();
  if (!/^[0-9]{1,6}$/.test(text)) throw new HttpProblem(400, 'validation', { detail: 'This is no quantity.' });
  return Number(text);
}

function readId(text: string | undefined): number {
  if (!text || !/^[1-9][0-9]{0,9}$/.test(text) || Number(text) > 2_147_483_647)
    throw new HttpProblem(400, 'validation', { detail: 'This is no product.' });
  return Number(text);
}

import type { Site } from '../deps.ts';
import { formatMoney } from '../fragments/format.ts';
import { catalogueWords } from '../locales/catalogue.ts';
import { type ShopWords, shopWords } from '../locales/shop.ts';
import type { Cart } from './cart.ts';
import type { JudgedCart, JudgedLine } from './judge-cart.ts';
import { ProductPicture } from './product-picture.tsx';
import { ShopPage } from './shop-page.tsx';

export interface CartContentProps {
  site: Site;
  judged: JudgedCart;
  lastOrder: string | undefined;
  /** What the shopper has to be told of the last change. */
  notice?: string | undefined;
}

interface CartPageProps extends CartContentProps {
  cart: Cart;
}

export function CartPage({ site, cart, judged, notice, lastOrder }: CartPageProps) {
  const words = shopWords(site.locale);
  return (
    <ShopPage site={site} title={words.cartPage.heading} cart={cart}>
      <h1 id="cart-heading" tabindex={-1}>
        {words.cartPage.heading}
      </h1>
      <div id="cart-content">
        <CartContent site={site} judged={judged} lastOrder={lastOrder} notice={notice} />
      </div>
    </ShopPage>
  );
}

/** What is in the cart; swapped whole when a quantity changes. */
export function CartContent({ site, judged, lastOrder, notice }: CartContentProps) {
  const words = shopWords(site.locale);
  const alert = notice && (
    <p class="alert warning" role="alert" hx-ignore>
      {notice}
    </p>
  );
  if (judged.lines.length === 0 && judged.gone.length === 0) {
    return (
      <>
        {alert}
        <EmptyCart words={words} lastOrder={lastOrder} />
      </>
    );
  }
  return (
    <div class="cart">
      {alert}
      <ul class="cart-lines">
        {judged.lines.map((line) => (
          <CartLine line={line} site={site} words={words} />
        ))}
        {judged.gone.map((productId) => (
          <li class="cart-line unavailable">
            <div class="cart-line-text">
              <h2>{words.cartPage.goneName}</h2>
              <p class="line-problem">{words.cartPage.gone}</p>
            </div>
            <RemoveForm productId={productId} name={words.cartPage.goneName} words={words} />
          </li>
        ))}
      </ul>
      <section class="cart-summary card" aria-label={words.cartPage.total}>
        <p class="cart-total">
          <span>{words.cartPage.total}</span>
          <strong class="money">{formatMoney(site, judged.totalCents, site.currency)}</strong>
        </p>
        {judged.units > 0 ? (
          <a
            id="place-order"
            class="button primary wide"
            href="/checkout"
            hx-get="/checkout"
            hx-target="#checkout-content"
            hx-swap="innerHTML"
            hx-sync="this:drop"
          >
            {words.cartPage.order}
          </a>
        ) : (
          <p class="line-problem">{words.cartPage.nothingLeft}</p>
        )}
        <p class="small muted">{words.cartPage.reassurance}</p>
        <a class="continue" href="/">
          {words.cartPage.continueShopping}
        </a>
      </section>
    </div>
  );
}

export function EmptyCart({ words, lastOrder }: { words: ShopWords; lastOrder: string | undefined }) {
  return (
    <div class="notice">
      <h2>{words.cartPage.emptyHeading}</h2>
      <p>{words.cartPage.emptyText}</p>
      <p class="actions">
        <a class="button primary" href="/">
          {words.cartPage.continueShopping}
        </a>
        {lastOrder && (
          <a class="button" href={`/orders/${lastOrder}`}>
            {words.cartPage.lastOrder}
          </a>
        )}
      </p>
    </div>
  );
}

function CartLine({ line, site, words }: { line: JudgedLine; site: Site; words: ShopWords }) {
  const { product, wanted, quantity } = line;
  const price = formatMoney(site, product.priceCents, site.currency);
  return (
    <li class={quantity === 0 ? 'cart-line unavailable' : 'cart-line'}>
      <ProductPicture product={product} site={site} />
      <div class="cart-line-text" hx-ignore>
        <h2>
          <a class="product-link" href={`/products/${product.slug}`}>
            {product.name}
          </a>
        </h2>
        <p class="muted">{words.cartPage.each(price)}</p>
        {quantity === 0 && <p class="line-problem">{words.cartPage.soldOut}</p>}
        {quantity > 0 && quantity === product.stock && quantity === wanted && (
          <p class="stock few">{catalogueWords(site.locale).few(quantity)}</p>
        )}
        {quantity > 0 && quantity < wanted && <p class="line-problem">{words.cartPage.short(wanted, quantity)}</p>}
      </div>
      <QuantityForm line={line} words={words} />
      <strong class="line-total money">{formatMoney(site, product.priceCents * quantity, site.currency)}</strong>
      <RemoveForm productId={product.id} name={product.name} words={words} />
    </li>
  );
}

/** Steps are relative and come one after the other, so that three quick clicks are three. */
const swapCart = (productId: number) => ({
  method: 'post' as const,
  action: `/cart/lines/${productId}`,
  'hx-post': `/cart/lines/${productId}`,
  'hx-target': '#cart-content',
  'hx-swap': 'innerHTML',
  'hx-sync': '#main:queue all',
});

function QuantityForm({ line: { product, wanted }, words }: { line: JudgedLine; words: ShopWords }) {
  const id = `quantity-${product.id}`;
  return (
    <form class="quantity" {...swapCart(product.id)} hx-trigger="submit, change">
      {/* Enter in the field presses the first button of the form: it must be the one that takes what was typed. */}
      <button class="button small without-script update" type="submit">
        {words.cartPage.update}
      </button>
      <button
        id={`less-${product.id}`}
        class="button small"
        type="submit"
        name="step"
        value="-1"
        aria-label={words.cartPage.less(product.name)}
      >
        −
      </button>
      <label class="visually-hidden" for={id}>
        {words.cartPage.quantity(product.name)}
      </label>
      <input
        id={id}
        class="input"
        name="quantity"
        value={String(wanted)}
        inputmode="numeric"
        pattern="[0-9]*"
        maxlength={2}
        autocomplete="off"
      />
      <button
        id={`more-${product.id}`}
        class="button small"
        type="submit"
        name="step"
        value="1"
        aria-label={words.cartPage.more(product.name)}
      >
        +
      </button>
    </form>
  );
}

function RemoveForm({ productId, name, words }: { productId: number; name: string; words: ShopWords }) {
  return (
    <form class="remove" {...swapCart(productId)}>
      <button
        class="button plain small"
        type="submit"
        name="remove"
        value="1"
        aria-label={words.cartPage.removeNamed(name)}
      >
        {words.cartPage.remove}
      </button>
    </form>
  );
}

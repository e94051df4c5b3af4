import type { PropsWithChildren } from 'hono/jsx';
import type { Site } from '../deps.ts';
import { Page } from '../layout.tsx';
import { pageWords } from '../locales/page.ts';
import { type ShopWords, shopWords } from '../locales/shop.ts';
import { type Cart, countUnits } from './cart.ts';
import { CartBar, CartDrawer } from './cart-drawer.tsx';
import type { JudgedCart } from './judge-cart.ts';

interface ShopPageProps {
  site: Site;
  title?: string;
  /** Only the catalogue is for search engines. */
  noindex?: boolean;
  description?: string;
  cart: Cart;
  /** The cart against the catalogue, on pages where one can add to it: they get the drawer, and the bar of phones. */
  judged?: JudgedCart;
}

/** A page of the shop, with the way to the cart on top. */
export function ShopPage({
  site,
  title,
  noindex = true,
  description,
  cart,
  judged,
  children,
}: PropsWithChildren<ShopPageProps>) {
  const words = shopWords(site.locale);
  return (
    <Page
      site={site}
      face="shop"
      title={title ? `${title} · ${pageWords(site.locale).shopName}` : words.title}
      description={description || words.description}
      noindex={noindex}
      header={
        <header class="site-header">
          <div class="site-header-inner">
            <a class="brand" href="/">
              {pageWords(site.locale).shopName}
            </a>
            <CartLink words={words} units={countUnits(cart)} />
          </div>
        </header>
      }
      footer={
        <>
          <footer class="site-footer">
            <p>{words.footer}</p>
            <a href="/find-order">{words.findOrder.link}</a>
          </footer>
          {judged && <CartBar site={site} judged={judged} />}
          {judged && <CartDrawer />}
          <dialog id="checkout-dialog" aria-labelledby="checkout-heading">
            <div id="checkout-content" />
          </dialog>
        </>
      }
    >
      {children}
    </Page>
  );
}

/** The way to the cart, with how much is in it; fragments swap it by its id. */
export function CartLink({ words, units }: { words: ShopWords; units: number }) {
  return (
    <a id="cart-link" class="cart-link" href="/cart">
      <svg class="cart-icon" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <path
          d="M4 9h16l-1.4 10.2a1.5 1.5 0 0 1-1.5 1.3H6.9a1.5 1.5 0 0 1-1.5-1.3L4 9Zm4 0 3-6m5 6-3-6"
          fill="none"
          stroke="currentColor"
          stroke-width="1.8"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
      <span>{words.cart}</span>
      <span class={units > 0 ? 'cart-units' : 'visually-hidden'}>
        {units}
        <span class="visually-hidden"> {words.items(units)}</span>
      </span>
    </a>
  );
}

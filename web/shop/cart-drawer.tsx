import type { Site } from '../deps.ts';
import { formatMoney } from '../fragments/format.ts';
import { catalogueWords } from '../locales/catalogue.ts';
import { CartContent, type CartContentProps } from './cart-page.tsx';
import type { JudgedCart } from './judge-cart.ts';

/** The cart beside the page that one is on: filled and opened by «Ajouter au panier», empty until then. */
export function CartDrawer() {
  return (
    <dialog id="cart-drawer" class="drawer" aria-labelledby="cart-heading">
      <div id="drawer-content" />
    </dialog>
  );
}

export function DrawerContent(props: CartContentProps) {
  const words = catalogueWords(props.site.locale);
  return (
    <>
      <div class="dialog-head">
        <h2 id="cart-heading" tabindex={-1}>
          {words.drawer}
        </h2>
        <form method="dialog">
          <button class="button plain" type="submit" aria-label={words.close} autofocus>
            ✕
          </button>
        </form>
      </div>
      <div id="cart-content">
        <CartContent {...props} />
      </div>
      <form method="dialog" class="drawer-foot">
        <button class="button wide" type="submit">
          {words.keepShopping}
        </button>
      </form>
    </>
  );
}

/** On a phone, always under the thumb: what is in the cart and what it comes to. Nothing while the cart is empty. */
export function CartBar({ site, judged }: { site: Site; judged: JudgedCart }) {
  const words = catalogueWords(site.locale);
  return (
    <div id="cart-bar">
      {judged.units > 0 && (
        <nav aria-label={words.drawer}>
          <a class="cart-bar" href="/cart">
            <span>{words.bar(judged.units, formatMoney(site, judged.totalCents, site.currency))}</span>
            <strong>{words.seeCart}</strong>
          </a>
        </nav>
      )}
    </div>
  );
}

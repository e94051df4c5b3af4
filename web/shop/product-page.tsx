import { MAX_LINE_QUANTITY } from '../../shared/contracts/money.ts';
import type { Product } from '../../shared/contracts/product.ts';
import type { Site } from '../deps.ts';
import { factsOf, ProductFacts } from '../fragments/product-facts.tsx';
import { catalogueWords } from '../locales/catalogue.ts';
import { shopWords } from '../locales/shop.ts';
import type { Cart } from './cart.ts';
import { CatalogueLive } from './catalogue-live.tsx';
import { keyOf } from './fold-text.ts';
import { judgeCart } from './judge-cart.ts';
import { addingToCart } from './product-card.tsx';
import { ProductPicture } from './product-picture.tsx';
import type { Products } from './products.ts';
import { ShopPage } from './shop-page.tsx';

interface ProductPageProps {
  site: Site;
  product: Product;
  products: Products;
  cart: Cart;
}

/** `/products/<slug>`: one product, with how many of it. */
export function ProductPage({ site, product, products, cart }: ProductPageProps) {
  const words = catalogueWords(site.locale);
  const facts = factsOf(product);
  const key = keyOf(product.category);
  return (
    <ShopPage
      site={site}
      title={product.name}
      description={product.description.slice(0, 160)}
      noindex={false}
      cart={cart}
      judged={judgeCart(cart, products)}
    >
      <article class="product-page">
        <ProductPicture product={product} site={site} eager />
        <div class="product-about">
          <nav aria-label={words.categories}>
            <a href="/">{words.backToShop}</a>
            {key && (
              <>
                {' › '}
                <a href={`/?category=${key}`} hx-ignore>
                  {product.category}
                </a>
              </>
            )}
          </nav>
          <h1 hx-ignore>{product.name}</h1>
          <ProductFacts facts={facts} format={site} />
          <p class="product-words" hx-ignore>
            {product.description}
          </p>
          {/* More than there is, the server lowers, and says so in the words of the shop. */}
          <form class="product-order" {...addingToCart} novalidate>
            <input type="hidden" name="productId" value={String(product.id)} />
            <div class="field">
              <label for="quantity">{words.quantity}</label>
              <input
                id="quantity"
                class="input"
                type="number"
                name="quantity"
                value="1"
                min="1"
                max={Math.min(product.stock || MAX_LINE_QUANTITY, MAX_LINE_QUANTITY)}
                inputmode="numeric"
                autocomplete="off"
              />
            </div>
            <button class="button primary" type="submit" data-add={product.id} disabled={facts.left === 0}>
              {shopWords(site.locale).catalogue.add}
            </button>
          </form>
        </div>
      </article>
      <CatalogueLive site={site} products={products} />
    </ShopPage>
  );
}

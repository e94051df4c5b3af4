import { Hono } from 'hono';
import type { Product } from '../../shared/contracts/product.ts';
import type { Site, WebEnv } from '../deps.ts';
import { formatMoney } from '../fragments/format.ts';
import { sendPage } from '../layout.tsx';
import { type ShopWords, shopWords } from '../locales/shop.ts';
import type { ReadProducts } from './products.ts';
import { readCart } from './shop-cookies.ts';
import { ShopPage } from './shop-page.tsx';

/** So few left that a shopper should know. */
const FEW = 5;
/** The cards that a screen shows before anybody scrolls; their pictures are not put off. */
const EAGER_CARDS = 4;

export interface CatalogueDeps {
  site: Site;
  products: ReadProducts;
}

/** `/`: everything the shop sells. */
export function catalogueRoutes({ site, products }: CatalogueDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/', async (c) => {
    const words = shopWords(site.locale);
    const shelf = [...(await products()).values()];
    return sendPage(
      c,
      <ShopPage site={site} noindex={false} cart={readCart(c)}>
        <div class="hero">
          <h1>{words.catalogue.heading}</h1>
          <p>{words.catalogue.lead}</p>
        </div>
        <h2 class="visually-hidden">{words.catalogue.products}</h2>
        {shelf.length === 0 ? (
          <p class="notice">{words.catalogue.none}</p>
        ) : (
          <ul class="shelf">
            {shelf.map((product, index) => (
              <ProductCard product={product} site={site} words={words} eager={index < EAGER_CARDS} />
            ))}
          </ul>
        )}
      </ShopPage>,
    );
  });
}

interface ProductCardProps {
  product: Product;
  site: Site;
  words: ShopWords;
  eager: boolean;
}

function ProductCard({ product, site, words, eager }: ProductCardProps) {
  const soldOut = product.stock === 0;
  return (
    <li class="product">
      <ProductPicture slug={product.slug} eager={eager} />
      <div class="product-text" hx-ignore>
        <h3>{product.name}</h3>
        <p>{product.description}</p>
      </div>
      <p class="product-facts">
        <span class="money price">{formatMoney(site, product.priceCents, site.currency)}</span>
        <StockWord stock={product.stock} words={words} />
      </p>
      <form
        method="post"
        action="/cart/lines"
        hx-post="/cart/lines"
        hx-swap="none"
        // One after the other: each reads the cart from the cookie that the one before wrote.
        hx-sync="#main:queue all"
      >
        <input type="hidden" name="productId" value={String(product.id)} />
        <button
          class="button primary"
          type="submit"
          disabled={soldOut}
          aria-label={words.catalogue.addNamed(product.name)}
        >
          {words.catalogue.add}
        </button>
      </form>
    </li>
  );
}

function StockWord({ stock, words }: { stock: number | null; words: ShopWords }) {
  if (stock === 0) return <span class="stock none">{words.catalogue.soldOut}</span>;
  if (stock !== null && stock <= FEW) return <span class="stock few">{words.catalogue.few(stock)}</span>;
  return <span class="stock">{words.catalogue.inStock}</span>;
}

/** Pictures are drawn 4:3, and keep that place free while they load. The name stands beside them, so no alt text. */
export function ProductPicture({ slug, eager = false }: { slug: string; eager?: boolean }) {
  return (
    <img
      class="picture"
      src={`/static/products/${encodeURIComponent(slug)}.svg`}
      alt=""
      width="400"
      height="300"
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
    />
  );
}

import { type Context, Hono } from 'hono';
import type { Product } from '../../shared/contracts/product.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Site, WebEnv } from '../deps.ts';
import { asks } from '../error-pages.tsx';
import { factsOf, renderFacts, stampOf } from '../fragments/product-facts.tsx';
import { sendPage } from '../layout.tsx';
import { catalogueWords } from '../locales/catalogue.ts';
import { shopWords } from '../locales/shop.ts';
import { sendHtml } from '../send-html.ts';
import { CatalogueLive } from './catalogue-live.tsx';
import { type Category, categoriesOf, findProducts, MAX_SEARCH_CHARS } from './find-products.ts';
import { keyOf } from './fold-text.ts';
import { judgeCart } from './judge-cart.ts';
import { ProductCard } from './product-card.tsx';
import { ProductPage } from './product-page.tsx';
import type { Products, ReadProducts } from './products.ts';
import { readCart } from './shop-cookies.ts';
import { ShopPage } from './shop-page.tsx';

/** The cards that a screen shows before anybody scrolls; their pictures are not put off. */
const EAGER_CARDS = 4;

export interface CatalogueDeps {
  site: Site;
  products: ReadProducts;
}

/** What somebody looks for: words that were typed, and a category's key. Empty for all. */
interface Wish {
  typed: string;
  category: string;
}

/**
 * `/` is everything the shop sells, or what is looked for: `/?q=miel&category=epicerie`. `/search` answers the same
 * question as a part, while somebody types: at an address of its own, so that no cache takes one for the other.
 */
export function catalogueRoutes({ site, products }: CatalogueDeps): Hono<WebEnv> {
  const words = catalogueWords(site.locale);
  return new Hono<WebEnv>()
    .get('/', async (c) => {
      const all = await products();
      const cart = readCart(c);
      const wish = readWish(c);
      const shelf = [...all.values()];
      const heading = shopWords(site.locale).catalogue;
      return sendPage(
        c,
        <ShopPage site={site} noindex={wish.typed !== ''} cart={cart} judged={judgeCart(cart, all)}>
          <div class="hero">
            <h1>{heading.heading}</h1>
            <p>{heading.lead}</p>
          </div>
          <SearchForm site={site} wish={wish} />
          <CategoryLinks site={site} categories={categoriesOf(shelf)} wish={wish} />
          <h2 class="visually-hidden">{heading.products}</h2>
          <div id="shelf">
            <Shelf site={site} shelf={shelf} wish={wish} />
          </div>
          <CatalogueLive site={site} products={all} />
        </ShopPage>,
      );
    })
    .get('/search', async (c) => {
      const wish = readWish(c);
      if (asks(c) !== 'part') return c.redirect(addressOf(wish), 303);
      const shelf = [...(await products()).values()];
      return sendHtml(
        c,
        <>
          <Shelf site={site} shelf={shelf} wish={wish} />
          <hx-partial hx-target="#announce" hx-swap="innerHTML">
            <span>{words.found(findWished(shelf, wish).length)}</span>
          </hx-partial>
        </>,
      );
    })
    .get('/products/:slug', async (c) => {
      const all = await products();
      const slug = c.req.param('slug');
      const byId = /^[1-9][0-9]{0,9}$/.test(slug) ? all.get(Number(slug)) : undefined;
      if (byId) return c.redirect(`/products/${byId.slug}`, 301);
      const product = [...all.values()].find((one) => one.slug === slug);
      if (!product) throw new HttpProblem(404, 'not_found');
      return sendPage(c, <ProductPage site={site} product={product} products={all} cart={readCart(c)} />);
    })
    .get('/catalogue/facts', async (c) => sendFacts(c, site, await products()));
}

/** What the stream of the catalogue would have brought, for pages that have none. */
function sendFacts(c: Context<WebEnv>, site: Site, products: Products): Response | Promise<Response> {
  const facts = [...products.values()].map(factsOf);
  const etag = `"${stampOf(facts)}"`;
  c.header('ETag', etag);
  c.header('Cache-Control', 'no-cache');
  // A compressed answer may have made it weak on its way.
  if (c.req.header('If-None-Match')?.replace(/^W\//, '') === etag) return c.body(null, 304);
  return sendHtml(c, renderFacts(facts, site));
}

function readWish(c: Context<WebEnv>): Wish {
  return {
    typed: (c.req.query('q') ?? '').slice(0, MAX_SEARCH_CHARS).toWellFormed().trim(),
    category: keyOf((c.req.query('category') ?? '').slice(0, MAX_SEARCH_CHARS)),
  };
}

function addressOf({ typed, category }: Wish): string {
  const query = new URLSearchParams({ ...(typed && { q: typed }), ...(category && { category }) });
  return query.size > 0 ? `/?${query}` : '/';
}

function findWished(shelf: readonly Product[], { typed, category }: Wish): Product[] {
  const inCategory = category === '' ? shelf : shelf.filter((product) => keyOf(product.category) === category);
  return findProducts(inCategory, typed);
}

function SearchForm({ site, wish }: { site: Site; wish: Wish }) {
  const words = catalogueWords(site.locale);
  return (
    <search>
      <form id="search" class="search" method="get" action="/">
        <label class="visually-hidden" for="search-words">
          {words.search}
        </label>
        <input
          id="search-words"
          class="input"
          type="search"
          name="q"
          value={wish.typed}
          placeholder={words.search}
          maxlength={MAX_SEARCH_CHARS}
          autocomplete="off"
          enterkeyhint="search"
          hx-get="/search"
          hx-trigger="input changed delay:200ms"
          hx-include="#search"
          hx-target="#shelf"
          hx-swap="innerHTML"
          hx-sync="this:replace"
        />
        {wish.category && <input type="hidden" name="category" value={wish.category} />}
        <button class="button without-script" type="submit">
          {words.find}
        </button>
      </form>
    </search>
  );
}

function CategoryLinks({ site, categories, wish }: { site: Site; categories: readonly Category[]; wish: Wish }) {
  const words = catalogueWords(site.locale);
  if (categories.length < 2) return null;
  const link = (key: string, name: string) => (
    <li>
      <a
        class="chip"
        href={addressOf({ typed: wish.typed, category: key })}
        aria-current={wish.category === key ? 'page' : undefined}
        hx-ignore
      >
        {name}
      </a>
    </li>
  );
  return (
    <nav class="categories" aria-label={words.categories}>
      <ul>
        {link('', words.all)}
        {categories.map(({ key, name }) => link(key, name))}
      </ul>
    </nav>
  );
}

function Shelf({ site, shelf, wish }: { site: Site; shelf: readonly Product[]; wish: Wish }) {
  const words = catalogueWords(site.locale);
  const found = findWished(shelf, wish);
  if (found.length === 0) {
    return (
      <div class="notice">
        <p hx-ignore>
          {wish.typed
            ? words.nothing(wish.typed)
            : wish.category
              ? words.nothingHere
              : shopWords(site.locale).catalogue.none}
        </p>
        {(wish.typed || wish.category) && (
          <a class="button" href="/">
            {words.seeAll}
          </a>
        )}
      </div>
    );
  }
  return (
    <>
      {(wish.typed || wish.category) && <p class="found muted">{words.found(found.length)}</p>}
      <ul class="shelf">
        {found.map((product, index) => (
          <ProductCard product={product} site={site} eager={index < EAGER_CARDS} />
        ))}
      </ul>
    </>
  );
}

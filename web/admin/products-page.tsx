import type { AdminProduct } from '../../shared/contracts/product.ts';
import { may } from '../../shared/contracts/role.ts';
import type { SignedIn, Site } from '../deps.ts';
import { formatMoney, formatNumber } from '../fragments/format.ts';
import { productWords } from '../locales/products.ts';
import { MAX_SEARCH_CHARS } from '../shop/find-products.ts';
import { ProductPicture } from '../shop/product-picture.tsx';
import { QuietPage } from './desk-page.tsx';

interface ProductsPageProps {
  site: Site;
  admin: SignedIn;
  products: readonly AdminProduct[];
  /** Those that match what was typed. */
  found: readonly AdminProduct[];
  typed: string;
  flash?: string | undefined;
}

/** Every product, also what is hidden, with the two things that are done most: look closer, and hide or show. */
export function ProductsPage({ site, admin, products, found, typed, flash }: ProductsPageProps) {
  const words = productWords(site.locale);
  const mayChange = may(admin.role, 'manage_catalogue');
  return (
    <QuietPage
      site={site}
      admin={admin}
      current="products"
      title={words.title}
      refreshHref={`/admin/products${typed ? `?${new URLSearchParams({ q: typed })}` : ''}`}
      flash={flash}
    >
      <div class="products-bar">
        <form class="products-search" method="get" action="/admin/products">
          <label class="visually-hidden" for="q">
            {words.search}
          </label>
          <input
            id="q"
            class="input"
            type="search"
            name="q"
            value={typed}
            maxlength={MAX_SEARCH_CHARS}
            autocomplete="off"
          />
          <button type="submit" class="button">
            {words.find}
          </button>
        </form>
        {mayChange && (
          <a class="button primary" href="/admin/products/new">
            {words.create}
          </a>
        )}
      </div>
      <p class="muted">
        {words.intro(found.length, found.filter(({ hidden }) => hidden).length)}
        {typed && (
          <>
            {' · '}
            <a href="/admin/products">{words.all}</a>
          </>
        )}
      </p>
      {found.length === 0 ? (
        <p class="card">{products.length === 0 || typed ? words.none : ''}</p>
      ) : (
        <table class="card products-table">
          <caption class="visually-hidden">{words.title}</caption>
          <thead>
            <tr>
              <th scope="col">{words.columns.product}</th>
              <th scope="col">{words.columns.category}</th>
              <th scope="col" class="end">
                {words.columns.price}
              </th>
              <th scope="col" class="end">
                {words.columns.stock}
              </th>
              <th scope="col">{words.columns.state}</th>
              <th scope="col">{words.columns.steps}</th>
            </tr>
          </thead>
          <tbody hx-ignore>
            {found.map((product) => (
              <ProductRow site={site} product={product} mayChange={mayChange} />
            ))}
          </tbody>
        </table>
      )}
    </QuietPage>
  );
}

function ProductRow({ site, product, mayChange }: { site: Site; product: AdminProduct; mayChange: boolean }) {
  const words = productWords(site.locale);
  const { id, name, category, priceCents, stock, hidden, version } = product;
  const stockClass = stock === 0 ? 'stock none' : stock !== null && stock <= 5 ? 'stock few' : 'stock';
  return (
    <tr class={hidden ? 'is-hidden' : undefined}>
      <th scope="row">
        <span class="product-named">
          <ProductPicture product={product} site={site} />
          <a href={`/admin/products/${id}`} aria-label={words.editNamed(name)}>
            {name}
          </a>
        </span>
      </th>
      <td data-label={words.columns.category}>{category}</td>
      <td data-label={words.columns.price} class="end money">
        {formatMoney(site, priceCents, site.currency)}
      </td>
      <td data-label={words.columns.stock} class="end">
        <span class={stockClass}>{stock === null ? words.unlimited : formatNumber(site, stock)}</span>
      </td>
      <td data-label={words.columns.state}>
        <span class={hidden ? 'badge' : 'badge terminee'}>{hidden ? words.hidden : words.shown}</span>
      </td>
      <td>
        {mayChange && (
          <form method="post" action={`/admin/products/${id}/hidden`}>
            <input type="hidden" name="version" value={String(version)} />
            <input type="hidden" name="hidden" value={hidden ? '0' : '1'} />
            <button type="submit" class="button small" aria-label={`${hidden ? words.show : words.hide} : ${name}`}>
              {hidden ? words.show : words.hide}
            </button>
          </form>
        )}
      </td>
    </tr>
  );
}

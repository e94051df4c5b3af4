import type { Product } from '../../shared/contracts/product.ts';
import type { Site } from '../deps.ts';
import { factsOf, ProductFacts } from '../fragments/product-facts.tsx';
import { shopWords } from '../locales/shop.ts';
import { ProductPicture } from './product-picture.tsx';

interface ProductCardProps {
  product: Product;
  site: Site;
  /** On the screen before anybody scrolls. */
  eager: boolean;
}

export function ProductCard({ product, site, eager }: ProductCardProps) {
  const words = shopWords(site.locale).catalogue;
  const facts = factsOf(product);
  return (
    <li class="product">
      <ProductPicture product={product} site={site} eager={eager} />
      <div class="product-text" hx-ignore>
        <h3>
          <a class="product-link" href={`/products/${product.slug}`}>
            {product.name}
          </a>
        </h3>
        <p>{product.description}</p>
      </div>
      <ProductFacts facts={facts} format={site} />
      <form {...addingToCart}>
        <input type="hidden" name="productId" value={String(product.id)} />
        <button
          class="button primary"
          type="submit"
          data-add={product.id}
          disabled={facts.left === 0}
          aria-label={words.addNamed(product.name)}
        >
          {words.add}
        </button>
      </form>
    </li>
  );
}

/** Every form that puts something into the cart: the drawer opens once it is there. */
export const addingToCart = {
  method: 'post' as const,
  action: '/cart/lines',
  'hx-post': '/cart/lines',
  'hx-swap': 'none',
  // One after the other: each reads the cart from the cookie that the one before wrote.
  'hx-sync': '#main:queue all',
  'data-opens-drawer': true,
};

import type { Product } from '../../shared/contracts/product.ts';
import type { Site } from '../deps.ts';

interface ProductPictureProps {
  product: Pick<Product, 'slug' | 'picture'>;
  site: Site;
  /** On the screen before anybody scrolls. */
  eager?: boolean;
}

/** Pictures have a place of 4:3, and keep it free while they load. The name stands beside them, so no alt text. */
export function ProductPicture({ product, site, eager = false }: ProductPictureProps) {
  return (
    <img
      class="picture"
      src={pictureAddress(product, site)}
      alt=""
      width="400"
      height="300"
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
    />
  );
}

/** What an admin uploaded; else the drawing that demo products come with; else a plain one. */
function pictureAddress({ slug, picture }: Pick<Product, 'slug' | 'picture'>, site: Site): string {
  if (picture) return `/pictures/${picture}.webp`;
  return site.file(`products/${slug}.svg`) ?? '/static/no-picture.svg';
}

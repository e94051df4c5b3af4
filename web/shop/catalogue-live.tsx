import type { Site } from '../deps.ts';
import { factsOf, stampOf } from '../fragments/product-facts.tsx';
import { catalogueWords } from '../locales/catalogue.ts';
import type { Products } from './products.ts';

/** Without a stream a page asks this often. */
const POLL_SECONDS = 15;

/** Tells the browser code which facts the page shows, and where to hear of newer ones. */
export function CatalogueLive({ site, products }: { site: Site; products: Products }) {
  return (
    <p
      id="catalogue-live"
      hidden
      data-stream="/live/catalogue"
      data-facts-url="/catalogue/facts"
      data-poll-seconds={POLL_SECONDS}
      data-cursor={stampOf([...products.values()].map(factsOf))}
      data-gone={catalogueWords(site.locale).gone}
    />
  );
}

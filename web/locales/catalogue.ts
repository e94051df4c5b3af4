/** What is said of a product on its card, on its page, and by the stream that keeps both current. */
const fr = {
  soldOut: 'Rupture',
  few: (left: number) => `Plus que ${left} en stock`,
  inStock: 'En stock',
  gone: 'N’est plus vendu',

  search: 'Rechercher un produit',
  find: 'Rechercher',
  categories: 'Rayons',
  all: 'Tout',
  found: (count: number) => (count === 0 ? 'Aucun produit' : count === 1 ? '1 produit' : `${count} produits`),
  nothing: (typed: string) => `Rien ne correspond à « ${typed} ».`,
  nothingHere: 'Rien dans ce rayon pour le moment.',
  seeAll: 'Voir toute la boutique',
  backToShop: 'Toute la boutique',
  quantity: 'Quantité',
  less: 'Un de moins',
  more: 'Un de plus',

  drawer: 'Votre panier',
  close: 'Fermer',
  keepShopping: 'Continuer mes achats',
  seeCart: 'Voir le panier',
  bar: (count: number, total: string) => `${count} ${count > 1 ? 'articles' : 'article'} · ${total}`,
  /** The cart took less than was asked for. */
  lowered: (name: string, quantity: number) => `${name} : quantité ramenée à ${quantity}, c’est tout ce qui reste.`,
  loweredMost: (name: string, quantity: number) => `${name} : quantité ramenée à ${quantity}, le plus par commande.`,
};

export type CatalogueWords = typeof fr;

const en: CatalogueWords = {
  soldOut: 'Sold out',
  few: (left) => `Only ${left} left`,
  inStock: 'In stock',
  gone: 'No longer sold',

  search: 'Search for a product',
  find: 'Search',
  categories: 'Shelves',
  all: 'All',
  found: (count) => (count === 0 ? 'No products' : count === 1 ? '1 product' : `${count} products`),
  nothing: (typed) => `Nothing matches “${typed}”.`,
  nothingHere: 'Nothing on this shelf for now.',
  seeAll: 'See the whole shop',
  backToShop: 'The whole shop',
  quantity: 'Quantity',
  less: 'One less',
  more: 'One more',

  drawer: 'Your cart',
  close: 'Close',
  keepShopping: 'Continue shopping',
  seeCart: 'See the cart',
  bar: (count, total) => `${count} ${count > 1 ? 'items' : 'item'} · ${total}`,
  lowered: (name, quantity) => `${name}: quantity lowered to ${quantity}, which is all there is.`,
  loweredMost: (name, quantity) => `${name}: quantity lowered to ${quantity}, the most per order.`,
};

export function catalogueWords(locale: 'fr' | 'en'): CatalogueWords {
  return locale === 'fr' ? fr : en;
}

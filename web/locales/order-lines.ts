/** Words above the lines of an order, for whoever reads it. */
const fr = {
  article: 'Article',
  quantity: 'Quantité',
  unitPrice: 'Prix unitaire',
  lineTotal: 'Total',
};

const en: typeof fr = {
  article: 'Item',
  quantity: 'Quantity',
  unitPrice: 'Unit price',
  lineTotal: 'Total',
};

export function orderLinesWords(locale: 'fr' | 'en'): typeof fr {
  return locale === 'fr' ? fr : en;
}

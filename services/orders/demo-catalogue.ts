/** A product as the demo shop sells it, in both languages that a shop can speak. */
export interface DemoProduct {
  /** Names the picture too: `web/static/products/<slug>.svg`. */
  slug: string;
  category: { fr: string; en: string };
  name: { fr: string; en: string };
  description: { fr: string; en: string };
  /** Tax included, as French law wants prices shown to shoppers. */
  priceCents: number;
  /** Units left; null when not limited. */
  stock: number | null;
}

const SHELVES = {
  savoury: { fr: 'Épicerie salée', en: 'Savoury' },
  sweet: { fr: 'Épicerie sucrée', en: 'Sweet' },
  drinks: { fr: 'Boissons', en: 'Drinks' },
  table: { fr: 'Arts de la table', en: 'Tableware' },
  house: { fr: 'Maison', en: 'House' },
  gifts: { fr: 'Cadeaux', en: 'Gifts' },
};

/**
 * What a fresh shop shows: a French épicerie fine with a shelf of things for the kitchen and the house.
 *
 * The stocks cover every case a page has to draw: plenty, nearly gone, sold out (the basket), never out
 * (the gift card), and a numbered edition that many want at once (the discovery box).
 */
export const demoCatalogue: readonly DemoProduct[] = [
  {
    slug: 'miel-de-lavande',
    category: SHELVES.sweet,
    name: { fr: 'Miel de lavande', en: 'Lavender honey' },
    description: {
      fr: 'Récolté en juillet sur le plateau de Valensole, crémeux et clair. Pot de 500 g.',
      en: 'Gathered in July on the Valensole plateau, pale and creamy. 500 g jar.',
    },
    priceCents: 1250,
    stock: 120,
  },
  {
    slug: 'confiture-abricot',
    category: SHELVES.sweet,
    name: { fr: 'Confiture d’abricots', en: 'Apricot jam' },
    description: {
      fr: 'Abricots bergeron du Roussillon cuits au chaudron, 60 % de fruits. Pot de 340 g.',
      en: 'Bergeron apricots from Roussillon cooked in a copper pan, 60% fruit. 340 g jar.',
    },
    priceCents: 690,
    stock: 150,
  },
  {
    slug: 'huile-olive',
    category: SHELVES.savoury,
    name: { fr: 'Huile d’olive vierge extra', en: 'Extra virgin olive oil' },
    description: {
      fr: 'Olives aglandau pressées à froid le jour de la cueillette, fruité vert. Bouteille de 50 cl.',
      en: 'Aglandau olives, cold-pressed the day they are picked; green and peppery. 50 cl bottle.',
    },
    priceCents: 2400,
    stock: 85,
  },
  {
    slug: 'cafe-en-grains',
    category: SHELVES.drinks,
    name: { fr: 'Café en grains « Matin »', en: '“Matin” coffee beans' },
    description: {
      fr: 'Assemblage d’Éthiopie et du Guatemala, torréfié chaque semaine. Sachet de 500 g.',
      en: 'A blend from Ethiopia and Guatemala, roasted every week. 500 g bag.',
    },
    priceCents: 1490,
    stock: 95,
  },
  {
    slug: 'sables-bretons',
    category: SHELVES.sweet,
    name: { fr: 'Sablés bretons pur beurre', en: 'Breton butter shortbread' },
    description: {
      fr: 'Épais, dorés, avec une pointe de sel de Guérande. Étui de douze.',
      en: 'Thick and golden, with a touch of Guérande salt. Box of twelve.',
    },
    priceCents: 720,
    stock: 110,
  },
  {
    slug: 'bol-en-gres',
    category: SHELVES.table,
    name: { fr: 'Bol en grès émaillé', en: 'Glazed stoneware bowl' },
    description: {
      fr: 'Tourné à la main à La Borne, émail bleu de cendre ; chaque pièce est unique. 16 cm.',
      en: 'Thrown by hand in La Borne, ash-blue glaze; no two are alike. 16 cm.',
    },
    priceCents: 2200,
    stock: 18,
  },
  {
    slug: 'coffret-decouverte',
    category: SHELVES.gifts,
    name: { fr: 'Coffret découverte numéroté', en: 'Numbered discovery box' },
    description: {
      fr: 'Huile, miel, moutarde et thé dans une caisse en pin. Édition de quarante coffrets.',
      en: 'Oil, honey, mustard and tea in a pine crate. An edition of forty boxes.',
    },
    priceCents: 8900,
    stock: 40,
  },
  {
    slug: 'limonade-artisanale',
    category: SHELVES.drinks,
    name: { fr: 'Limonade artisanale au citron', en: 'Craft lemonade' },
    description: {
      fr: 'Citrons de Menton et eau de source, peu sucrée. Bouteille de 33 cl.',
      en: 'Menton lemons and spring water, not too sweet. 33 cl bottle.',
    },
    priceCents: 290,
    stock: 240,
  },
  {
    slug: 'chocolat-noir',
    category: SHELVES.sweet,
    name: { fr: 'Chocolat noir 72 %', en: 'Dark chocolate 72%' },
    description: {
      fr: 'Fèves de Madagascar torréfiées et broyées sur place, notes de fruits rouges. Tablette de 80 g.',
      en: 'Madagascan beans roasted and ground in house, with notes of red fruit. 80 g bar.',
    },
    priceCents: 620,
    stock: 130,
  },
  {
    slug: 'theiere-en-fonte',
    category: SHELVES.table,
    name: { fr: 'Théière en fonte', en: 'Cast-iron teapot' },
    description: {
      fr: 'Fonte émaillée rouge brique, filtre en inox, garde le thé chaud une heure. 80 cl.',
      en: 'Brick-red enamelled iron with a steel strainer; keeps tea hot for an hour. 80 cl.',
    },
    priceCents: 7900,
    stock: 4,
  },
  {
    slug: 'the-noir-agrumes',
    category: SHELVES.drinks,
    name: { fr: 'Thé noir aux agrumes', en: 'Black tea with citrus' },
    description: {
      fr: 'Thé de Ceylan, bergamote de Calabre et écorces d’orange. Boîte de 100 g.',
      en: 'Ceylon tea, Calabrian bergamot and orange peel. 100 g tin.',
    },
    priceCents: 1650,
    stock: 60,
  },
  {
    slug: 'savon-de-marseille',
    category: SHELVES.house,
    name: { fr: 'Savon de Marseille à l’olive', en: 'Marseille olive-oil soap' },
    description: {
      fr: 'Cuit au chaudron, 72 % d’huile d’olive, sans parfum ni colorant. Cube de 300 g.',
      en: 'Kettle-cooked, 72% olive oil, no scent and no colouring. 300 g cube.',
    },
    priceCents: 790,
    stock: 140,
  },
  {
    slug: 'fleur-de-sel',
    category: SHELVES.savoury,
    name: { fr: 'Fleur de sel de Guérande', en: 'Guérande fleur de sel' },
    description: {
      fr: 'Cueillie à la surface des œillets, à la main, les soirs d’été. Pot de 125 g.',
      en: 'Skimmed by hand from the salt ponds on summer evenings. 125 g pot.',
    },
    priceCents: 750,
    stock: 100,
  },
  {
    slug: 'caramels-beurre-sale',
    category: SHELVES.sweet,
    name: { fr: 'Caramels au beurre salé', en: 'Salted-butter caramels' },
    description: {
      fr: 'Fondants, coupés et emballés à la main à Quiberon. Sachet de 200 g.',
      en: 'Soft, cut and wrapped by hand in Quiberon. 200 g bag.',
    },
    priceCents: 850,
    stock: 75,
  },
  {
    slug: 'torchon-lin',
    category: SHELVES.table,
    name: { fr: 'Torchon en lin lavé', en: 'Washed linen tea towel' },
    description: {
      fr: 'Lin français tissé dans les Vosges, liteaux rouges, cœur brodé. 50 × 70 cm.',
      en: 'French linen woven in the Vosges, red stripes, an embroidered heart. 50 × 70 cm.',
    },
    priceCents: 1900,
    stock: 32,
  },
  {
    slug: 'panier-de-marche',
    category: SHELVES.house,
    name: { fr: 'Panier de marché en osier', en: 'Wicker market basket' },
    description: {
      fr: 'Tressé à Villaines-les-Rochers, anse gainée de cuir. Prochaine fournée au printemps.',
      en: 'Woven in Villaines-les-Rochers, with a leather-bound handle. Next batch in spring.',
    },
    priceCents: 4500,
    stock: 0,
  },
  {
    slug: 'sardines-huile-olive',
    category: SHELVES.savoury,
    name: { fr: 'Sardines à l’huile d’olive', en: 'Sardines in olive oil' },
    description: {
      fr: 'Pêche de Douarnenez, préparées à la main ; meilleures encore après trois ans. Boîte de 115 g.',
      en: 'Landed at Douarnenez and packed by hand; better still after three years. 115 g tin.',
    },
    priceCents: 560,
    stock: 160,
  },
  {
    slug: 'moutarde-ancienne',
    category: SHELVES.savoury,
    name: { fr: 'Moutarde à l’ancienne', en: 'Whole-grain mustard' },
    description: {
      fr: 'Graines de Bourgogne broyées à la meule, vinaigre de cidre. Pot en grès de 200 g.',
      en: 'Burgundy seeds ground on a millstone, with cider vinegar. 200 g stoneware pot.',
    },
    priceCents: 540,
    stock: 90,
  },
  {
    slug: 'planche-olivier',
    category: SHELVES.table,
    name: { fr: 'Planche à découper en olivier', en: 'Olive-wood board' },
    description: {
      fr: 'Taillée dans une seule pièce et huilée à l’atelier ; veinage toujours différent. 38 cm.',
      en: 'Cut from a single piece and oiled in the workshop; the grain is never the same. 38 cm.',
    },
    priceCents: 3900,
    stock: 12,
  },
  {
    slug: 'terrine-de-campagne',
    category: SHELVES.savoury,
    name: { fr: 'Terrine de campagne', en: 'Country pork terrine' },
    description: {
      fr: 'Porc fermier du Périgord, poivre concassé et laurier. Bocal de 180 g.',
      en: 'Free-range pork from Périgord, cracked pepper and bay. 180 g jar.',
    },
    priceCents: 680,
    stock: 70,
  },
  {
    slug: 'bougie-cire-abeille',
    category: SHELVES.house,
    name: { fr: 'Bougie en cire d’abeille', en: 'Beeswax candle' },
    description: {
      fr: 'Pure cire roulée à la main, odeur de miel. Environ vingt heures de flamme.',
      en: 'Pure wax rolled by hand, with a scent of honey. Burns for about twenty hours.',
    },
    priceCents: 1400,
    stock: 45,
  },
  {
    slug: 'herbes-de-provence',
    category: SHELVES.savoury,
    name: { fr: 'Bouquet d’herbes de Provence', en: 'Provençal herb bouquet' },
    description: {
      fr: 'Thym, romarin, sarriette et un brin de lavande, séchés à l’ombre. 60 g.',
      en: 'Thyme, rosemary, savory and a sprig of lavender, dried in the shade. 60 g.',
    },
    priceCents: 480,
    stock: 80,
  },
  {
    slug: 'couteau-pliant',
    category: SHELVES.table,
    name: { fr: 'Couteau pliant en noyer', en: 'Walnut folding knife' },
    description: {
      fr: 'Forgé à Thiers, lame en acier inoxydable de 9 cm, mitre en laiton. Affûtage offert à vie.',
      en: 'Forged in Thiers: a 9 cm stainless blade and a brass bolster. Sharpened free for life.',
    },
    priceCents: 6800,
    stock: 3,
  },
  {
    slug: 'carte-cadeau',
    category: SHELVES.gifts,
    name: { fr: 'Carte cadeau', en: 'Gift card' },
    description: {
      fr: 'Une carte illustrée d’une valeur de 30 €, glissée dans son enveloppe. Valable deux ans.',
      en: 'An illustrated card worth €30, tucked into its envelope. Valid for two years.',
    },
    priceCents: 3000,
    stock: null,
  },
];

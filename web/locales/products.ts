import type { ProductField, ProductFieldProblem } from '../admin/product-form.ts';

/** Words of the desk's pages about products. */
const fr = {
  title: 'Produits',
  intro: (count: number, hidden: number) =>
    `${count} ${count > 1 ? 'produits' : 'produit'}${hidden > 0 ? `, dont ${hidden} hors vente` : ''}`,
  create: 'Nouveau produit',
  search: 'Chercher un produit',
  find: 'Chercher',
  none: 'Aucun produit ici.',
  columns: { product: 'Produit', category: 'Rayon', price: 'Prix', stock: 'Stock', state: 'État', steps: 'Suite' },
  unlimited: 'illimité',
  shown: 'En vente',
  hidden: 'Hors vente',
  hide: 'Retirer de la vente',
  show: 'Mettre en vente',
  edit: 'Modifier',
  editNamed: (name: string) => `Modifier ${name}`,
  seeInShop: 'Voir en boutique',
  all: 'Tous les produits',
  lastChange: (who: string, time: string) => `Modifié par ${who} le ${time}`,

  name: 'Nom',
  category: 'Rayon',
  categoryHint: 'Un rayon existant, ou un nouveau. Peut rester vide.',
  price: 'Prix TTC',
  priceHint: 'Par exemple 12,50',
  stock: 'Stock',
  stockHint: 'Vide : non limité. Ce qui est vendu entre-temps reste déduit.',
  description: 'Description',
  sold: 'En vente dans la boutique',
  save: 'Enregistrer',
  createIt: 'Créer le produit',
  wrong: 'Il reste quelque chose à corriger :',
  errors: {
    name: {
      required: 'Donnez un nom à ce produit.',
      too_long: 'Ce nom est trop long (120 caractères au plus).',
      invalid: 'Ce nom contient des caractères illisibles.',
      taken: 'Un autre produit porte déjà ce nom.',
    },
    category: {
      too_long: 'Ce rayon est trop long (60 caractères au plus).',
      invalid: 'Ce rayon contient des caractères illisibles.',
    },
    price: {
      required: 'Donnez un prix.',
      invalid: 'Ce prix n’est pas lisible. Exemple : 12,50',
      too_big: 'Ce prix est trop élevé (10 000 au plus).',
    },
    stock: {
      invalid: 'Un nombre entier, ou rien si le stock n’est pas limité.',
      too_big: 'Ce stock est trop grand (1 000 000 au plus).',
    },
    description: {
      too_long: 'Cette description est trop longue (2 000 caractères au plus).',
      invalid: 'Cette description contient des caractères illisibles.',
    },
  } satisfies Record<ProductField, Partial<Record<ProductFieldProblem, string>>>,

  stale: (who: string, ago: string) => `${who} a modifié ce produit ${ago}. Rien n’a été enregistré.`,
  staleUnknown: 'Ce produit a changé entre-temps. Rien n’a été enregistré.',
  staleNow: 'Ce qui est enregistré maintenant\u00a0:',
  staleField: (name: string) => `${name}\u00a0:`,
  staleAgain: 'Vos valeurs sont encore dans le formulaire : enregistrez à nouveau pour les garder.',
  saved: (name: string) => `${name} : enregistré.`,
  created: (name: string) => `${name} : créé.`,
  nowHidden: (name: string) => `${name} : retiré de la vente.`,
  nowShown: (name: string) => `${name} : en vente.`,
  full: 'Le catalogue est plein : 1 000 produits au plus.',

  picture: 'Image',
  pictureHint: 'JPEG, PNG ou WebP, 8 Mo et 25 millions de pixels au plus.',
  pictureFile: 'Choisir un fichier',
  upload: 'Envoyer l’image',
  removePicture: 'Retirer l’image',
  noPicture: 'Pas d’image à elle : la boutique montre un dessin.',
  pictureSaved: 'Image enregistrée.',
  pictureRemoved: 'Image retirée.',
  pictureErrors: {
    missing: 'Choisissez d’abord un fichier.',
    invalid: 'Ce fichier n’est pas une image JPEG, PNG ou WebP lisible.',
    too_big: 'Cette image a trop de pixels (25 millions au plus).',
    too_large: 'Ce fichier est trop lourd (8 Mo au plus).',
    busy: 'Une autre image est en cours de traitement. Réessayez dans un instant.',
  },
};

export type ProductWords = typeof fr;

const en: ProductWords = {
  title: 'Products',
  intro: (count, hidden) =>
    `${count} ${count === 1 ? 'product' : 'products'}${hidden > 0 ? `, ${hidden} not on sale` : ''}`,
  create: 'New product',
  search: 'Search for a product',
  find: 'Search',
  none: 'No products here.',
  columns: { product: 'Product', category: 'Shelf', price: 'Price', stock: 'Stock', state: 'State', steps: 'Next' },
  unlimited: 'unlimited',
  shown: 'On sale',
  hidden: 'Not on sale',
  hide: 'Take off sale',
  show: 'Put on sale',
  edit: 'Edit',
  editNamed: (name) => `Edit ${name}`,
  seeInShop: 'See in the shop',
  all: 'All products',
  lastChange: (who, time) => `Changed by ${who} on ${time}`,

  name: 'Name',
  category: 'Shelf',
  categoryHint: 'One there is, or a new one. May stay empty.',
  price: 'Price, tax included',
  priceHint: 'For instance 12.50',
  stock: 'Stock',
  stockHint: 'Empty: not limited. What is sold meanwhile stays deducted.',
  description: 'Description',
  sold: 'On sale in the shop',
  save: 'Save',
  createIt: 'Create the product',
  wrong: 'Something still needs a correction:',
  errors: {
    name: {
      required: 'Give this product a name.',
      too_long: 'This name is too long (at most 120 characters).',
      invalid: 'This name contains unreadable characters.',
      taken: 'Another product has this name.',
    },
    category: {
      too_long: 'This shelf is too long (at most 60 characters).',
      invalid: 'This shelf contains unreadable characters.',
    },
    price: {
      required: 'Give a price.',
      invalid: 'This price cannot be read. Example: 12.50',
      too_big: 'This price is too high (at most 10,000).',
    },
    stock: {
      invalid: 'A whole number, or nothing if the stock is not limited.',
      too_big: 'This stock is too large (at most 1,000,000).',
    },
    description: {
      too_long: 'This description is too long (at most 2,000 characters).',
      invalid: 'This description contains unreadable characters.',
    },
  },

  stale: (who, ago) => `${who} changed this product ${ago}. Nothing was saved.`,
  staleUnknown: 'This product has changed meanwhile. Nothing was saved.',
  staleNow: 'What is saved now:',
  staleField: (name: string) => `${name}:`,
  staleAgain: 'Your values are still in the form: save again to keep them.',
  saved: (name) => `${name}: saved.`,
  created: (name) => `${name}: created.`,
  nowHidden: (name) => `${name}: taken off sale.`,
  nowShown: (name) => `${name}: on sale.`,
  full: 'The catalogue is full: at most 1,000 products.',

  picture: 'Picture',
  pictureHint: 'JPEG, PNG or WebP, at most 8 MB and 25 million pixels.',
  pictureFile: 'Choose a file',
  upload: 'Upload the picture',
  removePicture: 'Remove the picture',
  noPicture: 'No picture of its own: the shop shows a drawing.',
  pictureSaved: 'Picture saved.',
  pictureRemoved: 'Picture removed.',
  pictureErrors: {
    missing: 'Choose a file first.',
    invalid: 'This file is no readable JPEG, PNG or WebP picture.',
    too_big: 'This picture has too many pixels (at most 25 million).',
    too_large: 'This file is too heavy (at most 8 MB).',
    busy: 'Another picture is being worked on. Try again in a moment.',
  },
};

export function productWords(locale: 'fr' | 'en'): ProductWords {
  return locale === 'fr' ? fr : en;
}

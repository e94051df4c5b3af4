/** Words that any page may need, whoever it is for. */
const fr = {
  shopName: 'MSP',
  skipToContent: 'Aller au contenu',
  backToShop: 'Retour à la boutique',
  backToDesk: 'Retour aux commandes',
  errors: {
    400: { title: 'Demande illisible', text: 'Cette demande n’a pas pu être lue. Revenez en arrière et réessayez.' },
    403: {
      title: 'Demande refusée',
      text: 'Cette demande ne vient pas de notre site. Rechargez la page et réessayez.',
    },
    ownersOnly: {
      title: 'Réservé aux propriétaires',
      text: 'Votre rôle ne le permet pas. Un propriétaire de la boutique peut le faire, ou vous nommer propriétaire.',
    },
    404: {
      title: 'Page introuvable',
      text: 'Il n’y a rien à cette adresse. Vérifiez le lien, ou revenez en arrière.',
    },
    405: { title: 'Pas de cette façon', text: 'Cette adresse ne s’utilise pas ainsi. Revenez à la page précédente.' },
    413: { title: 'Trop long', text: 'Ce que vous avez envoyé est trop long. Raccourcissez-le et réessayez.' },
    500: { title: 'Erreur de notre côté', text: 'Quelque chose s’est mal passé chez nous. Réessayez dans un instant.' },
    503: {
      title: 'Indisponible un instant',
      text: 'La boutique ne répond pas pour le moment. Rien n’est perdu : réessayez dans quelques secondes.',
    },
    overloaded: {
      title: 'Beaucoup de monde en ce moment',
      text: 'La boutique est très demandée : votre demande n’a pas été traitée, et rien n’a été commandé. Réessayez dans quelques secondes ; une commande envoyée deux fois n’est passée qu’une fois.',
    },
  },
};

export type PageWords = typeof fr;

const en: PageWords = {
  shopName: 'MSP',
  skipToContent: 'Skip to content',
  backToShop: 'Back to the shop',
  backToDesk: 'Back to the orders',
  errors: {
    400: { title: 'Unreadable request', text: 'This request could not be read. Go back and try again.' },
    403: { title: 'Request refused', text: 'This request does not come from our site. Reload the page and try again.' },
    ownersOnly: {
      title: 'For owners only',
      text: 'Your role does not allow this. An owner of the shop can do it, or make you an owner.',
    },
    404: { title: 'Page not found', text: 'There is nothing at this address. Check the link, or go back.' },
    405: { title: 'Not this way', text: 'This address is not used like that. Go back to the previous page.' },
    413: { title: 'Too long', text: 'What you sent is too long. Shorten it and try again.' },
    500: { title: 'An error on our side', text: 'Something went wrong here. Try again in a moment.' },
    503: {
      title: 'Unavailable for a moment',
      text: 'The shop does not answer right now. Nothing is lost: try again in a few seconds.',
    },
    overloaded: {
      title: 'Many people are here',
      text: 'The shop is very busy: your request was not looked at, and nothing was ordered. Try again in a few seconds; an order that is sent twice is placed once.',
    },
  },
};

export function pageWords(locale: 'fr' | 'en'): PageWords {
  return locale === 'fr' ? fr : en;
}

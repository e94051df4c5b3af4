import type { Status, View } from '../../shared/contracts/status.ts';
import { STATUS_WORDS } from './status.ts';

/** Words of the admin's pages, as the server renders them. What the browser says by itself: desk-live.ts. */
const fr = {
  brand: 'Bureau',
  nav: { label: 'Navigation du bureau', dashboard: 'Tableau de bord', orders: 'Commandes', shop: 'Boutique' },
  signOut: 'Se déconnecter',
  refresh: 'Actualiser',
  lastUpdate: 'Dernière mise à jour :',
  signIn: {
    title: 'Connexion',
    intro: 'Le bureau des commandes est réservé à l’équipe de la boutique.',
    email: 'Email',
    password: 'Mot de passe',
    submit: 'Se connecter',
    wrong: 'Cet email et ce mot de passe ne vont pas ensemble.',
    missing: 'Remplissez l’email et le mot de passe.',
    tooMany: 'Trop d’essais. Attendez une minute avant de réessayer.',
  },
  orders: {
    title: 'Commandes',
    heading: 'Gestion des Commandes',
    caption: 'Commandes, la plus récente en premier',
    columns: {
      number: 'Commande',
      time: 'Heure',
      customer: 'Client',
      lines: 'Articles',
      total: 'Total',
      status: 'Statut',
      steps: 'Suite',
    },
    filter: 'Filtrer par statut',
    all: 'Toutes',
    empty: 'Aucune commande ici pour le moment.',
    emptyHint: 'La prochaine apparaîtra toute seule.',
    older: 'Plus anciennes',
    newest: 'Les plus récentes',
  },
  order: {
    heading: (number: string) => `Commande ${number}`,
    back: 'Toutes les commandes',
    placed: 'Passée le',
    customer: 'Client',
    email: 'Email',
    phone: 'Téléphone',
    notes: 'Notes du client',
    lines: 'Articles commandés',
    article: 'Article',
    quantity: 'Quantité',
    unitPrice: 'Prix unitaire',
    lineTotal: 'Total',
    total: 'Total de la commande',
    history: 'Historique',
    placedEvent: 'Commande passée',
    by: (name: string) => `par ${name}`,
    nextSteps: 'Suite à donner',
    noSteps: 'Cette commande est close.',
  },
  dashboard: {
    title: 'Tableau de bord',
    today: 'Aujourd’hui',
    ordersToday: 'Commandes',
    revenueToday: 'Chiffre d’affaires',
    averageToday: 'Panier moyen',
    byStatus: 'Par statut',
    week: 'Les 7 derniers jours',
    day: 'Jour',
    orders: 'Commandes',
    revenue: 'Chiffre d’affaires',
    without: 'Hors commandes annulées.',
    seeOrders: 'Voir les commandes',
  },
  change: {
    done: (number: string, status: string) => `${number} : ${status}`,
    /** Another admin was faster. */
    stale: (who: string, status: string, ago: string) => `${who} a déjà passé cette commande ${status} (${ago}).`,
    staleUnknown: (status: string) => `Cette commande a changé entre-temps : elle est maintenant ${status}.`,
    impossible: (status: string) => `Cette commande est ${status} : ce changement n’est plus possible.`,
    gone: 'Cette commande n’existe pas.',
    unavailable: 'Le service des commandes ne répond pas. Rien n’a été changé : réessayez dans un instant.',
    unknown:
      'Pas de réponse à temps. Vérifiez le statut affiché : le changement a pu être fait, et réessayer ne risque rien.',
    confirmTitle: 'Annuler cette commande ?',
    confirmText: (number: string) => `La commande ${number} sera annulée et son stock rendu. C’est définitif.`,
    confirm: 'Annuler la commande',
    keep: 'Ne rien changer',
  },
};

export type DeskWords = typeof fr;

const en: DeskWords = {
  brand: 'Desk',
  nav: { label: 'Desk navigation', dashboard: 'Dashboard', orders: 'Orders', shop: 'Shop' },
  signOut: 'Sign out',
  refresh: 'Refresh',
  lastUpdate: 'Last update:',
  signIn: {
    title: 'Sign in',
    intro: 'The order desk is for the shop’s own team.',
    email: 'Email',
    password: 'Password',
    submit: 'Sign in',
    wrong: 'This email and this password do not go together.',
    missing: 'Fill in the email and the password.',
    tooMany: 'Too many attempts. Wait a minute before trying again.',
  },
  orders: {
    title: 'Orders',
    heading: 'Order management',
    caption: 'Orders, newest first',
    columns: {
      number: 'Order',
      time: 'Time',
      customer: 'Customer',
      lines: 'Items',
      total: 'Total',
      status: 'Status',
      steps: 'Next',
    },
    filter: 'Filter by status',
    all: 'All',
    empty: 'No orders here for now.',
    emptyHint: 'The next one will appear by itself.',
    older: 'Older',
    newest: 'Newest',
  },
  order: {
    heading: (number) => `Order ${number}`,
    back: 'All orders',
    placed: 'Placed on',
    customer: 'Customer',
    email: 'Email',
    phone: 'Phone',
    notes: 'Customer’s notes',
    lines: 'Ordered items',
    article: 'Item',
    quantity: 'Quantity',
    unitPrice: 'Unit price',
    lineTotal: 'Total',
    total: 'Order total',
    history: 'History',
    placedEvent: 'Order placed',
    by: (name) => `by ${name}`,
    nextSteps: 'Next steps',
    noSteps: 'This order is closed.',
  },
  dashboard: {
    title: 'Dashboard',
    today: 'Today',
    ordersToday: 'Orders',
    revenueToday: 'Revenue',
    averageToday: 'Average order',
    byStatus: 'By status',
    week: 'Last 7 days',
    day: 'Day',
    orders: 'Orders',
    revenue: 'Revenue',
    without: 'Cancelled orders left out.',
    seeOrders: 'See the orders',
  },
  change: {
    done: (number, status) => `${number}: ${status}`,
    stale: (who, status, ago) => `${who} has already set this order to ${status} (${ago}).`,
    staleUnknown: (status) => `This order has changed meanwhile: it is now ${status}.`,
    impossible: (status) => `This order is ${status}: this change is no longer possible.`,
    gone: 'This order does not exist.',
    unavailable: 'The orders service does not answer. Nothing was changed: try again in a moment.',
    unknown: 'No answer in time. Check the status shown: the change may have been made, and trying again is safe.',
    confirmTitle: 'Cancel this order?',
    confirmText: (number) => `Order ${number} will be cancelled and its stock given back. This is final.`,
    confirm: 'Cancel the order',
    keep: 'Change nothing',
  },
};

export function deskWords(locale: 'fr' | 'en'): DeskWords {
  return locale === 'fr' ? fr : en;
}

export function statusWord(locale: 'fr' | 'en', status: Status): string {
  return STATUS_WORDS[locale][status].word;
}

export function viewWord(locale: 'fr' | 'en', view: View): string {
  return view === 'all' ? deskWords(locale).orders.all : STATUS_WORDS[locale][view].word;
}

import type { Period } from '../../shared/contracts/stats.ts';

/** Words of the dashboard. */
const fr = {
  title: 'Tableau de bord',
  period: 'Période',
  periods: {
    today: 'Aujourd’hui',
    yesterday: 'Hier',
    week: '7 derniers jours',
    month: '30 derniers jours',
  } satisfies Record<Period, string>,
  now: 'En ce moment',
  figures: 'Chiffres',
  orders: 'Commandes',
  revenue: 'Chiffre d’affaires',
  average: 'Panier moyen',
  started: 'Prise en charge',
  startedHint: (orders: number, written: string) =>
    `Délai médian jusqu’à En cours, sur ${written} ${orders > 1 ? 'commandes' : 'commande'}`,
  finished: 'Traitement',
  finishedHint: (orders: number, written: string) =>
    `Délai médian jusqu’à Terminée, sur ${written} ${orders > 1 ? 'commandes' : 'commande'}`,
  without: 'Hors commandes annulées',
  byStatus: 'Par statut',
  chart: 'Chiffre d’affaires par jour',
  chartText: (total: string, best: string, day: string) => `${total} en tout. Le meilleur jour : ${day}, ${best}.`,
  chartDay: (day: string, orders: string, revenue: string) => `${day} : ${orders} · ${revenue}`,
  chartEmpty: 'Aucune vente sur ces jours.',
  asTable: 'Voir en tableau',
  day: 'Jour',
  best: 'Meilleures ventes',
  product: 'Produit',
  sold: 'Vendus',
  nothingSold: 'Rien n’a été vendu sur cette période.',
  seeOrders: 'Voir les commandes',
  behind: (events: string) =>
    `Les chiffres se mettent à jour : ${events} changements restent à compter. Les commandes en ce moment sont exactes.`,
  dayUnit: 'j',
};

export type DashboardWords = typeof fr;

const en: DashboardWords = {
  title: 'Dashboard',
  period: 'Period',
  periods: { today: 'Today', yesterday: 'Yesterday', week: 'Last 7 days', month: 'Last 30 days' },
  now: 'Right now',
  figures: 'Figures',
  orders: 'Orders',
  revenue: 'Revenue',
  average: 'Average order',
  started: 'Time to start',
  startedHint: (orders, written) => `Median until in progress, of ${written} ${orders === 1 ? 'order' : 'orders'}`,
  finished: 'Time to finish',
  finishedHint: (orders, written) => `Median until completed, of ${written} ${orders === 1 ? 'order' : 'orders'}`,
  without: 'Cancelled orders left out',
  byStatus: 'By status',
  chart: 'Revenue by day',
  chartText: (total, best, day) => `${total} in all. The best day: ${day}, ${best}.`,
  chartDay: (day, orders, revenue) => `${day}: ${orders} · ${revenue}`,
  chartEmpty: 'Nothing was sold on these days.',
  asTable: 'Show as a table',
  day: 'Day',
  best: 'Best sellers',
  product: 'Product',
  sold: 'Sold',
  nothingSold: 'Nothing was sold in this period.',
  seeOrders: 'See the orders',
  behind: (events) =>
    `The figures are catching up: ${events} changes are still to be counted. The orders right now are exact.`,
  dayUnit: 'd',
};

export function dashboardWords(locale: 'fr' | 'en'): DashboardWords {
  return locale === 'fr' ? fr : en;
}

/** `45 s`, `12 min`, `3 h 05`, `2 j 4 h`: as exact as anybody cares. */
export function durationWords(locale: 'fr' | 'en', seconds: number): string {
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')}`;
  return `${Math.floor(hours / 24)} ${dashboardWords(locale).dayUnit} ${hours % 24} h`;
}

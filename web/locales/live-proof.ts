import { TRIAL_PAUSE_SECONDS } from '../../shared/contracts/trial-pause.ts';

/** Words of the panel behind the badge, for the page and for its script. */
const fr = {
  title: 'Preuve du direct',
  place: 'Reçu / journal',
  checked: (ago: string) => `vérifié ${ago}`,
  since: 'En direct depuis',
  notLive: 'pas en direct',
  gaps: 'Trous réparés',
  rescued: 'Rattrapés par le secours',
  why: 'Chaque envoi dit d’où il part : si la suite manque, la page le voit et relit tout.',
  withoutScript: 'Sans JavaScript, cette page n’est pas en direct : Actualiser relit tout.',
  tryIt: 'Commande d’essai',
  trying: 'En route…',
  hint: 'Fait tout le chemin d’une vraie commande, et n’est comptée nulle part.',
  stored: 'Enregistrement',
  carried: 'Trajets',
  total: 'Clic → page',
  /** Of a trial that is on its way. */
  onItsWay: (number: string, stored: string) => `${number} : enregistrée en ${stored}, pas encore ici…`,
  arrived: (number: string, total: string) => `${number} : arrivée ${total} après le clic.`,
  goesIn: (seconds: number) => `S’efface dans ${seconds} s.`,
  lost: (number: string) => `${number} : enregistrée, mais pas arrivée sur cette page.`,
  tooSoon: `Un essai toutes les ${TRIAL_PAUSE_SECONDS} s : réessayez dans un instant.`,
  nothingForSale: 'Aucun produit n’est en vente : aucune commande ne peut passer.',
  noAnswer: 'Pas de réponse : une commande ne passerait peut-être pas non plus.',
  /** Without JavaScript. */
  done: (number: string, stored: string) =>
    `Commande d’essai ${number} : enregistrée en ${stored}, comptée nulle part.`,
};

export type LiveProofWords = typeof fr;

const en: LiveProofWords = {
  title: 'Proof that this is live',
  place: 'Received / log',
  checked: (ago) => `checked ${ago}`,
  since: 'Live since',
  notLive: 'not live',
  gaps: 'Gaps repaired',
  rescued: 'Rescued by the fallback',
  why: 'Each message says where it begins: when something is missing before it, the page sees that and reads all anew.',
  withoutScript: 'Without JavaScript this page is not live: Refresh reads all anew.',
  tryIt: 'Trial order',
  trying: 'On its way…',
  hint: 'Goes the whole way of a real order, and is counted nowhere.',
  stored: 'Storing',
  carried: 'Travelling',
  total: 'Click → page',
  onItsWay: (number, stored) => `${number}: stored in ${stored}, not here yet…`,
  arrived: (number, total) => `${number}: arrived ${total} after the click.`,
  goesIn: (seconds) => `Goes away in ${seconds} s.`,
  lost: (number) => `${number}: stored, but not arrived on this page.`,
  tooSoon: `One trial every ${TRIAL_PAUSE_SECONDS} s: try again in a moment.`,
  nothingForSale: 'No product is for sale: no order can be placed.',
  noAnswer: 'No answer: perhaps an order would not be placed either.',
  done: (number, stored) => `Trial order ${number}: stored in ${stored}, counted nowhere.`,
};

export function liveProofWords(lang: string): LiveProofWords {
  return lang.startsWith('en') ? en : fr;
}

/** A duration as people read it: `7 ms`; a fraction counts as one. */
export function milliseconds(locale: 'fr' | 'en', ms: number): string {
  const whole = Math.max(1, Math.round(ms));
  return `${new Intl.NumberFormat(locale).format(whole)}\u00a0ms`;
}

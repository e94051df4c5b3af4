/** What the open page says by itself; bundled for the browser. */
const fr = {
  toastOne: (number: string, total: string) => `Nouvelle commande ! ${number} · ${total}`,
  toastMany: (count: number) => `${count} nouvelles commandes !`,
  announceOne: (number: string) => `Nouvelle commande ${number}`,
  announceMany: (count: number) => `${count} nouvelles commandes`,
  pillNew: (count: number) => (count > 1 ? `${count} nouvelles commandes ↑` : '1 nouvelle commande ↑'),
  pillMoved: (count: number) => (count > 1 ? `${count} commandes ↑` : '1 commande ↑'),
  pillOutside: (count: number) => `+${count} hors filtre`,
  connecting: 'Connexion…',
  live: 'En direct',
  gap: 'Rattrapage…',
  backup: (seconds: number) => `Secours ${seconds} s`,
  offline: (since: string) => `Hors ligne depuis ${since}`,
  notSaved: 'Pas de réponse : le changement n’est peut-être pas enregistré. Réessayez dans un instant.',
  notSavedOf: (number: string) => `${number} : pas de réponse, le changement n’est peut-être pas enregistré.`,
  close: 'Fermer',
  confirm: 'Annuler la commande',
  keep: 'Ne rien changer',
};

export type DeskLiveWords = typeof fr;

const en: DeskLiveWords = {
  toastOne: (number, total) => `New order! ${number} · ${total}`,
  toastMany: (count) => `${count} new orders!`,
  announceOne: (number) => `New order ${number}`,
  announceMany: (count) => `${count} new orders`,
  pillNew: (count) => (count > 1 ? `${count} new orders ↑` : '1 new order ↑'),
  pillMoved: (count) => (count > 1 ? `${count} orders ↑` : '1 order ↑'),
  pillOutside: (count) => `+${count} outside the filter`,
  connecting: 'Connecting…',
  live: 'Live',
  gap: 'Catching up…',
  backup: (seconds) => `Fallback ${seconds} s`,
  offline: (since) => `Offline since ${since}`,
  notSaved: 'No answer: the change may not have been saved. Try again in a moment.',
  notSavedOf: (number) => `${number}: no answer, the change may not have been saved.`,
  close: 'Close',
  confirm: 'Cancel the order',
  keep: 'Change nothing',
};

export function deskLiveWords(lang: string): DeskLiveWords {
  return lang.startsWith('en') ? en : fr;
}

const fr = {
  title: 'Mode comptoir',
  intro: 'Les commandes à préparer, pour une tablette près de la caisse.',
  start: 'Commencer',
  startHint: 'Plein écran, son des commandes, écran toujours allumé.',
  leaveFullscreen: 'Quitter le plein écran',
  awake: 'Écran maintenu allumé',
  mayGoDark: 'L’écran peut s’éteindre',
  caption: 'Commandes à préparer, la plus récente en premier',
  empty: 'Rien à préparer pour le moment.',
  emptyHint: 'La prochaine commande apparaîtra toute seule.',
  more: 'Les 50 plus récentes de chaque statut sont ici.',
  all: 'Toutes les commandes',
};

type CounterWords = typeof fr;

const en: CounterWords = {
  title: 'Counter mode',
  intro: 'Orders to prepare, for a tablet beside the till.',
  start: 'Start',
  startHint: 'Full screen, sound of orders, screen always on.',
  leaveFullscreen: 'Leave full screen',
  awake: 'The screen is kept on',
  mayGoDark: 'The screen may go dark',
  caption: 'Orders to prepare, newest first',
  empty: 'Nothing to prepare for now.',
  emptyHint: 'The next order will appear by itself.',
  more: 'The newest 50 of each status are here.',
  all: 'All orders',
};

export function counterWords(lang: string): CounterWords {
  return lang.startsWith('en') ? en : fr;
}

/** Sound, notifications, shortcuts, absence: words of the server's pages and of what they say by themselves. */
const fr = {
  menu: 'Alertes',
  sound: 'Son',
  soundOn: 'Activer le son',
  soundOff: 'Couper le son',
  repeat: 'Répéter jusqu’à ce que quelqu’un ouvre ou prenne la commande',
  blocked: 'Le navigateur bloque le son : cliquez n’importe où dans la page pour l’entendre.',
  notify: 'Notifications',
  notifyOn: 'Activer les notifications',
  notifyOff: 'Couper les notifications',
  notifyHint: 'Quand aucun onglet du bureau n’est visible.',
  notifyDenied: 'Bloquées par le navigateur : autorisez-les dans les réglages de ce site.',
  notifyNone: 'Ce navigateur n’en a pas.',
  arrived: 'Nouvelle commande !',
  arrivedMany: (count: number) => `${count} nouvelles commandes !`,
  keyboard: 'Clavier',
  shortcuts: 'Raccourcis clavier',
  showShortcuts: 'Voir les raccourcis',
  close: 'Fermer',
  andThen: 'puis',
  keys: {
    search: 'Chercher une commande',
    move: 'Commande suivante, précédente',
    open: 'Ouvrir la commande',
    pick: 'Sélectionner la commande',
    fresh: 'Montrer les nouvelles',
    undo: 'Annuler le dernier changement de statut',
    refresh: 'Actualiser',
    orders: 'Commandes',
    dashboard: 'Tableau de bord',
    help: 'Cette aide',
  },
  offline: (since: string) =>
    `Hors ligne : voici ce qui était connu à ${since}. Tout se mettra à jour au retour du réseau.`,
  missed: ({ placed, done, cancelled }: Missed) =>
    `${list([
      placed && `${placed} ${placed > 1 ? 'nouvelles' : 'nouvelle'}`,
      done && `${done} ${done > 1 ? 'terminées' : 'terminée'}`,
      cancelled && `${cancelled} ${cancelled > 1 ? 'annulées' : 'annulée'}`,
    ])} pendant votre absence`,
};

/** How many more orders there are than before, of each kind; 0 or more. */
export interface Missed {
  placed: number;
  done: number;
  cancelled: number;
}

export type DeskAlertWords = typeof fr;

const en: DeskAlertWords = {
  menu: 'Alerts',
  sound: 'Sound',
  soundOn: 'Turn sound on',
  soundOff: 'Turn sound off',
  repeat: 'Repeat until somebody opens or takes the order',
  blocked: 'The browser is blocking sound: click anywhere on the page to hear it.',
  notify: 'Notifications',
  notifyOn: 'Turn notifications on',
  notifyOff: 'Turn notifications off',
  notifyHint: 'When no tab of the desk is visible.',
  notifyDenied: 'Blocked by the browser: allow them in its settings for this site.',
  notifyNone: 'This browser has none.',
  arrived: 'New order!',
  arrivedMany: (count) => `${count} new orders!`,
  keyboard: 'Keyboard',
  shortcuts: 'Keyboard shortcuts',
  showShortcuts: 'Show the shortcuts',
  close: 'Close',
  andThen: 'then',
  keys: {
    search: 'Search for an order',
    move: 'Next order, previous order',
    open: 'Open the order',
    pick: 'Select the order',
    fresh: 'Show new orders',
    undo: 'Undo the last change of status',
    refresh: 'Refresh',
    orders: 'Orders',
    dashboard: 'Dashboard',
    help: 'This help',
  },
  offline: (since) => `Offline: this is what was known at ${since}. Everything updates when the network is back.`,
  missed: ({ placed, done, cancelled }) =>
    `${list([placed && `${placed} new`, done && `${done} done`, cancelled && `${cancelled} cancelled`])} while you were away`,
};

function list(parts: readonly (string | 0)[]): string {
  return parts.filter((part) => part !== 0).join(', ');
}

export function deskAlertWords(lang: string): DeskAlertWords {
  return lang.startsWith('en') ? en : fr;
}

/** Words for several admins at one table: claims, notes, ways back, and many orders at once. */
const fr = {
  claim: {
    title: 'Suivi',
    nobody: 'Personne ne s’en occupe.',
    mine: 'Vous vous en occupez',
    someone: (name: string) => `${name} s’en occupe`,
    since: (time: string) => `depuis ${time}`,
    take: 'Prendre',
    takeOver: 'Reprendre',
    you: 'Vous',
    release: 'Libérer',
    taken: (number: string) => `${number} : vous vous en occupez`,
    released: (number: string) => `${number} : libérée`,
    already: (name: string, ago: string) => `${name} a pris cette commande ${ago}.`,
  },
  undo: {
    undo: 'Annuler',
    what: (number: string, status: string) => `le passage de ${number} en « ${status} »`,
    done: (number: string, status: string) => `${number} : de nouveau ${status}`,
    expired: 'Ce changement ne peut plus être annulé : on n’annule que le sien, et dans les dix secondes.',
    outOfStock: 'Le stock rendu a été vendu entre-temps : la commande reste annulée.',
  },
  notes: {
    title: 'Note interne',
    hint: 'Pour l’équipe seulement : le client ne la voit jamais.',
    submit: 'Ajouter la note',
    done: 'Note ajoutée',
    required: 'Écrivez d’abord la note.',
    tooLong: (max: number) => `La note est trop longue : ${max} caractères au plus.`,
    invalid: 'La note contient des caractères qui ne se lisent pas.',
    tooMany: 'Cette commande a déjà trop de notes.',
    erased: 'Note effacée avec le client',
  },
  page: { shopperPage: 'Page du client', print: 'Imprimer le bon' },
  timeline: {
    byShopper: 'par le client',
    undone: 'Changement annulé',
    claimed: 'Prise en charge',
    takenOver: 'Reprise',
    from: (name: string) => `à ${name}`,
    released: 'Libérée',
    expired: 'page fermée',
    noted: 'Note',
    to: (from: string, to: string) => `de ${from} à ${to}`,
  },
  bulk: {
    label: 'Commandes sélectionnées',
    count: (orders: number) => (orders > 1 ? `${orders} sélectionnées` : `${orders} sélectionnée`),
    pickAll: 'Sélectionner toutes les commandes affichées',
    none: 'Tout désélectionner',
    print: 'Imprimer',
    export: 'Exporter',
    stop: 'Arrêter',
    progress: (done: number, all: number) => `${done} sur ${all}`,
    results: 'Résultat',
    undo: 'Annuler ces changements',
    summary: (done: number, failed: number) =>
      `${done} ${done > 1 ? 'commandes modifiées' : 'commande modifiée'}` +
      (failed > 0 ? `, ${failed} ${failed > 1 ? 'refusées' : 'refusée'}` : ''),
    notDone: 'pas traitée, rien n’a été changé',
    unknown: 'pas de réponse : vérifiez son statut, réessayer ne risque rien',
    nothing: 'Sélectionnez d’abord des commandes, puis ce qu’il faut en faire.',
    tooMany: (max: number) => `${max} commandes au plus à la fois.`,
    confirm: (orders: number) =>
      orders > 1
        ? `Annuler ${orders} commandes ? Leur stock sera rendu.`
        : 'Annuler cette commande ? Son stock sera rendu.',
    confirmTitle: 'Annuler ces commandes ?',
    back: 'Revenir aux commandes',
  },
  filter: { label: 'Suivi', all: 'Toutes', free: 'À prendre', mine: 'À moi', others: 'Aux autres' },
};

export type TeamworkWords = typeof fr;

const en: TeamworkWords = {
  claim: {
    title: 'Handling',
    nobody: 'Nobody is on it.',
    mine: 'You are on it',
    someone: (name) => `${name} is on it`,
    since: (time) => `since ${time}`,
    take: 'Take',
    takeOver: 'Take over',
    you: 'You',
    release: 'Release',
    taken: (number) => `${number}: you are on it`,
    released: (number) => `${number}: released`,
    already: (name, ago) => `${name} took this order ${ago}.`,
  },
  undo: {
    undo: 'Undo',
    what: (number, status) => `the change of ${number} to “${status}”`,
    done: (number, status) => `${number}: ${status} again`,
    expired: 'This change can no longer be undone: only one’s own can, and within ten seconds.',
    outOfStock: 'The stock that was given back has been sold meanwhile: the order stays cancelled.',
  },
  notes: {
    title: 'Internal note',
    hint: 'For the team only: the customer never sees it.',
    submit: 'Add the note',
    done: 'Note added',
    required: 'Write the note first.',
    tooLong: (max) => `The note is too long: ${max} characters at most.`,
    invalid: 'The note holds characters that cannot be read.',
    tooMany: 'This order has too many notes already.',
    erased: 'Note erased with the customer',
  },
  page: { shopperPage: 'Customer’s page', print: 'Print the slip' },
  timeline: {
    byShopper: 'by the customer',
    undone: 'Change undone',
    claimed: 'Taken',
    takenOver: 'Taken over',
    from: (name) => `from ${name}`,
    released: 'Released',
    expired: 'page closed',
    noted: 'Note',
    to: (from, to) => `from ${from} to ${to}`,
  },
  bulk: {
    label: 'Selected orders',
    count: (orders) => `${orders} selected`,
    pickAll: 'Select all orders shown',
    none: 'Clear the selection',
    print: 'Print',
    export: 'Export',
    stop: 'Stop',
    progress: (done, all) => `${done} of ${all}`,
    results: 'Result',
    undo: 'Undo these changes',
    summary: (done, failed) =>
      `${done} ${done === 1 ? 'order' : 'orders'} changed${failed > 0 ? `, ${failed} refused` : ''}`,
    notDone: 'not handled, nothing was changed',
    unknown: 'no answer: check its status, trying again is safe',
    nothing: 'Select some orders first, and then what is to be done with them.',
    tooMany: (max) => `${max} orders at most at a time.`,
    confirm: (orders) =>
      orders > 1
        ? `Cancel ${orders} orders? Their stock will be given back.`
        : 'Cancel this order? Its stock will be given back.',
    confirmTitle: 'Cancel these orders?',
    back: 'Back to the orders',
  },
  filter: { label: 'Handling', all: 'All', free: 'Free', mine: 'Mine', others: 'Others’' },
};

export function teamworkWords(locale: 'fr' | 'en'): TeamworkWords {
  return locale === 'fr' ? fr : en;
}

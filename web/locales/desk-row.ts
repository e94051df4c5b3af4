import type { Status } from '../../shared/contracts/status.ts';

/** Words inside a row of the order table. Apart from the rest of the desk, because the stream renders rows too. */
export interface RowWords {
  /** The button that takes an order to this status. */
  step: Record<Status, string>;
  /** What is read out after the button's own word: which order it concerns. */
  ofOrder: (number: string) => string;
  confirmCancel: (number: string) => string;
  /** Says nothing but to those who cannot see which row the box stands in. */
  pick: (number: string) => string;
  take: string;
  /** Somebody else is on it. */
  takeOver: string;
  /** Before the name of whoever is on it. */
  claimedBy: string;
  fresh: string;
  /** On a row whose order no longer belongs to the filter. */
  left: string;
  /** Lines of the order that the row has no room for. */
  moreLines: (count: number) => string;
  /** Where the name stood. */
  erased: string;
  /** Below the badge of a cancelled order. */
  byShopper: string;
}

export const ROW_WORDS: Record<'fr' | 'en', RowWords> = {
  fr: {
    step: { en_attente: 'Remettre en attente', en_cours: 'Passer en cours', terminee: 'Terminer', annulee: 'Annuler' },
    ofOrder: (number) => `la commande ${number}`,
    confirmCancel: (number) => `Annuler la commande ${number} ? Le stock sera rendu.`,
    pick: (number) => `Sélectionner ${number}`,
    take: 'Prendre',
    takeOver: 'Reprendre',
    claimedBy: 'Prise par',
    fresh: 'Nouvelle commande',
    left: 'Plus dans ce filtre',
    moreLines: (count) => `+ ${count} autre${count > 1 ? 's' : ''}`,
    erased: 'Client effacé',
    byShopper: 'par le client',
  },
  en: {
    step: { en_attente: 'Put back', en_cours: 'Start', terminee: 'Finish', annulee: 'Cancel' },
    ofOrder: (number) => `order ${number}`,
    confirmCancel: (number) => `Cancel order ${number}? Its stock will be given back.`,
    pick: (number) => `Select ${number}`,
    take: 'Take',
    takeOver: 'Take over',
    claimedBy: 'Taken by',
    fresh: 'New order',
    left: 'No longer in this filter',
    moreLines: (count) => `+ ${count} more`,
    erased: 'Customer erased',
    byShopper: 'by the customer',
  },
};

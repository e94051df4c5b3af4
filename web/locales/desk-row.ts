import type { Status } from '../../shared/contracts/status.ts';

/** Words inside a row of the order table. Apart from the rest of the desk, because the stream renders rows too. */
export interface RowWords {
  /** The button that takes an order to this status. */
  step: Record<Status, string>;
  /** What is read out after the button's own word: which order it concerns. */
  ofOrder: (number: string) => string;
  confirmCancel: (number: string) => string;
  fresh: string;
  /** On a row whose order no longer belongs to the filter. */
  left: string;
  /** Lines of the order that the row has no room for. */
  moreLines: (count: number) => string;
  /** Where the name stood. */
  erased: string;
}

export const ROW_WORDS: Record<'fr' | 'en', RowWords> = {
  fr: {
    step: { en_attente: 'Remettre en attente', en_cours: 'Passer en cours', terminee: 'Terminer', annulee: 'Annuler' },
    ofOrder: (number) => `la commande ${number}`,
    confirmCancel: (number) => `Annuler la commande ${number} ? Le stock sera rendu.`,
    fresh: 'Nouvelle commande',
    left: 'Plus dans ce filtre',
    moreLines: (count) => `+ ${count} autre${count > 1 ? 's' : ''}`,
    erased: 'Client effacé',
  },
  en: {
    step: { en_attente: 'Put back', en_cours: 'Start', terminee: 'Finish', annulee: 'Cancel' },
    ofOrder: (number) => `order ${number}`,
    confirmCancel: (number) => `Cancel order ${number}? Its stock will be given back.`,
    fresh: 'New order',
    left: 'No longer in this filter',
    moreLines: (count) => `+ ${count} more`,
    erased: 'Customer erased',
  },
};

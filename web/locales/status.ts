import type { Status } from '../../shared/contracts/status.ts';

/** A status as people read it: the sign carries the colour for those who scan, the word the meaning for all. */
export interface StatusWords {
  sign: string;
  word: string;
}

export const STATUS_WORDS: Record<'fr' | 'en', Record<Status, StatusWords>> = {
  fr: {
    en_attente: { sign: '🟡', word: 'En attente' },
    en_cours: { sign: '🔵', word: 'En cours' },
    terminee: { sign: '🟢', word: 'Terminée' },
    annulee: { sign: '⚪', word: 'Annulée' },
  },
  en: {
    en_attente: { sign: '🟡', word: 'Pending' },
    en_cours: { sign: '🔵', word: 'In progress' },
    terminee: { sign: '🟢', word: 'Done' },
    annulee: { sign: '⚪', word: 'Cancelled' },
  },
};

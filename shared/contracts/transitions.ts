import type { Status } from './status.ts';

/**
 * Where an order may go from each status. The first entry is the next step of the normal way.
 * This file needs no library, because browsers run it.
 */
export const TRANSITIONS: Record<Status, readonly Status[]> = {
  en_attente: ['en_cours', 'annulee'],
  en_cours: ['terminee', 'annulee'],
  terminee: [],
  annulee: [],
};

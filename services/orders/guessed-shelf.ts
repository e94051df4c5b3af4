import type { Shelf, ShelfItem } from './judge-order.ts';

/** So many as no shop has; beyond, everything is learnt anew. */
const MAX_PRODUCTS = 10_000;

/**
 * How products stood when they were last looked at, and what was taken of them here since. A guess and never more:
 * others sell and edit too. Who writes by it has the database compare (see place-by-guess.ts).
 */
export interface GuessedShelf {
  /** These products; undefined when one of them is not known. */
  of(ids: readonly number[]): Map<number, ShelfItem> | undefined;
  learn(shelf: Shelf): void;
}

export function createGuessedShelf(): GuessedShelf {
  const items = new Map<number, ShelfItem>();
  return {
    of(ids) {
      const shelf = new Map<number, ShelfItem>();
      for (const id of ids) {
        const item = items.get(id);
        if (!item) return undefined;
        shelf.set(id, item);
      }
      return shelf;
    },
    learn(shelf) {
      if (items.size + shelf.size > MAX_PRODUCTS) items.clear();
      for (const [id, item] of shelf) items.set(id, item);
    },
  };
}

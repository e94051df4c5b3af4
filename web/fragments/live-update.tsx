import type { AdminOrder } from '../../shared/contracts/order.ts';
import type { Counts, View } from '../../shared/contracts/status.ts';

/** How a shop writes words, times and money. */
export interface ShopFormat {
  locale: 'fr' | 'en';
  timeZone: string;
}

/** Everything that changed between two cursors, as one view sees it. */
export interface LiveUpdate {
  view: View;
  /** Latest state of every order touched, newest order first, at most PAGE_ROWS. */
  rows: readonly {
    order: AdminOrder /** False: it has left this view; an open row is marked, none is inserted. */;
    inView: boolean;
  }[];
  /** Orders touched that `rows` leaves out; the page asks for its rows anew when there are any. */
  omitted: number;
  counts: Counts;
  /** Where the log stands after these changes. */
  cursor: string;
}

export const PAGE_ROWS = 50;

import { type RowEvents, takesNewOrders } from './order-rows.ts';
import { words } from './words.ts';

/** The pill above the table that tells of rows held back, and lets them in. */
export function showWaiting(body: HTMLElement, release: () => HTMLElement[]): RowEvents['onWaiting'] {
  const pill = document.getElementById('waiting-pill') as HTMLButtonElement | null;
  let isElsewhere = false;
  pill?.addEventListener('click', () => {
    const leadsElsewhere = isElsewhere;
    const first = release().at(0);
    if (leadsElsewhere) {
      const url = new URL(location.href);
      url.searchParams.delete('before');
      if (!takesNewOrders(body)) url.searchParams.delete('view');
      location.assign(url);
      return;
    }
    scrollTo({ top: 0 });
    first?.querySelector<HTMLElement>('[data-part="number"]')?.focus({ preventScroll: true });
  });
  return ({ rows, arrivals, elsewhere }) => {
    if (!pill) return;
    isElsewhere = elsewhere > 0;
    pill.hidden = rows === 0;
    if (rows > 0) pill.textContent = arrivals === rows ? words.pillNew(rows) : words.pillMoved(rows);
  };
}

import type { RowEvents } from './order-rows.ts';
import { words } from './words.ts';

/** The pill above the table that tells of rows held back, and lets them in. */
export function showWaiting(release: () => HTMLElement[]): RowEvents['onWaiting'] {
  const pill = document.getElementById('waiting-pill') as HTMLButtonElement | null;
  let isElsewhere = false;
  let isOutside = false;
  pill?.addEventListener('click', () => {
    const leads = { elsewhere: isElsewhere, outside: isOutside };
    const first = release().at(0);
    // What waited has come in; whoever then clicks once more is led out of the filter.
    if (leads.elsewhere || (leads.outside && !first)) {
      const url = new URL(location.href);
      if (leads.outside) url.search = '';
      for (const name of ['before', 'above']) url.searchParams.delete(name);
      location.assign(url);
      return;
    }
    scrollTo({ top: 0 });
    first?.querySelector<HTMLElement>('[data-part="number"]')?.focus({ preventScroll: true });
  });
  return ({ rows, arrivals, elsewhere, outside }) => {
    if (!pill) return;
    isElsewhere = elsewhere > 0;
    isOutside = outside > 0;
    pill.hidden = rows === 0 && !isOutside;
    const waiting = rows > 0 ? [arrivals === rows ? words.pillNew(rows) : words.pillMoved(rows)] : [];
    pill.textContent = [...waiting, ...(isOutside ? [words.pillOutside(outside)] : [])].join(' · ');
  };
}

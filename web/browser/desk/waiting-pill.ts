import type { RowEvents } from './order-rows.ts';
import { words } from './words.ts';

/** On its way to the pill the mouse leaves the table, and what waited comes in by itself: that click was for it. */
const SETTLE_MS = 1_000;

/** The pill above the table that tells of rows held back, and lets them in. */
export function showWaiting(release: () => HTMLElement[]): RowEvents['onWaiting'] {
  const pill = document.getElementById('waiting-pill') as HTMLButtonElement | null;
  let isElsewhere = false;
  let isOutside = false;
  let changedAt = Number.NEGATIVE_INFINITY;
  pill?.addEventListener('click', () => {
    const leads = { elsewhere: isElsewhere, outside: isOutside };
    const first = release().at(0);
    const isMeant = performance.now() - changedAt > SETTLE_MS;
    // What waited has come in; whoever then clicks once more is led out of the filter.
    if (leads.elsewhere || (leads.outside && !first && isMeant)) {
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
    const text = [...waiting, ...(isOutside ? [words.pillOutside(outside)] : [])].join(' · ');
    if (pill.textContent === text) return;
    // Only a text that has become another one was perhaps not the one that was aimed at.
    if (pill.textContent !== '') changedAt = performance.now();
    pill.textContent = text;
  };
}

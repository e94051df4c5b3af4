import { words } from './words.ts';

/** The pill above the table that tells of rows held back, and lets them in. */
export function showWaiting(
  body: HTMLElement,
  release: () => HTMLElement[],
): (waiting: { rows: number; arrivals: number }) => void {
  const pill = document.getElementById('waiting-pill') as HTMLButtonElement | null;
  pill?.addEventListener('click', () => {
    const first = release().at(0);
    // On a later page the newest orders are elsewhere.
    if (body.dataset.before) {
      const url = new URL(location.href);
      url.searchParams.delete('before');
      location.assign(url);
      return;
    }
    scrollTo({ top: 0 });
    first?.querySelector<HTMLElement>('[data-part="number"]')?.focus({ preventScroll: true });
  });
  return ({ rows, arrivals }) => {
    if (!pill) return;
    pill.hidden = rows === 0;
    if (rows > 0) pill.textContent = arrivals === rows ? words.pillNew(rows) : words.pillMoved(rows);
  };
}

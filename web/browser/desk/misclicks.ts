/** A click aimed at what stood here this long ago was meant for that. */
const SETTLE_MS = 500;

/**
 * Keeps a click from landing on a button that has only just come under it: the second half of a double click on
 * «Passer en cours» would otherwise finish the order. The buttons show it, and are themselves again at once after.
 */
export function settle(row: Element): void {
  const buttons = row.querySelectorAll('button');
  for (const button of buttons) button.setAttribute('aria-disabled', 'true');
  setTimeout(() => {
    for (const button of buttons) button.removeAttribute('aria-disabled');
  }, SETTLE_MS);
}

export function refuseSettlingClicks(rows: HTMLElement): void {
  rows.addEventListener(
    'click',
    (event) => {
      if (!(event.target as Element).closest('button[aria-disabled="true"]')) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
}

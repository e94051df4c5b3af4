import { words } from './words.ts';

/** As long as a change can be undone, and a moment less, for the way. */
const PASSING_MS = 9_000;
/** Whoever passes ten orders on at once has the way back from the last few before them. */
const MAX_DONE = 3;
/** An error stays long enough to be read twice, and can be sent away. */
const ERROR_MS = 30_000;

const region = () => document.getElementById('toasts');

/** Ends toasts, wherever they came from: the page itself or an answer of the server. */
export function endToasts(): void {
  const toasts = region();
  if (!toasts) return;
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node instanceof HTMLElement) endLater(node);
    }
    const done = toasts.querySelectorAll('.toast-done');
    for (const old of [...done].slice(0, -MAX_DONE)) old.remove();
  }).observe(toasts, { childList: true });
  // What it offered has been taken.
  document.addEventListener('htmx:after:request', ({ detail }) => {
    const toast = detail.ctx.sourceElement?.closest('.toast');
    if (!toast || detail.ctx.response?.status === undefined) return;
    if (toast.contains(document.activeElement)) document.getElementById('main')?.focus({ preventScroll: true });
    toast.remove();
  });
}

function endLater(toast: HTMLElement): void {
  const isError = toast.classList.contains('toast-error');
  // Whoever was away may be away still.
  const isLasting = toast.classList.contains('toast-absence');
  if (!isLasting) setTimeout(() => toast.remove(), isError ? ERROR_MS : PASSING_MS);
  if (!isError && !isLasting) return;
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'toast-close';
  close.textContent = '×';
  close.setAttribute('aria-label', words.close);
  close.addEventListener('click', () => toast.remove());
  toast.append(close);
}

export function showError(text: string): void {
  const toast = document.createElement('p');
  toast.className = 'toast toast-error';
  toast.textContent = text;
  region()?.append(toast);
}

/** Stands for the arrivals it counts, and for an absence before. What it says is announced apart. */
export function showAbsence(text: string): void {
  arrivalToast?.remove();
  for (const earlier of document.querySelectorAll('.toast-absence')) earlier.remove();
  const toast = document.createElement('p');
  toast.className = 'toast toast-absence';
  toast.textContent = text;
  region()?.append(toast);
}

let arrivalToast: HTMLElement | undefined;
let arrivalCount = 0;

/** One toast for a burst: while it stands, further orders only change its text. What it says is announced apart. */
export function showArrivals(count: number, one: { number: string; total: string }): void {
  if (!arrivalToast?.isConnected) {
    arrivalCount = 0;
    arrivalToast = document.createElement('p');
    arrivalToast.className = 'toast toast-arrival';
    arrivalToast.setAttribute('aria-hidden', 'true');
    region()?.append(arrivalToast);
  }
  arrivalCount += count;
  arrivalToast.textContent = arrivalCount === 1 ? words.toastOne(one.number, one.total) : words.toastMany(arrivalCount);
}

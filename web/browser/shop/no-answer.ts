import { words } from './words.ts';

// Whoever presses a button and hears nothing presses it again, or leaves. The checkout goes on asking by itself, and
// says so: see verify-order.ts.

/** Long enough to be read. */
const STAY_MS = 6000;

document.addEventListener('htmx:error', ({ target }) => {
  if (isPress(target)) say(words.noAnswer);
});

/** What a refusal says is meant for a place that only the desk's pages have. */
document.addEventListener('htmx:before:swap', (event) => {
  const { sourceElement, text } = event.detail.ctx;
  if (!isPress(sourceElement) || !text?.includes('toast-error')) return;
  const said = new DOMParser().parseFromString(text, 'text/html').querySelector('.toast-error')?.textContent;
  if (!said) return;
  event.preventDefault();
  say(said);
});

function isPress(target: EventTarget | null | undefined): boolean {
  return target instanceof Element && target.matches('form:not(#checkout-form)');
}

/** It lies above an open drawer, too. */
function say(text: string): void {
  document.querySelector('.toast-lost')?.remove();
  const toast = document.createElement('p');
  toast.className = 'toast toast-error toast-lost';
  toast.setAttribute('role', 'alert');
  toast.setAttribute('popover', 'manual');
  toast.textContent = text;
  (document.querySelector('dialog[open]') ?? document.body).append(toast);
  // Safari has popovers from 17 on; before, it lies above the page all the same.
  toast.showPopover?.();
  setTimeout(() => toast.remove(), STAY_MS);
}

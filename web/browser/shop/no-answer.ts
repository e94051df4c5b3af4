import { words } from './words.ts';

/** Long enough to be read. */
const STAY_MS = 6000;

/** Whoever presses a button and hears nothing presses it again, or leaves. It lies above an open drawer, too. */
document.addEventListener('htmx:error', ({ target }) => {
  // The checkout goes on asking by itself, and says so: see verify-order.ts.
  if (!(target as Element).matches('form:not(#checkout-form)')) return;
  document.querySelector('.toast-lost')?.remove();
  const toast = document.createElement('p');
  toast.className = 'toast toast-error toast-lost';
  toast.setAttribute('role', 'alert');
  toast.setAttribute('popover', 'manual');
  toast.textContent = words.noAnswer;
  (document.querySelector('dialog[open]') ?? document.body).append(toast);
  // Safari has popovers from 17 on; before, it lies above the page all the same.
  toast.showPopover?.();
  setTimeout(() => toast.remove(), STAY_MS);
});

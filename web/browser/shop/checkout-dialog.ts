import { fieldsOf } from './checkout-form.ts';

/**
 * «Passer commande» opens the form in a dialog. Without any of this the same link leads to the same form as a page.
 */
const dialog = document.querySelector<HTMLDialogElement>('#checkout-dialog');
const content = document.querySelector<HTMLElement>('#checkout-content');

/** Opening it again brings a new form; what was typed into the old one is kept elsewhere. */
function isEmpty(): boolean {
  const form = document.querySelector<HTMLFormElement>('#checkout-form');
  return form !== null && fieldsOf(form).every((field) => field.value === '');
}

if (dialog && content) {
  document.addEventListener('htmx:after:swap', (event) => {
    if (event.detail.ctx.target === content && content.childElementCount > 0 && !dialog.open) dialog.showModal();
  });

  dialog.addEventListener('close', () => {
    // The page behind still shows the cart as it was before the shop said what has changed.
    if (content.querySelector('[data-cart-changed]')) location.reload();
    else document.querySelector<HTMLElement>('#place-order')?.focus();
  });

  // A press that starts on the backdrop, so that marking text over the edge closes nothing.
  dialog.addEventListener('pointerdown', (event) => {
    if (event.target === dialog && isEmpty()) dialog.close();
  });
}

// The link without the dialog still works.
document.addEventListener('htmx:error', ({ target }) => {
  if ((target as Element | null)?.id === 'place-order') location.href = '/checkout';
});

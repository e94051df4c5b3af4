/**
 * «Passer commande» opens the form in a dialog. Without any of this the same link leads to the same form as a page.
 */
const dialog = document.querySelector<HTMLDialogElement>('#checkout-dialog');
const content = document.querySelector<HTMLElement>('#checkout-content');
const TYPED = 'input:not([type=hidden]), textarea';

/** What was typed before the dialog was closed, by field; opening it again brings a new form. */
const typed = new Map<string, string>();

function fields(): NodeListOf<HTMLInputElement | HTMLTextAreaElement> | [] {
  return content?.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(TYPED) ?? [];
}

function open(): void {
  for (const field of fields()) field.value ||= typed.get(field.name) ?? '';
  if (!dialog?.open) dialog?.showModal();
}

if (dialog && content) {
  document.addEventListener('htmx:after:swap', (event) => {
    if (event.detail.ctx.target === content && content.childElementCount > 0) open();
  });

  dialog.addEventListener('close', () => {
    for (const field of fields()) typed.set(field.name, field.value);
    // The page behind still shows the cart as it was before the shop said what has changed.
    if (content.querySelector('[data-cart-changed]')) location.reload();
    else document.querySelector<HTMLElement>('#place-order')?.focus();
  });

  // A press that starts on the backdrop, so that marking text over the edge closes nothing.
  dialog.addEventListener('pointerdown', (event) => {
    if (event.target === dialog && fields().length > 0 && ![...fields()].some((field) => field.value)) dialog.close();
  });
}

/** A request that never got an answer: said inside the form, because a dialog hides everything else. */
document.addEventListener('htmx:error', (event) => {
  const source = (event.target as Element | null)?.closest?.('#checkout-form');
  const message = source?.querySelector<HTMLElement>('[data-network-error]');
  if (message) message.hidden = false;
  // The link without the dialog still works.
  else if ((event.target as Element | null)?.id === 'place-order') location.href = '/checkout';
});

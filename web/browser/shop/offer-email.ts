import { afterPress } from './after-press.ts';
import { fieldOf, onCheckoutForm, say } from './checkout-form.ts';
import { suggestEmail } from './suggest-email.ts';
import { words } from './words.ts';

// A slip in the e-mail's domain is asked about below the field. What was typed stands until somebody takes the other.

onCheckoutForm((form) => {
  const field = fieldOf(form, 'email');
  let offer: HTMLElement | undefined;
  let declined = '';

  function withdraw(): void {
    offer?.remove();
    offer = undefined;
  }

  field.addEventListener('input', withdraw);
  field.addEventListener('change', () => {
    withdraw();
    const typed = field.value.trim();
    const address = suggestEmail(typed);
    if (!address || typed === declined) return;
    declined = typed;
    afterPress(() => {
      offer = offerOf(address, () => {
        field.value = address;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.focus();
        say(form, words.taken(address));
      });
      field.after(offer);
      say(form, words.suggested(address));
    });
  });
});

function offerOf(address: string, take: () => void): HTMLElement {
  const offer = document.createElement('p');
  offer.className = 'email-offer';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button plain small';
  const shown = document.createElement('strong');
  shown.textContent = address;
  button.append(`${words.didYouMean} `, shown, words.questionMark);
  button.addEventListener('click', take);
  offer.append(button);
  return offer;
}

import { CUSTOMER_RULES, type CustomerField, tidyText } from '../../../shared/contracts/customer-rules.ts';
import { afterPress } from './after-press.ts';
import { type FieldElement, fieldName, fieldOf, onCheckoutForm, say } from './checkout-form.ts';
import { words } from './words.ts';

// A field is judged when it is left and, once it was wrong, with every letter: nobody is corrected in the middle of a
// word, and nobody has to leave a field to see that it is right now. An empty one that was only passed by is left in
// peace; sending the form asks for it.

onCheckoutForm((form) => {
  const changed = new Set<CustomerField>();

  form.addEventListener('input', ({ target }) => {
    const name = fieldName(target);
    if (!name) return;
    changed.add(name);
    if (isMarked(fieldOf(form, name))) judge(form, name);
  });

  form.addEventListener('focusout', ({ target }) => {
    const name = fieldName(target);
    if (name && changed.has(name)) afterPress(() => judge(form, name));
  });

  // The key of a telephone's keyboard that says «next» goes there, instead of sending what is not complete.
  form.addEventListener('keydown', (event) => {
    const { target } = event;
    if (event.key !== 'Enter' || event.isComposing || !(target instanceof HTMLInputElement)) return;
    if (target.enterKeyHint !== 'next' || !matchMedia('(pointer: coarse)').matches) return;
    event.preventDefault();
    const inputs = [...form.querySelectorAll<FieldElement>('input:not([type=hidden], [tabindex]), textarea')];
    inputs[inputs.indexOf(target) + 1]?.focus();
  });
});

const isMarked = (field: FieldElement) => field.getAttribute('aria-invalid') === 'true';

function judge(form: HTMLFormElement, name: CustomerField): void {
  const field = fieldOf(form, name);
  const problem = CUSTOMER_RULES[name](tidyText(field.value));
  const text = problem && words.errors[name][problem];
  const id = `${field.id}-error`;
  const shown = document.getElementById(id);
  if (text === shown?.textContent) return;
  say(form, text ?? '');
  if (!text) {
    shown?.remove();
    field.removeAttribute('aria-invalid');
    describe(field, id, false);
    takeOffSummary(form, field);
    return;
  }
  const error = shown ?? document.createElement('p');
  error.id = id;
  error.className = 'field-error';
  error.textContent = text;
  if (!shown) field.closest('.field')?.append(error);
  field.setAttribute('aria-invalid', 'true');
  describe(field, id, true);
}

function describe(field: FieldElement, id: string, isDescribed: boolean): void {
  const ids = (field.getAttribute('aria-describedby') ?? '').split(' ').filter((one) => one && one !== id);
  if (isDescribed) ids.push(id);
  if (ids.length > 0) field.setAttribute('aria-describedby', ids.join(' '));
  else field.removeAttribute('aria-describedby');
}

/** The server's list on top of the form holds what is still wrong, and goes with the last of it. */
function takeOffSummary(form: HTMLFormElement, field: FieldElement): void {
  const entry = form.querySelector(`.alert a[href="#${field.id}"]`)?.closest('li');
  const summary = entry?.closest('.alert');
  entry?.remove();
  if (!summary?.querySelector('li')) summary?.remove();
}

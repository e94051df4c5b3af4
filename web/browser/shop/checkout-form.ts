import { CUSTOMER_FIELDS, type CustomerField } from '../../../shared/contracts/customer-rules.ts';

export type FieldElement = HTMLInputElement | HTMLTextAreaElement;

const SELECTOR = '#checkout-form';
const met = new WeakSet<HTMLFormElement>();

/** Calls back for the form of the checkout, and for each that the server puts in its place. */
export function onCheckoutForm(callback: (form: HTMLFormElement) => void): void {
  callbacks.push(callback);
}
const callbacks: ((form: HTMLFormElement) => void)[] = [];

function meet(): void {
  const form = document.querySelector<HTMLFormElement>(SELECTOR);
  if (!form || met.has(form)) return;
  met.add(form);
  for (const callback of callbacks) callback(form);
}

/** To be called once all who want to meet the form have said so. */
export function meetCheckoutForms(): void {
  document.addEventListener('htmx:after:swap', meet);
  meet();
}

export function fieldOf(form: HTMLFormElement, name: CustomerField): FieldElement {
  return form.elements.namedItem(name) as FieldElement;
}

export const fieldsOf = (form: HTMLFormElement): FieldElement[] => CUSTOMER_FIELDS.map((name) => fieldOf(form, name));

/** The field that an event came from; undefined for what is none of those that people fill in. */
export function fieldName(target: EventTarget | null): CustomerField | undefined {
  const { name } = (target ?? {}) as Partial<FieldElement>;
  return CUSTOMER_FIELDS.find((field) => field === name);
}

/** For those who hear the page. Inside the form, because an open dialog silences everything else. */
export function say(form: HTMLFormElement, text: string): void {
  const live = form.querySelector('[data-say]');
  if (live) live.textContent = text;
}

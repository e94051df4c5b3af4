import { fieldsOf, onCheckoutForm } from './checkout-form.ts';

// What was typed outlives Esc, a reload, and a way round the shop, for as long as the tab does and no longer.

const KEY = 'msp-typed';

onCheckoutForm((form) => {
  const kept = recall();
  // Where the server has filled in a field, it has what was sent.
  for (const field of fieldsOf(form)) field.value ||= kept[field.name] ?? '';
  form.addEventListener('input', () => {
    remember(Object.fromEntries(fieldsOf(form).map(({ name, value }) => [name, value])));
  });
});

/** The order is placed: whoever uses this tab next is not to find it. */
export function forgetTyped(): void {
  store((storage) => storage.removeItem(KEY));
}

function remember(typed: Record<string, string>): void {
  store((storage) => storage.setItem(KEY, JSON.stringify(typed)));
}

function recall(): Record<string, string> {
  return JSON.parse(store((storage) => storage.getItem(KEY)) ?? '{}') as Record<string, string>;
}

/** Storage may be switched off or full; then only this much is lost. */
export function store<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

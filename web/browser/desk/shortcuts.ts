import { onRemembered, recall, remember } from './remember.ts';

/** How long after `g` the second key may come. */
const SEQUENCE_MS = 1_500;

/**
 * The desk by keyboard. Single letters can be switched off (WCAG 2.1.4), and mean nothing where one types, in dialogs,
 * or together with other keys.
 */
export function takeShortcuts(body: HTMLElement | null): void {
  const toggle = document.getElementById('shortcuts') as HTMLInputElement;
  const help = document.getElementById('shortcuts-help') as HTMLDialogElement;
  const isOn = () => recall('shortcuts') !== 'off';
  const show = () => {
    toggle.checked = isOn();
  };
  let goingSince = Number.NEGATIVE_INFINITY;

  const steps: Record<string, () => unknown> = {
    '/': () => (document.querySelector<HTMLInputElement>('#order-filter [name="q"]') ?? null)?.select(),
    j: () => move(1),
    k: () => move(-1),
    x: () => part(currentRow(), 'pick')?.click(),
    n: () => document.getElementById('waiting-pill')?.click(),
    r: () => document.getElementById('refresh')?.click(),
    z: () =>
      [...document.querySelectorAll<HTMLElement>('#bulk-undo:not([hidden]), .toast-undo button')].at(-1)?.click(),
    '?': () => help.showModal(),
  };
  const places: Record<string, string> = { o: '/admin/orders', d: '/admin' };

  document.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, isComposing, repeat, defaultPrevented } = event;
    if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented || !isOn() || isTyping()) return;
    const isGoing = performance.now() - goingSince < SEQUENCE_MS;
    goingSince = key === 'g' ? performance.now() : Number.NEGATIVE_INFINITY;
    const place = isGoing && Object.hasOwn(places, key) ? places[key] : undefined;
    const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
    if (!place && !step) return;
    event.preventDefault();
    if (place) location.assign(place);
    else if (!repeat || key === 'j' || key === 'k') step?.();
  });
  toggle.addEventListener('change', () => remember('shortcuts', toggle.checked ? 'on' : 'off'));
  document.getElementById('show-shortcuts')?.addEventListener('click', () => help.showModal());
  onRemembered('shortcuts', show);
  show();

  function currentRow(): HTMLElement | undefined {
    const row = document.activeElement?.closest<HTMLElement>('#order-rows > tr');
    return row ?? undefined;
  }

  /** To the row above or below; from nowhere, to the first one in view. */
  function move(by: 1 | -1): void {
    const rows = [...(body?.children ?? [])] as HTMLElement[];
    const current = currentRow();
    const next = current
      ? rows[rows.indexOf(current) + by]
      : rows.find((row) => row.getBoundingClientRect().top >= 0 && row.offsetParent !== null);
    // Enter opens what has the focus.
    part(next, 'number')?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }
}

function part(row: HTMLElement | undefined, name: string): HTMLElement | undefined {
  return row?.querySelector<HTMLElement>(`[data-part="${name}"]`) ?? undefined;
}

function isTyping(): boolean {
  if (document.querySelector('dialog[open]')) return true;
  const field = document.activeElement;
  if (field instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(field.type);
  return field?.matches('textarea, select, [contenteditable]') === true;
}

import htmx from 'htmx.org';
import { ROW_WORDS } from '../../locales/desk-row.ts';
import { teamworkWords } from '../../locales/teamwork.ts';
import { ask } from './confirm.ts';
import type { Selection } from './selection.ts';
import { words as liveWords, locale } from './words.ts';

const words = teamworkWords(locale).bulk;

/** As long as what was done last can be undone, and a moment less, for the way. */
const UNDO_MS = 9_000;
/** Few enough that the bar moves, many enough that 200 orders are a matter of seconds. */
const BATCH = 10;

interface Picked {
  number: string;
  version: string;
}

/**
 * One status for all picked orders, batch by batch: each order is answered by itself, what was done is picked no
 * more, what was refused stays. It can be stopped between two batches, and what was done be undone as long as the server lets one.
 */
export function changeSelected(selection: Selection): void {
  const form = document.getElementById('bulk') as HTMLFormElement;
  const progress = document.getElementById('bulk-progress') as HTMLElement;
  const outcome = form.querySelector('.bulk-outcome') as HTMLElement;
  const results = document.getElementById('bulk-results') as HTMLElement;
  const summary = document.getElementById('bulk-summary') as HTMLElement;
  const undo = document.getElementById('bulk-undo') as HTMLButtonElement;
  let undoTimer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  let isRunning = false;

  progress.querySelector('button')?.addEventListener('click', () => {
    isStopped = true;
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const status = (event.submitter as HTMLButtonElement | null)?.value;
    if (status && !isRunning) void begin(status);
  });
  undo.addEventListener('click', () => {
    if (!isRunning) void change({ undo: '1' }, doneOrders());
  });

  async function begin(status: string): Promise<void> {
    const orders = selection.orders();
    if (status === 'annulee' && !(await ask(words.confirm(orders.length), ROW_WORDS[locale].step.annulee))) return;
    await change({ status, confirmed: '1' }, orders);
    if (doneOrders().length === 0) return;
    undo.hidden = false;
    undoTimer = setTimeout(endUndo, UNDO_MS);
  }

  function endUndo(): void {
    clearTimeout(undoTimer);
    if (document.activeElement === undo) document.getElementById('main')?.focus({ preventScroll: true });
    undo.hidden = true;
  }

  async function change(wish: Record<string, string>, orders: readonly Picked[]): Promise<void> {
    endUndo();
    isRunning = true;
    isStopped = false;
    results.replaceChildren();
    summary.textContent = '';
    outcome.hidden = false;
    form.setAttribute('aria-busy', 'true');
    try {
      for (let done = 0; done < orders.length && !isStopped; done += BATCH) {
        showProgress(done, orders.length);
        if (!(await send(wish, orders.slice(done, done + BATCH)))) break;
      }
    } finally {
      isRunning = false;
      progress.hidden = true;
      form.removeAttribute('aria-busy');
      summary.textContent = words.summary(count('done'), count('failed'));
    }
  }

  /** @returns false when there was no answer, and no use in going on */
  async function send(wish: Record<string, string>, batch: readonly Picked[]): Promise<boolean> {
    const fields = new URLSearchParams({ ...wish, view: formValue('view') });
    for (const { number, version } of batch) fields.append('order', `${number}:${version}`);
    try {
      const response = await fetch(form.action, {
        method: 'POST',
        body: fields,
        headers: { 'HX-Request': 'true', 'HX-Current-URL': location.href },
      });
      const elsewhere = response.headers.get('HX-Redirect');
      if (elsewhere) {
        location.assign(elsewhere);
        return false;
      }
      const before = results.childElementCount;
      await htmx.swap({ text: await response.text(), sourceElement: form, swap: 'none' });
      const told = [...results.children].slice(before) as HTMLElement[];
      selection.unpick(told.filter(isDone).map(({ dataset }) => dataset.number as string));
      return response.ok;
    } catch {
      for (const { number } of batch) results.append(noAnswer(number));
      return false;
    }
  }

  function showProgress(done: number, all: number): void {
    progress.hidden = all <= BATCH;
    const [bar, text] = progress.children as unknown as [HTMLProgressElement, HTMLElement];
    bar.max = all;
    bar.value = done;
    text.textContent = words.progress(done, all);
  }

  function doneOrders(): Picked[] {
    const done = [...results.querySelectorAll<HTMLElement>('[data-result="done"]')];
    return done.map(({ dataset }) => ({ number: dataset.number as string, version: dataset.version as string }));
  }

  const isDone = ({ dataset }: HTMLElement) => dataset.result === 'done';
  const count = (kind: string) => results.querySelectorAll(`[data-result="${kind}"]`).length;
  const formValue = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).value;
}

/** Whether it was changed is not known; asking once more does no harm. */
function noAnswer(number: string): HTMLElement {
  const item = document.createElement('li');
  item.dataset.number = number;
  item.dataset.result = 'failed';
  item.textContent = liveWords.notSavedOf(number);
  return item;
}

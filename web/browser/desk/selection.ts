import { teamworkWords } from '../../locales/teamwork.ts';
import { locale } from './words.ts';

const words = teamworkWords(locale).bulk;

/** The rows that the admin has picked. */
export interface Selection {
  /** With the version that stands on the page, in the order of the table. */
  orders(): { number: string; version: string }[];
  unpick(numbers: Iterable<string>): void;
}

/**
 * Keeps what is picked while rows are replaced by newer ones: a box is part of its row, and the selection is not.
 * A row that leaves the page leaves the selection: nothing is done to what nobody sees.
 */
export function keepSelection(body: HTMLElement): Selection {
  const picked = new Set<string>();
  const all = document.getElementById('pick-all') as HTMLInputElement;
  /** Where a shift-click begins. */
  let anchor: string | undefined;

  body.addEventListener('click', (event) => {
    const box = event.target as HTMLInputElement;
    if (box.dataset?.part !== 'pick') return;
    const row = rowOf(box);
    const from = event.shiftKey ? rows().find(({ dataset }) => dataset.number === anchor) : undefined;
    for (const other of from ? between(from, row) : [row]) pick(other, box.checked);
    anchor = row.dataset.number;
    show();
  });
  all.addEventListener('change', () => {
    for (const row of rows()) pick(row, all.checked);
    show();
  });
  document.getElementById('bulk-none')?.addEventListener('click', () => {
    unpick([...picked]);
    all.focus();
  });
  new MutationObserver(() => {
    const numbers = new Set<string>();
    for (const row of rows()) {
      numbers.add(row.dataset.number as string);
      boxOf(row).checked = picked.has(row.dataset.number as string);
    }
    for (const number of picked) if (!numbers.has(number)) picked.delete(number);
    show();
  }).observe(body, { childList: true });

  // A browser that comes back to the page remembers the boxes.
  for (const row of rows()) pick(row, boxOf(row).checked);
  show();

  function rows(): HTMLElement[] {
    return [...body.children] as HTMLElement[];
  }

  function between(one: HTMLElement, other: HTMLElement): HTMLElement[] {
    const order = rows();
    const [from, to] = [order.indexOf(one), order.indexOf(other)].sort((a, b) => a - b) as [number, number];
    return order.slice(from, to + 1);
  }

  function pick(row: HTMLElement, isPicked: boolean): void {
    boxOf(row).checked = isPicked;
    if (isPicked) picked.add(row.dataset.number as string);
    else picked.delete(row.dataset.number as string);
  }

  function unpick(numbers: Iterable<string>): void {
    const gone = new Set(numbers);
    for (const row of rows()) if (gone.has(row.dataset.number as string)) pick(row, false);
    show();
  }

  function show(): void {
    const bar = document.getElementById('bulk') as HTMLElement;
    const count = document.getElementById('bulk-count') as HTMLElement;
    const text = picked.size > 0 ? words.count(picked.size) : '';
    if (count.textContent !== text) count.textContent = text;
    bar.toggleAttribute('data-empty', picked.size === 0);
    all.checked = picked.size > 0 && picked.size === body.childElementCount;
    all.indeterminate = picked.size > 0 && !all.checked;
    for (const [id, path] of [
      ['bulk-print', '/admin/orders/print'],
      ['bulk-export', '/admin/orders.csv'],
    ] as const) {
      // Who may not export has no link to it.
      const link = document.getElementById(id) as HTMLAnchorElement | null;
      if (link) link.href = `${path}?${new URLSearchParams(orders().map(({ number }) => ['number', number]))}`;
    }
  }

  function orders() {
    return rows()
      .filter(({ dataset }) => picked.has(dataset.number as string))
      .map(({ dataset }) => ({ number: dataset.number as string, version: dataset.version as string }));
  }

  return { orders, unpick };
}

function rowOf(box: Element): HTMLElement {
  return box.closest('tr') as HTMLElement;
}

function boxOf(row: HTMLElement): HTMLInputElement {
  return row.querySelector('[data-part="pick"]') as HTMLInputElement;
}

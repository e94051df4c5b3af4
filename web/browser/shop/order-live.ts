import htmx from 'htmx.org';
import { lacks } from '../compare-cursors.ts';
import { openSharedStream } from '../shared-stream.ts';

/** Whoever ended an order may take that back for a few seconds. */
const LINGER_MS = 15_000;

/** The shopper's page follows its order: the stream brings each change, the poll finds what it did not. */
function followOrder(section: HTMLElement): void {
  let end: ReturnType<typeof setTimeout> | undefined;
  const stream = openSharedStream({
    address: section.dataset.stream as string,
    lacks,
    cursor: section.dataset.cursor,
    async onMessage(message) {
      if (message.event === 'reset') htmx.trigger(section, 'refresh');
      if (message.event !== 'message') return;
      const before = version();
      await htmx.swap({ sourceElement: section, text: message.data, swap: 'none' });
      // A step was skipped, and with it its time: the page asks for all of it.
      if (version() > before + 1) htmx.trigger(section, 'refresh');
      clearTimeout(end);
      if (isFinal()) end = setTimeout(() => stream.close(), LINGER_MS);
    },
  });
}

function version(): number {
  return Number(document.querySelector<HTMLInputElement>('#order-version')?.value);
}

/** After its last step an order changes no more, once it cannot be taken back. */
function isFinal(): boolean {
  return document.querySelector(':is(.step.terminee, .step.annulee) > [data-state="current"]') !== null;
}

const section = document.querySelector<HTMLElement>('#order-live');
if (section) followOrder(section);

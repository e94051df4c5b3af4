import htmx from 'htmx.org';
import { openStream } from '../live-stream.ts';

/** The shopper's page follows its order: the stream brings each change, the poll finds what it did not. */
function followOrder(section: HTMLElement): void {
  const address = section.dataset.stream as string;
  const stream = openStream({
    url: (cursor) => (cursor ? `${address}?after=${encodeURIComponent(cursor)}` : address),
    cursor: section.dataset.cursor,
    async onMessage(message) {
      if (message.event === 'reset') htmx.trigger(section, 'refresh');
      if (message.event !== 'message') return;
      const before = version();
      await htmx.swap({ sourceElement: section, text: message.data, swap: 'none' });
      // A step was skipped, and with it its time: the page asks for all of it.
      if (version() > before + 1) htmx.trigger(section, 'refresh');
      if (isFinal()) stream.close();
    },
  });
}

function version(): number {
  return Number(document.querySelector<HTMLInputElement>('#order-version')?.value);
}

/** After its last step an order changes no more. */
function isFinal(): boolean {
  return document.querySelector(':is(.step.terminee, .step.annulee) > [data-state="current"]') !== null;
}

const section = document.querySelector<HTMLElement>('#order-live');
if (section) followOrder(section);

import type { EventPage, OrderEvent } from '../../shared/contracts/event.ts';
import type { LoggedEvent } from './history.ts';
import type { Part } from './part.ts';
import type { Recorder } from './record.ts';
import type { System } from './system.ts';

const PAGE_EVENTS = 100;
const DEADLINE_MS = 12_000;
const PAUSE_MS = 150;

/** Reads the log of one orders process from its beginning, page after page, and writes down all that it is told. */
export function readLog(system: System, recorder: Recorder, at: Part): { stop(): Promise<void> } {
  const reader = `reader-${at.name}`;
  let after = '';
  let isStopped = false;

  async function readPage(): Promise<boolean> {
    const query = new URLSearchParams({ limit: String(PAGE_EVENTS), ...(after ? { after } : {}) });
    const response = await fetch(`http://127.0.0.1:${at.port}/events?${query}`, {
      headers: { Authorization: `Bearer ${system.serviceToken}` },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const body = (await response.json()) as EventPage;
    const common = { e: 'read', reader, to: at.name, after, status: response.status } as const;
    if (response.status !== 200) {
      recorder.note(common);
      return false;
    }
    const { epoch, head, events } = body;
    // A head that has moved without its events is worth a line too.
    if (`${epoch}.${head}` !== after) recorder.note({ ...common, epoch, head, events: events.map(asLogged) });
    after = `${epoch}.${events.at(-1)?.seq ?? head}`;
    return events.length > 0;
  }

  const reading = (async () => {
    while (!isStopped) {
      const isMore = await readPage().catch(() => false);
      if (!isMore) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  return {
    stop() {
      isStopped = true;
      return reading;
    },
  };
}

export function asLogged({ seq, type, order: { number, version, status } }: OrderEvent): LoggedEvent {
  return { seq, type, number, version, status };
}

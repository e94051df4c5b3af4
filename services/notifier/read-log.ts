import { type Cursor, formatCursor } from '../../shared/contracts/cursor.ts';
import { EventPage } from '../../shared/contracts/event.ts';
import { call } from '../../shared/process/http-client.ts';
import type { LogTail } from './event-log.ts';

/** The log as orders serves it. A notifier reads it for all of its subscribers at once, never for one. */
export interface LogSource {
  /**
   * The events after a cursor, oldest first, at most `limit` (≤ 500).
   * Undefined when the log can no longer, or never could, be read from there.
   * @throws when orders does not answer or makes no sense
   */
  after(cursor: Cursor, limit: number): Promise<EventPage | undefined>;
  /** The newest events, at most `limit`, and where the log stands. Throws as `after` does. */
  tail(limit: number): Promise<LogTail>;
}

export function readLog(options: { ordersUrl: string; serviceToken: string; readMs: number }): LogSource {
  const read = async (query: string): Promise<EventPage | undefined> => {
    const { status, body } = await call(`${options.ordersUrl}/events?${query}`, {
      headers: { Authorization: `Bearer ${options.serviceToken}` },
      deadlineMs: options.readMs,
    });
    if (status === 410) return undefined;
    if (status !== 200) throw new Error(`orders answered ${status} to a read of the event log`);
    return EventPage.parse(body);
  };

  const after = async (cursor: Cursor, limit: number) => {
    const page = await read(`after=${formatCursor(cursor)}&limit=${limit}`);
    page?.events.forEach((event, index) => {
      if (event.seq !== cursor.seq + 1 + index) throw new Error('a page of the event log has a hole');
    });
    return page;
  };

  return {
    after,
    async tail(limit) {
      const now = await read('limit=0');
      if (!now) throw new Error('orders has no event log');
      const { epoch, head, floor } = now;
      const from = Math.max(floor - 1, head - limit, 0);
      if (from >= head) return { epoch, head, events: [] };
      const page = await after({ epoch, seq: from }, limit);
      // Pruned or restored between the two reads: the next try sees one log again.
      if (page?.epoch !== epoch) throw new Error('the event log changed while it was read');
      return { epoch, head: from + page.events.length, events: page.events };
    },
  };
}

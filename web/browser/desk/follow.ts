import htmx from 'htmx.org';
import { isAhead, lacks } from '../compare-cursors.ts';
import type { StreamMessage } from '../live-stream.ts';
import { openSharedStream } from '../shared-stream.ts';
import { askSoon } from './ask.ts';
import { currentCursor, moveCursor, noteHead } from './cursor.ts';
import type { Freshness } from './freshness.ts';
import { lacksRows, rowsAreMissing } from './live-state.ts';

/** Follows the browser's stream of all orders: frames are swapped in by htmx, exactly as the answer of a poll is. */
export function follow(
  state: HTMLElement,
  freshness: Freshness,
  { onNews, onLead }: { onNews(html: string): void; onLead(isLeading: boolean): void },
): void {
  /** As far as the stream has brought this page; what came last may not have been swapped in yet. */
  let brought = currentCursor();

  function isBehind(place: string): boolean {
    const here = currentCursor();
    return isAhead(place, brought) && isAhead(place, here);
  }

  /** Whatever lies between has been lost on the way, and is read anew. */
  function tellGap(): void {
    if (!lacksRows()) rowsAreMissing();
    askSoon();
  }

  function onMessage({ event, data, id }: StreamMessage): void {
    if (id !== undefined) noteHead(id);
    if (event === 'message') {
      const after = /data-after="(\d+)"/.exec(data)?.[1];
      if (id !== undefined && after !== undefined && isBehind(`${id.split('.')[0]}.${after}`)) tellGap();
      void htmx.swap({ text: data, sourceElement: state, swap: 'none' });
      onNews(data);
    } else if (event === 'head') {
      const { cursor } = JSON.parse(data) as { cursor: string };
      // The stream speaks of what it has not brought.
      if (isBehind(cursor)) tellGap();
      // What the stream has brought is here; what it could not bring is not.
      if (!lacksRows()) moveCursor(cursor);
    } else if (event === 'reset') {
      rowsAreMissing();
      askSoon();
    }
    brought = id ?? brought;
    freshness.proved();
  }

  openSharedStream({
    address: state.dataset.stream as string,
    cursor: currentCursor(),
    lacks,
    onMessage,
    onLead,
    onState(streamState) {
      freshness.streamIs(streamState);
      // Whether polling still works is better known now than at its next turn. It also leads a session that
      // is over to the sign-in.
      if (streamState === 'down' || streamState === 'unauthorized') askSoon();
    },
  });
}

import htmx from 'htmx.org';
import { lacks } from '../compare-cursors.ts';
import type { StreamMessage } from '../live-stream.ts';
import { openSharedStream } from '../shared-stream.ts';
import { askSoon } from './ask.ts';
import { currentCursor, moveCursor } from './cursor.ts';
import type { Freshness } from './freshness.ts';
import { lacksRows, rowsAreMissing } from './live-state.ts';

/** Follows the browser's stream of all orders: frames are swapped in by htmx, exactly as the answer of a poll is. */
export function follow(state: HTMLElement, freshness: Freshness, onNews: (html: string) => void): void {
  function onMessage({ event, data }: StreamMessage): void {
    if (event === 'message') {
      void htmx.swap({ text: data, sourceElement: state, swap: 'none' });
      onNews(data);
    } else if (event === 'head') {
      const { cursor } = JSON.parse(data) as { cursor: string };
      // What the stream has brought is here; what it could not bring is not.
      if (!lacksRows()) moveCursor(cursor);
    } else if (event === 'reset') {
      rowsAreMissing();
      askSoon();
    }
    freshness.proved();
  }

  openSharedStream({
    address: state.dataset.stream as string,
    cursor: currentCursor(),
    lacks,
    onMessage,
    onState(streamState) {
      freshness.streamIs(streamState);
      // Whether polling still works is better known now than at its next turn. It also leads a session that
      // is over to the sign-in.
      if (streamState === 'down' || streamState === 'unauthorized') askSoon();
    },
  });
}

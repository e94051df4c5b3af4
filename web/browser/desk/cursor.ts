import { isAhead, sameEpoch } from '../compare-cursors.ts';

/** Where the page stands in the event log, kept in the page itself: what polls send and the stream starts from. */
const state = () => document.getElementById('live-state');

export function currentCursor(): string | undefined {
  return state()?.dataset.cursor;
}

/** Moves the page's cursor on; never back, and never into another epoch unless the rows came from there. */
export function moveCursor(to: string, options: { anyEpoch?: boolean } = {}): void {
  const element = state();
  if (!element) return;
  const from = element.dataset.cursor;
  if (isAhead(to, from) || (options.anyEpoch && from !== undefined && !sameEpoch(to, from))) {
    element.dataset.cursor = to;
  }
}

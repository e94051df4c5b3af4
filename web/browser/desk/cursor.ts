import { isAhead, lacks, sameEpoch } from '../compare-cursors.ts';

/** Where the page stands in the event log, kept in the page itself: what polls send and the stream starts from. */
const state = () => document.getElementById('live-state');

export function currentCursor(): string | undefined {
  return state()?.dataset.cursor;
}

let newest: string | undefined;

/** The head of the log, as far as anybody has told this page. */
export function newestCursor(): string | undefined {
  const here = currentCursor();
  return newest === undefined || (here !== undefined && isAhead(here, newest)) ? here : newest;
}

/** Somebody has said that the log goes as far as this. */
export function noteHead(head: string): void {
  if (newest === undefined || lacks(newest, head)) newest = head;
}

/** Moves the page's cursor on; never back, and never into another epoch unless the rows came from there. */
export function moveCursor(to: string, options: { anyEpoch?: boolean } = {}): void {
  const element = state();
  if (!element) return;
  noteHead(to);
  const from = element.dataset.cursor;
  if (isAhead(to, from) || (options.anyEpoch && from !== undefined && !sameEpoch(to, from))) {
    element.dataset.cursor = to;
  }
}

/** Where the page stands in the event log, kept in the page itself: what polls send and the stream starts from. */
const state = () => document.getElementById('live-state');

export function currentCursor(): string | undefined {
  return state()?.dataset.cursor;
}

/** True when `to` lies further on than `from` in the same epoch; cursors of two epochs cannot be compared. */
export function isAhead(to: string, from: string | undefined): boolean {
  if (from === undefined) return true;
  return sameEpoch(to, from) && seqOf(to) > seqOf(from);
}

export function sameEpoch(one: string, other: string): boolean {
  return one.split('.')[0] === other.split('.')[0];
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

function seqOf(cursor: string): number {
  return Number(cursor.split('.')[1]);
}

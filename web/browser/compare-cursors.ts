/** Cursors of the event log, `<epoch>.<seq>`, as pages compare them; see shared/contracts/cursor.ts. */

/** True when `to` lies further on than `from` in the same epoch; cursors of two epochs cannot be compared. */
export function isAhead(to: string, from: string | undefined): boolean {
  if (from === undefined) return true;
  return sameEpoch(to, from) && seqOf(to) > seqOf(from);
}

/** Whether one who has seen everything up to `from` lacks anything of what leads to `to`; of another epoch, all of it. */
export function lacks(from: string, to: string): boolean {
  return !sameEpoch(from, to) || isAhead(to, from);
}

export function sameEpoch(one: string, other: string): boolean {
  return one.split('.')[0] === other.split('.')[0];
}

function seqOf(cursor: string): number {
  return Number(cursor.split('.')[1]);
}

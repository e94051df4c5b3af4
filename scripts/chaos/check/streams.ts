import { isInView, type View } from '../../../shared/contracts/status.ts';
import { type FinalLog, rowText } from './final-log.ts';
import type { Findings } from './findings.ts';
import { viewOf } from './follow-desk.ts';
import type { DeskEntry, EntryOf, History } from './index-history.ts';

/**
 * Guarantee 9 once more, for each stream by itself: from the cursor it was opened with, it brings all or says
 * `reset`. A poll that happens to bring what a stream left out does not excuse the stream.
 */
export function checkStreams({ desks }: History, log: FinalLog, findings: Findings): void {
  for (const [desk, entries] of desks) checkDesk(desk, entries, viewOf(entries), log, findings);
}

function checkDesk(desk: string, entries: readonly DeskEntry[], view: View, log: FinalLog, findings: Findings): void {
  /** Where this stream has led so far; undefined for «from now on», until it says where that is. */
  let position: number | undefined;
  for (const entry of entries) {
    if (entry.e === 'open') position = entry.after === undefined ? undefined : log.seqOf(entry.after);
    if (entry.e !== 'frame' || entry.by !== 'stream') continue;
    const seq = log.seqOf(entry.cursor);
    if (seq === undefined) {
      position = undefined;
    } else if (position === undefined || entry.kind === 'reset' || (entry.omitted ?? 0) > 0) {
      position = seq;
    } else if (seq > position) {
      checkWay(desk, view, entry, position, seq, log, findings);
      position = seq;
    }
  }
}

/** A frame that leads from one place to another holds every order of the view that changed on the way. */
function checkWay(
  desk: string,
  view: View,
  frame: EntryOf<'frame'>,
  from: number,
  to: number,
  log: FinalLog,
  findings: Findings,
): void {
  const gap = (text: string, evidence: unknown) =>
    findings.add({ guarantee: 9, kind: 'gap', text, t: frame.t, evidence });
  if (frame.kind === 'head') {
    gap(`${desk} was led from ${from} to ${to} without being shown what lies between`, frame);
    return;
  }
  const shown = new Map((frame.rows ?? []).map((row) => [row.number, row]));
  for (let seq = from + 1; seq <= Math.min(to, log.head); seq += 1) {
    const event = log.event(seq);
    const order = event && log.orderAt(event.number, to);
    if (!order || !isInView(view, order.status)) continue;
    if ((shown.get(order.number)?.version ?? 0) >= order.version) continue;
    gap(`${desk} was led from ${from} to ${to} without ${rowText(order)}`, { event, frame });
  }
}

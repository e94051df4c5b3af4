import { TRANSITIONS } from '../../../shared/contracts/status.ts';
import { type FinalLog, rowText } from './final-log.ts';
import type { Findings } from './findings.ts';
import type { DeskEntry, History } from './index-history.ts';

/**
 * Guarantee 7: the events of an order come in the order of its changes: in the log, and over every single stream,
 * where neither a row nor the cursor ever goes back.
 */
export function checkInOrder({ desks, final }: History, log: FinalLog, findings: Findings): void {
  for (const { number } of final.orders) checkVersions(number, log, findings);
  for (const [desk, entries] of desks) checkStreams(desk, entries, log, findings);
}

function checkVersions(number: string, log: FinalLog, findings: Findings): void {
  const history = log.historyOf(number);
  for (const [i, event] of history.entries()) {
    const before = history[i - 1];
    const isNext = event.version === (before?.version ?? 0) + 1;
    // An event need not change the status; where it does, it goes a way that orders go.
    const isAllowed = !before || event.status === before.status || TRANSITIONS[before.status].includes(event.status);
    if (isNext && isAllowed) continue;
    const text = `${rowText(event)} comes after ${before ? rowText(before) : 'nothing'}`;
    findings.add({ guarantee: 7, kind: 'out of order', text, evidence: history });
  }
}

function checkStreams(desk: string, entries: readonly DeskEntry[], log: FinalLog, findings: Findings): void {
  let versions = new Map<string, number>();
  let position = 0;
  for (const entry of entries) {
    if (entry.e === 'open') {
      versions = new Map();
      position = 0;
    }
    if (entry.e !== 'frame' || entry.by !== 'stream') continue;
    const seq = log.seqOf(entry.cursor);
    if (seq === undefined) continue;
    if (seq < position) {
      const text = `${desk} was led from ${position} back to ${seq}`;
      findings.add({ guarantee: 7, kind: 'out of order', text, t: entry.t, evidence: entry });
    }
    position = seq;
    for (const row of entry.rows ?? []) {
      const before = versions.get(row.number) ?? 0;
      if (row.version < before) {
        const text = `${desk} was shown version ${before} of ${row.number}, and then version ${row.version}`;
        findings.add({ guarantee: 7, kind: 'out of order', text, t: entry.t, evidence: entry });
      }
      versions.set(row.number, Math.max(before, row.version));
    }
  }
}

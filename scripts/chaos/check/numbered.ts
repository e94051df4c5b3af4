import type { LoggedEvent } from '../history.ts';
import { type FinalLog, isSameRow, rowText } from './final-log.ts';
import type { Findings } from './findings.ts';
import type { EntryOf, History } from './index-history.ts';

/**
 * Guarantee 6: events are numbered 1, 2, 3 … without a gap; no reader sees n + 1 before n; a number is given once.
 */
export function checkNumbered({ reads }: History, log: FinalLog, findings: Findings): void {
  let expected = 1;
  for (const event of log.events) {
    if (event.seq !== expected) {
      const text = `the log goes from ${expected - 1} to ${event.seq}`;
      findings.add({ guarantee: 6, kind: event.seq < expected ? 'doubled' : 'gap', text, evidence: event });
    }
    expected = event.seq + 1;
  }
  if (log.head !== expected - 1) {
    const text = `the head is said to be ${log.head}, and the last event is ${expected - 1}`;
    findings.add({ guarantee: 6, kind: 'gap', text, evidence: { head: log.head } });
  }

  /** What each number was to whoever read it first: a number that is given again may have left no other trace. */
  const given = new Map<string, LoggedEvent>();
  const heads = new Map<string, number>();
  const positions = new Map<string, number>();
  for (const read of reads) {
    // Nothing: from the oldest event, which in a run is the first.
    const after = read.after === '' ? 0 : log.seqOf(read.after);
    if (after === undefined) continue;
    if (read.status === 410) {
      const text = `${read.reader} stood at ${after} and was told that there is no such place`;
      findings.add({ guarantee: 6, kind: 'gap', text, t: read.t, evidence: read });
    }
    if (read.status !== 200 || read.epoch !== log.epoch) continue;
    const reached = positions.get(read.reader) ?? after;
    if (after > reached) {
      const text = `${read.reader} had been given everything up to ${reached}, and goes on from ${after}`;
      findings.add({ guarantee: 6, kind: 'gap', text, t: read.t, evidence: read });
    }
    positions.set(read.reader, Math.max(reached, read.events?.at(-1)?.seq ?? after));
    checkPage(read, after, findings);
    const before = heads.get(read.reader) ?? 0;
    if (read.head! < before) {
      const text = `${read.reader} saw the log reach to ${before}, and then only to ${read.head}`;
      findings.add({ guarantee: 6, kind: 'out of order', text, t: read.t, evidence: read });
    }
    heads.set(read.reader, Math.max(before, read.head!));
    for (const event of read.events ?? []) checkGivenOnce(event, read);
  }

  function checkGivenOnce(event: LoggedEvent, read: EntryOf<'read'>): void {
    const known = log.event(event.seq) ?? given.get(`${event.seq}`);
    given.set(`${event.seq}`, event);
    if (!known || isSameRow(known, event)) return;
    const text = `number ${event.seq} was given to ${rowText(event)} and to ${rowText(known)}`;
    findings.add({ guarantee: 6, kind: 'doubled', text, t: read.t, evidence: { read, known } });
  }
}

function checkPage(read: EntryOf<'read'>, after: number, findings: Findings): void {
  let position = after;
  for (const event of read.events ?? []) {
    if (event.seq !== position + 1) {
      const text = `${read.reader} was led from ${position} to ${event.seq}`;
      const kind = event.seq <= position ? 'out of order' : 'gap';
      findings.add({ guarantee: 6, kind, text, t: read.t, evidence: read });
    }
    position = event.seq;
  }
  if ((read.events ?? []).length === 0 && read.head! > position) {
    const text = `${read.reader} stood at ${after}, and was given nothing of what follows up to ${read.head}`;
    findings.add({ guarantee: 6, kind: 'gap', text, t: read.t, evidence: read });
  }
}

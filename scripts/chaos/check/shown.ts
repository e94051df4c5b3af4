import { type FinalLog, rowText } from './final-log.ts';
import type { Findings } from './findings.ts';
import type { History } from './index-history.ts';

/**
 * Guarantee 5: nothing is shown that is not. Every row of a desk and every event that a reader was given exists at
 * the end with that number, version and status, and every cursor names a place in the log that there is.
 */
export function checkShown({ desks, reads }: History, log: FinalLog, findings: Findings): void {
  const ghost = (text: string, t: number, evidence: unknown) =>
    findings.add({ guarantee: 5, kind: 'ghost', text, t, evidence });
  const epochs = new Set([log.epoch]);

  function checkCursor(cursor: string, t: number, evidence: unknown): void {
    const seq = log.seqOf(cursor);
    if (seq !== undefined) {
      if (seq > log.head) ghost(`the log was said to reach to ${seq}, and ends at ${log.head}`, t, evidence);
      return;
    }
    const epoch = cursor.split('.')[0]!;
    if (epochs.has(epoch)) return;
    epochs.add(epoch);
    ghost(`places in a log ${epoch} were shown; at the end the log is ${log.epoch}`, t, evidence);
  }

  for (const [desk, entries] of desks) {
    for (const entry of entries) {
      if (entry.e !== 'frame' && entry.e !== 'reload') continue;
      checkCursor(entry.cursor, entry.t, entry);
      for (const row of entry.rows ?? []) {
        if (!log.eventOf(row)) ghost(`${desk} was shown ${rowText(row)}, which never was`, entry.t, entry);
      }
    }
  }
  for (const read of reads) {
    if (read.status !== 200 || read.epoch === undefined) continue;
    checkCursor(`${read.epoch}.${read.head ?? 0}`, read.t, read);
    for (const event of read.events ?? []) {
      if (log.eventOf(event)) continue;
      ghost(`${read.reader} was given event ${event.seq}, ${rowText(event)}, which never was`, read.t, { event, read });
    }
  }
}

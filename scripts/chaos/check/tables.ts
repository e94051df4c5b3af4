import { isInView, type Status, type View } from '../../../shared/contracts/status.ts';
import type { FinalEntry } from '../history.ts';
import { type FinalLog, isSameCounts, isSameRow, PAGE_ROWS, rowText } from './final-log.ts';
import type { Findings } from './findings.ts';
import { type DeskStep, followDesk, viewOf } from './follow-desk.ts';
import type { EntryOf, History } from './index-history.ts';

/**
 * Guarantee 9: an open table is what the log says. Each page is exactly the newest rows of its cursor; after each
 * frame everything up to the frame's cursor is on the screen, as it was there; the counts are those of the cursor; and
 * at the end every desk equals the database.
 *
 * A page holds 50 rows when it is loaded, so orders older than its last row are not missed.
 */
export function checkTables({ desks, final }: History, log: FinalLog, findings: Findings): void {
  for (const [desk, entries] of desks) {
    const view = viewOf(entries);
    let last: DeskStep | undefined;
    for (const step of followDesk(entries, log)) {
      last = step;
      if (step.entry.e === 'reload') checkPage(step.entry, view, log, findings);
      if (step.entry.e === 'frame') checkFrame(step.entry, log, findings);
      checkMissed(desk, view, step, log, findings);
    }
    const shown = final.desks.find((one) => one.desk === desk);
    if (shown) checkEnd(shown, last, log, findings);
  }
}

function checkPage(page: EntryOf<'reload'>, view: View, log: FinalLog, findings: Findings): void {
  const seq = log.seqOf(page.cursor);
  if (seq === undefined) return;
  const expected = log.pageAt(view, seq);
  const differs = Math.max(expected.length, page.rows.length);
  for (let i = 0; i < differs; i += 1) {
    const [want, got] = [expected[i], page.rows[i]];
    if (want && got && isSameRow(want, got)) continue;
    const text = `${page.desk} asked for its rows and got ${got ? rowText(got) : 'nothing'} where ${want ? rowText(want) : 'nothing'} stands`;
    const kind = want && !page.rows.some(({ number }) => number === want.number) ? 'gap' : 'wrong';
    findings.add({ guarantee: 9, kind, text, t: page.t, evidence: { cursor: page.cursor, row: i, want, got } });
    break;
  }
  checkCounts(page, seq, log, findings);
}

function checkFrame(frame: EntryOf<'frame'>, log: FinalLog, findings: Findings): void {
  const seq = log.seqOf(frame.cursor);
  if (seq === undefined) return;
  for (const row of frame.rows ?? []) {
    const order = log.orderAt(row.number, seq);
    // What never was is somebody else's finding.
    if (!log.eventOf(row) || (order && isSameRow(order, row))) continue;
    const text = `${frame.desk} was shown ${rowText(row)} for a place where the order was ${order ? rowText(order) : 'not placed'}`;
    findings.add({ guarantee: 9, kind: 'wrong', text, t: frame.t, evidence: { frame, order } });
  }
  checkCounts(frame, seq, log, findings);
}

function checkCounts(shown: EntryOf<'frame' | 'reload'>, seq: number, log: FinalLog, findings: Findings): void {
  if (!shown.counts || seq > log.head) return;
  const expected = log.countsAt(seq);
  if (isSameCounts(shown.counts, expected)) return;
  const sum = (counts: object) => Object.values(counts).reduce((a: number, b: number) => a + b, 0);
  const doubled = sum(shown.counts) > sum(expected);
  findings.add({
    guarantee: doubled ? 10 : 9,
    kind: doubled ? 'doubled' : 'wrong',
    text: `${shown.desk} was shown counts that are not those of ${shown.cursor}`,
    t: shown.t,
    evidence: { shown: shown.counts, expected },
  });
}

/** Everything that lies between where the desk stood and where it claims to stand has to be on its screen. */
function checkMissed(desk: string, view: View, step: DeskStep, log: FinalLog, findings: Findings): void {
  const { from, to, table, floor, entry } = step;
  if (to === undefined || from === undefined || entry.e === 'reload') return;
  for (let seq = from + 1; seq <= Math.min(to, log.head); seq += 1) {
    const event = log.event(seq);
    if (!event) continue;
    const order = log.orderAt(event.number, to)!;
    const row = table.get(event.number);
    const isMissed = row === undefined && isInView(view, order.status) && (log.rankOf(order.number) ?? 0) >= floor;
    const isStale = row !== undefined && row.version < order.version && concerns(view, row.status, order.status);
    if (!isMissed && !isStale) continue;
    const text = `${desk} stands at ${to} and ${row ? `still shows ${rowText(row)}` : 'does not show'} ${rowText(order)}`;
    findings.add({ guarantee: 9, kind: 'gap', text, t: entry.t, evidence: { event, entry } });
  }
}

/** A row that has left the view is told so once; what becomes of it afterwards is other views' matter. */
function concerns(view: View, shown: Status, now: Status): boolean {
  return isInView(view, shown) || isInView(view, now);
}

function checkEnd(
  shown: FinalEntry['desks'][number],
  last: DeskStep | undefined,
  log: FinalLog,
  findings: Findings,
): void {
  const { desk, view } = shown;
  const gap = (text: string, evidence: unknown) => findings.add({ guarantee: 9, kind: 'gap', text, evidence });
  const seq = log.seqOf(shown.cursor);
  if (seq !== log.head) gap(`${desk} ended at ${shown.cursor}, the log at ${log.head}`, shown);
  if (!isSameCounts(shown.counts, log.countsAt(log.head))) {
    gap(`${desk} ended with other counts than the database`, { shown: shown.counts, log: log.countsAt(log.head) });
  }

  const rows = shown.rows.filter(({ status }) => isInView(view, status));
  const numbers = new Set(rows.map(({ number }) => number));
  if (numbers.size < rows.length) {
    const text = `${desk} ended with a row that stands there twice`;
    findings.add({ guarantee: 10, kind: 'doubled', text, evidence: rows });
  }
  for (const row of rows) {
    const order = log.orderAt(row.number, log.head);
    if (order && isSameRow(order, row)) continue;
    gap(`${desk} ended with ${rowText(row)}; it is ${order ? rowText(order) : 'not there'}`, { row, order });
  }
  const floor = last?.floor ?? 0;
  for (const order of log.pageAt(view, log.head, PAGE_ROWS)) {
    if (numbers.has(order.number) || (log.rankOf(order.number) ?? 0) < floor) continue;
    gap(`${desk} ended without ${rowText(order)}`, order);
  }
  const ranks = rows.map(({ number }) => log.rankOf(number) ?? 0);
  if (ranks.some((rank, i) => i > 0 && rank > ranks[i - 1]!)) {
    const text = `${desk} ended with rows that are not sorted`;
    findings.add({ guarantee: 9, kind: 'out of order', text, evidence: rows });
  }
}

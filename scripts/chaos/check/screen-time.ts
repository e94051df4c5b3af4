import { calmFor } from './calm.ts';
import { type FinalLog, rowText } from './final-log.ts';
import type { Findings } from './findings.ts';
import { followDesk } from './follow-desk.ts';
import type { DeskEntry, History } from './index-history.ts';

/** Milliseconds from an acknowledgement to a screen; null where nothing was measured. */
export interface ScreenTimes {
  healthy: { measured: number; p50: number | null; p99: number | null; worst: number | null };
  /** Acknowledged while something was broken or had just been: counted from when the last part worked again. */
  worstAfterRecovery: number | null;
  worstWithoutRedis: number | null;
}

const HEALTHY_P99_MS = 1_000;

/**
 * Guarantee 8: every acknowledged event reaches every desk that is open: within 1 s (p99) while all is well, within
 * 10 s of the last part's recovery, within 35 s with Redis down throughout.
 *
 * A desk whose stream is down is not connected, and counts from when it is again.
 */
export function measureScreenTimes(history: History, log: FinalLog, findings: Findings): ScreenTimes {
  const acknowledged = acknowledgedAt(history, log);
  const names = new Set(history.desks.keys());
  const healthy: number[] = [];
  let worstAfterRecovery: number | null = null;
  let worstWithoutRedis: number | null = null;

  for (const [desk, entries] of history.desks) {
    const calm = calmFor(desk, history.faults, names);
    const streams = streamsOf(entries);
    for (const { seq, ackAt, shownAt } of arrivalsAt(entries, acknowledged, log)) {
      const from = connectedFrom(streams, ackAt);
      const due = calm.deadline(from);
      if (shownAt > due && due < history.final.t) {
        const when = shownAt === Number.POSITIVE_INFINITY ? 'never' : `after ${Math.round(shownAt - ackAt)} ms`;
        const text = `${desk} was shown ${rowText(log.event(seq)!)} ${when}; it was due after ${Math.round(due - ackAt)} ms`;
        findings.add({ guarantee: 8, kind: 'late', text, t: ackAt, evidence: { seq, ackAt, shownAt, due } });
      }
      if (shownAt === Number.POSITIVE_INFINITY) continue;
      const took = Math.max(0, shownAt - ackAt);
      if (from === ackAt && calm.isHealthy(ackAt, Math.max(ackAt, Math.min(shownAt, ackAt + HEALTHY_P99_MS)))) {
        healthy.push(took);
      } else if (calm.isWithoutRedis(ackAt, shownAt)) {
        worstWithoutRedis = Math.max(worstWithoutRedis ?? 0, took);
      } else {
        const recovered = calm.recoveredBefore(shownAt);
        // Shown though something was still broken: better than promised, and after no recovery.
        if (!Number.isNaN(recovered))
          worstAfterRecovery = Math.max(worstAfterRecovery ?? 0, shownAt - Math.max(from, recovered));
      }
    }
  }

  healthy.sort((a, b) => a - b);
  const p99 = quantile(healthy, 0.99);
  if (p99 !== null && p99 > HEALTHY_P99_MS) {
    const text = `with nothing broken, one event in a hundred took longer than ${Math.round(p99)} ms to a screen`;
    findings.add({ guarantee: 8, kind: 'late', text, evidence: { measured: healthy.length, p99 } });
  }
  return {
    healthy: { measured: healthy.length, p50: quantile(healthy, 0.5), p99, worst: healthy.at(-1) ?? null },
    worstAfterRecovery,
    worstWithoutRedis,
  };
}

/** When each event was first known to be acknowledged, by its place in the log. */
function acknowledgedAt({ attempts, changes }: History, log: FinalLog): Map<number, number> {
  const at = new Map<number, number>();
  const note = (seq: number | undefined, t: number) => {
    if (seq !== undefined) at.set(seq, Math.min(t, at.get(seq) ?? Number.POSITIVE_INFINITY));
  };
  for (const { answer } of attempts) {
    if (answer?.status === 201 && answer.order) note(log.historyOf(answer.order.number)[0]?.seq, answer.t);
  }
  for (const { change, changed } of changes) {
    if (changed?.status !== 200) continue;
    const version = changed.version ?? change.version + 1;
    note(log.eventOf({ number: change.number, version, status: change.to })?.seq, changed.t);
  }
  return at;
}

interface Arrival {
  seq: number;
  ackAt: number;
  /** Infinity when the desk never showed it. */
  shownAt: number;
}

/** When a desk showed what was acknowledged since it was opened: the row itself, or everything up to its place. */
function* arrivalsAt(
  entries: readonly DeskEntry[],
  acknowledged: ReadonlyMap<number, number>,
  log: FinalLog,
): Generator<Arrival> {
  const rowShownAt = new Map<number, number>();
  let position: number | undefined;
  for (const { entry, to } of followDesk(entries, log)) {
    if (entry.e === 'frame') {
      for (const row of entry.rows ?? []) {
        const seq = log.eventOf(row)?.seq;
        if (seq !== undefined && !rowShownAt.has(seq)) rowShownAt.set(seq, entry.t);
      }
    }
    if (to === undefined) continue;
    // What the page showed when it was opened has not arrived.
    position ??= to;
    for (let seq = position + 1; seq <= to; seq += 1) {
      const ackAt = acknowledged.get(seq);
      if (ackAt !== undefined) yield { seq, ackAt, shownAt: rowShownAt.get(seq) ?? entry.t };
    }
    position = Math.max(position, to);
  }
  if (position === undefined) return;
  for (let seq = position + 1; seq <= log.head; seq += 1) {
    const ackAt = acknowledged.get(seq);
    if (ackAt !== undefined) yield { seq, ackAt, shownAt: rowShownAt.get(seq) ?? Number.POSITIVE_INFINITY };
  }
}

interface Span {
  from: number;
  to: number;
}

/** When a desk's streams were open: from the first word of each until its end. */
function streamsOf(entries: readonly DeskEntry[]): Span[] {
  const streams: Span[] = [];
  let current: Span | undefined;
  for (const entry of entries) {
    if (entry.e === 'open' || entry.e === 'closed') {
      if (current) current.to = entry.t;
      current = undefined;
    } else if (entry.e === 'frame' && entry.by === 'stream' && !current) {
      current = { from: entry.t, to: Number.POSITIVE_INFINITY };
      streams.push(current);
    }
  }
  return streams;
}

/** `t` when a stream was open then, else when the next one was; Infinity when there was none any more. */
function connectedFrom(streams: readonly Span[], t: number): number {
  let low = 0;
  let high = streams.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (streams[middle]!.to > t) high = middle;
    else low = middle + 1;
  }
  return Math.max(t, streams[low]?.from ?? Number.POSITIVE_INFINITY);
}

function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? null;
}

import type { View } from '../../../shared/contracts/status.ts';
import type { ShownRow } from '../history.ts';
import { type FinalLog, PAGE_ROWS } from './final-log.ts';
import type { DeskEntry } from './index-history.ts';

/** A desk right after it was told something. */
export interface DeskStep {
  entry: DeskEntry;
  /** Where the desk stood, and where it claims to stand now: everything up to there is on its screen. */
  from: number | undefined;
  to: number | undefined;
  table: ReadonlyMap<string, ShownRow>;
  /** The rank of the oldest order that the page has a place for. */
  floor: number;
}

/**
 * What a desk has on its screen after each line, worked out anew from what it was told: rows are taken by version,
 * the cursor goes forward only, and not at all from a reset or an update that left rows out until the rows were asked
 * for again.
 */
export function* followDesk(entries: readonly DeskEntry[], log: FinalLog): Generator<DeskStep> {
  let table = new Map<string, ShownRow>();
  let floor = 0;
  let position: number | undefined;
  /** The page lacks rows until it has read them at this place or later. */
  let lacksUpTo = -1;

  const show = (rows: readonly ShownRow[]) => {
    for (const row of rows) if ((table.get(row.number)?.version ?? 0) <= row.version) table.set(row.number, row);
  };
  const advance = (seq: number | undefined) => {
    if (seq !== undefined && position !== undefined && lacksUpTo < 0 && seq > position) position = seq;
  };

  for (const entry of entries) {
    const from = position;
    if (entry.e === 'reload') {
      const seq = log.seqOf(entry.cursor);
      // What came after the answer was made is newer than the answer, and stays.
      const newer = [...table.values()].filter((row) => (log.eventOf(row)?.seq ?? 0) > (seq ?? 0));
      table = new Map();
      show(entry.rows);
      show(newer);
      floor = entry.rows.length < PAGE_ROWS ? 0 : (log.rankOf(entry.rows.at(-1)!.number) ?? 0);
      if (seq !== undefined && seq >= lacksUpTo) lacksUpTo = -1;
      if (seq !== undefined && lacksUpTo < 0) position = Math.max(position ?? 0, seq);
    } else if (entry.e === 'frame') {
      const seq = log.seqOf(entry.cursor);
      show(entry.rows ?? []);
      // Of another epoch, only rows that are read anew can be shown.
      if (seq === undefined || entry.kind === 'reset' || (entry.omitted ?? 0) > 0) {
        lacksUpTo = Math.max(lacksUpTo, seq ?? 0);
      } else {
        advance(seq);
      }
    } else if (entry.e === 'open' && entry.after !== undefined) {
      // Whoever asks for what comes after a place claims to have everything before it.
      advance(log.seqOf(entry.after));
    }
    yield { entry, from, to: position, table, floor };
  }
}

/** The view that a desk looks at. */
export function viewOf(entries: readonly DeskEntry[]): View {
  const open = entries.find((entry) => entry.e === 'open');
  return open?.view ?? 'all';
}

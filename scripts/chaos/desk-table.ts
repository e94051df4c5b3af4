import { type Counts, STATUSES, type Status, type View } from '../../shared/contracts/status.ts';
import type { ShownRow } from './history.ts';

/**
 * An order table without a screen: what web/browser/desk/order-rows.ts and live-state.ts do to the open page, done to
 * a map. Kept as close to those files as maps allow, because the run shows only what such a table would have shown.
 */
export interface DeskTable {
  readonly cursor: string | undefined;
  readonly counts: Counts;
  /** True from the moment rows are known to be missing until all of them were read anew. */
  readonly lacksRows: boolean;
  /** Newest first. */
  rows(): ShownRow[];
  /** The page as it is first opened. */
  open(html: string): void;
  /**
   * A frame of the stream, or the answer of a poll.
   * @param askedAt `performance.now()` of the request, of an answer: rows that changed after it are newer than it
   */
  apply(html: string, askedAt?: number): Applied;
  /** The stream says that the page is current here. */
  moveTo(cursor: string): void;
  rowsAreMissing(): void;
}

export interface Applied {
  /** `all`: the rows were read anew; `news`: some changed, or only the counts. */
  kind: 'all' | 'news';
  cursor: string;
  rows: ShownRow[];
  omitted: number;
  counts: Counts;
  /** Numbers of the orders that nobody at this page had seen before: those that are told, with a sound if asked to. */
  announced: string[];
}

const MAX_OPEN_ROWS = 200;
const MAX_REMEMBERED = 5_000;

interface TableRow extends ShownRow {
  id: number;
  /** It has left the view: an open row is marked, none is inserted. */
  left: boolean;
}

export function openDeskTable(view: View): DeskTable {
  const takesNewOrders = view === 'all' || view === 'en_attente';
  const seen = new Map<number, number>();
  const shown = new Map<number, TableRow>();
  const changedAt = new WeakMap<TableRow, number>();
  let cursor: string | undefined;
  let counts: Counts = { en_attente: 0, en_cours: 0, terminee: 0, annulee: 0 };
  let next: number | undefined;
  let newestAtLoad = 0;
  let olderAtLoad = 0;
  let lacksRows = false;
  let lackingSince = 0;

  function rowsAreMissing(): void {
    lacksRows = true;
    lackingSince = performance.now();
  }

  function remember(id: number, version: number): void {
    seen.delete(id);
    seen.set(id, version);
    if (seen.size <= MAX_REMEMBERED) return;
    const forgotten = seen.keys().next().value as number;
    seen.delete(forgotten);
    newestAtLoad = Math.max(newestAtLoad, forgotten);
  }

  /** @returns whether the order is new to this page */
  function applyRow(row: TableRow): boolean {
    const before = seen.get(row.id);
    if (before !== undefined && row.version < before) return false;
    if (row.version === before && shown.has(row.id)) return false;
    const isNew = row.id > newestAtLoad || (row.version === 1 && row.id > olderAtLoad);
    const isArrival = before === undefined && !row.left && takesNewOrders && isNew;
    remember(row.id, row.version);
    const belongsHere = next === undefined || row.id >= next;
    if (shown.has(row.id) || (!row.left && belongsHere)) {
      shown.set(row.id, row);
      changedAt.set(row, performance.now());
    }
    return isArrival;
  }

  const newestFirst = () => [...shown.values()].sort((a, b) => b.id - a.id);

  function applyMany(rows: readonly TableRow[]): string[] {
    const arrivals = rows.filter(applyRow).map(({ number }) => number);
    const sorted = newestFirst();
    for (const { id } of sorted.slice(MAX_OPEN_ROWS)) shown.delete(id);
    if (sorted.length > MAX_OPEN_ROWS) next = sorted[MAX_OPEN_ROWS - 1]!.id;
    return arrivals;
  }

  function applyAll(
    answer: { cursor: string; next: number | undefined; rows: readonly TableRow[] },
    askedAt: number,
  ): string[] {
    const epochEnded = cursor !== undefined && !sameEpoch(answer.cursor, cursor);
    if (epochEnded) {
      seen.clear();
      shown.clear();
    }
    const present = new Set(answer.rows.map(({ id }) => id));
    for (const [id, row] of shown) if (!present.has(id) && (changedAt.get(row) ?? 0) < askedAt) shown.delete(id);
    next = answer.next;
    const arrivals = applyMany(answer.rows);
    if (epochEnded || isAhead(answer.cursor, cursor)) cursor = answer.cursor;
    // An answer to a question from before the loss does not hold what was lost.
    if (askedAt >= lackingSince) lacksRows = false;
    return arrivals;
  }

  return {
    get cursor() {
      return cursor;
    },
    get counts() {
      return counts;
    },
    get lacksRows() {
      return lacksRows;
    },
    rows: () => newestFirst().map(({ number, version, status }) => ({ number, version, status })),
    open(html) {
      const rows = readRows(html);
      cursor = readAttribute(/id="live-state"[^>]*/, 'data-cursor', html);
      counts = readCounts(html);
      next = Number(readAttribute(/<tbody[^>]*/, 'data-next', html)) || undefined;
      for (const row of rows) {
        shown.set(row.id, row);
        remember(row.id, row.version);
      }
      newestAtLoad = Math.max(0, ...rows.map(({ id }) => id));
      olderAtLoad = next ?? 0;
    },
    apply(html, askedAt = 0) {
      const rows = readRows(html);
      const isAll = html.includes('hx-swap="all-rows"');
      const state = /hx-swap="live">(<p[^>]*>)/.exec(html)?.[1];
      const to = state && readAttribute(/<p[^>]*/, 'data-cursor', state);
      if (!to) throw new Error('an update without its cursor');
      const body = /<tbody[^>]*/;
      const all = {
        cursor: readAttribute(body, 'data-cursor', html) ?? to,
        next: Number(readAttribute(body, 'data-next', html)) || undefined,
        rows,
      };
      const announced = isAll ? applyAll(all, askedAt) : applyMany(rows);
      const omitted = Number(readAttribute(/<p[^>]*/, 'data-omitted', state) ?? 0);
      if (cursor !== undefined && !sameEpoch(to, cursor)) {
        rowsAreMissing();
      } else if (cursor === undefined || !isAhead(cursor, to)) {
        counts = readCounts(html);
        if (omitted > 0) rowsAreMissing();
        else if (!lacksRows) cursor = to;
        for (const placed of readPlaced(html)) {
          if (seen.has(placed.id)) continue;
          remember(placed.id, 1);
          announced.push(placed.number);
        }
      }
      const brought = rows.map(({ number, version, status }) => ({ number, version, status }));
      return { kind: isAll ? 'all' : 'news', cursor: to, rows: brought, omitted, counts: readCounts(html), announced };
    },
    moveTo(to) {
      if (!lacksRows && isAhead(to, cursor)) cursor = to;
    },
    rowsAreMissing,
  };
}

const ROW = /<tr id="order-(\d+)"[^>]*? data-version="(\d+)" data-status="([a-z_]+)" data-number="([^"]+)"[^>]*>/g;

function readRows(html: string): TableRow[] {
  return [...html.matchAll(ROW)].map(([tag, id, version, status, number]) => ({
    id: Number(id),
    version: Number(version),
    status: status as Status,
    number: number as string,
    left: tag.includes(' data-left'),
  }));
}

function readPlaced(html: string): { id: number; number: string }[] {
  return [...html.matchAll(/<i data-placed data-id="(\d+)" data-number="([^"]+)"/g)].map(([, id, number]) => ({
    id: Number(id),
    number: number as string,
  }));
}

/** Counts stand there as people read them, with spaces between the thousands. */
function readCounts(html: string): Counts {
  const shown = new Map(
    [...html.matchAll(/data-count="([a-z_]+)">([^<]*)</g)].map(([, status, text]) => [
      status,
      Number((text as string).replace(/\D/g, '')),
    ]),
  );
  return Object.fromEntries(STATUSES.map((status) => [status, shown.get(status) ?? 0])) as Counts;
}

function readAttribute(tag: RegExp, name: string, html: string): string | undefined {
  const text = tag.exec(html)?.[0] ?? '';
  return new RegExp(`\\s${name}="([^"]*)"`).exec(text)?.[1];
}

/** As in web/browser/desk/cursor.ts, which keeps the cursor in the page itself. */
function isAhead(to: string, from: string | undefined): boolean {
  return from === undefined || (sameEpoch(to, from) && seqOf(to) > seqOf(from));
}

function sameEpoch(one: string, other: string): boolean {
  return one.split('.')[0] === other.split('.')[0];
}

function seqOf(cursor: string): number {
  return Number(cursor.split('.')[1]);
}

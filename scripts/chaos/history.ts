import type { Counts, Status, View } from '../../shared/contracts/status.ts';

// What a chaos run writes down, one JSON object a line, in the order in which it happened to the one process that
// runs everything: `t` is that process's monotonic clock. The checker reads this and nothing else, so a run can be
// judged again by a later checker, and a history can be written by hand to try the checker.

/** Milliseconds since the run began, by one monotonic clock. */
export interface Stamped {
  t: number;
}

export type Entry = Stamped &
  (
    | RunEntry
    | PostEntry
    | AnswerEntry
    | ChangeEntry
    | ChangedEntry
    | OpenEntry
    | FrameEntry
    | ClosedEntry
    | ReloadEntry
    | ReadEntry
    | FaultEntry
    | FinalEntry
  );

/** The first line. */
export interface RunEntry {
  e: 'run';
  seed: number;
  minutes: number;
  /** Products and what was on the shelf at the start; null: not limited. */
  products: { id: number; priceCents: number; stock: number | null }[];
  /** How often a page polls, in seconds. */
  pollSeconds: number;
}

/** An order is sent, or sent again. */
export interface PostEntry {
  e: 'post';
  /** Of this attempt; its answer names it. */
  id: number;
  key: string;
  /** Stands in the order's name too, so that an order is known even when its key is not: one mark, one body. */
  mark: string;
  lines: { productId: number; quantity: number }[];
  /** Which process was asked. */
  to: string;
}

/** What came of a `post`. None at all for an attempt that was still open when the run ended. */
export interface AnswerEntry {
  e: 'answer';
  id: number;
  /** 0: the connection failed or the client's own deadline passed. */
  status: number;
  /** Of a problem. */
  code?: string;
  /** Of a 201. */
  order?: { number: string; token: string; totalCents: number; placedAt: string };
}

/** An admin changes a status. */
export interface ChangeEntry {
  e: 'change';
  id: number;
  number: string;
  to: Status;
  version: number;
}

export interface ChangedEntry {
  e: 'changed';
  id: number;
  status: number;
  code?: string;
  /** Of a 200. */
  version?: number;
}

/** A simulated desk opens its stream. */
export interface OpenEntry {
  e: 'open';
  desk: string;
  view: View;
  /** The cursor it comes back with; undefined: from now on. */
  after?: string;
  /** Which process it asked. */
  to: string;
}

export interface ShownRow {
  number: string;
  version: number;
  status: Status;
}

/** A frame of the stream, or the answer of a poll, applied to a desk's table. */
export interface FrameEntry {
  e: 'frame';
  desk: string;
  by: 'stream' | 'poll';
  /** `rows`: an update, possibly without rows; `head`: the page is proved current; `reset`: its rows are to be asked anew. */
  kind: 'rows' | 'head' | 'reset';
  /** Where the log stood. */
  cursor: string;
  rows?: ShownRow[];
  /** Orders that the update leaves out: the desk asks for its rows anew. */
  omitted?: number;
  /** Counts per status that the frame carries. */
  counts?: Counts;
  /** Rows of this frame that the desk had never seen: those that it announces, with a sound if asked to. */
  announced?: string[];
}

/** The stream ended, by whatever hand. */
export interface ClosedEntry {
  e: 'closed';
  desk: string;
  why: string;
}

/** The desk asked for its rows as a whole: at its start, after a reset, after an update that left rows out. */
export interface ReloadEntry {
  e: 'reload';
  desk: string;
  cursor: string;
  rows: ShownRow[];
  counts: Counts;
}

/** A reader of `GET /events`, apart from the notifiers. */
export interface ReadEntry {
  e: 'read';
  reader: string;
  to: string;
  /** Empty: from the beginning. */
  after: string;
  status: number;
  epoch?: string;
  head?: number;
  events?: LoggedEvent[];
}

export interface LoggedEvent {
  seq: number;
  type: string;
  number: string;
  version: number;
  status: Status;
}

/** A fault begins or has ended (what it broke works again, as far as the one who broke it can tell). */
export interface FaultEntry {
  e: 'fault';
  id: number;
  kind: string;
  /**
   * What is broken. A desk's own name: that desk alone is excused; `redis` anywhere in it: orders may take longer to
   * the screen, as is promised for that; anything else: everybody is excused until it is healed and 10 s are over.
   */
  target: string;
  phase: 'begin' | 'end';
  detail?: string;
}

/** What is in the database after everything was healed and everybody had the time to catch up; the last line. */
export interface FinalEntry {
  e: 'final';
  epoch: string;
  head: number;
  counts: Counts;
  products: { id: number; stock: number | null }[];
  /** By id, the oldest first: tables are sorted by it. */
  orders: {
    number: string;
    token: string;
    mark: string;
    status: Status;
    version: number;
    totalCents: number;
    lines: { productId: number; quantity: number; unitPriceCents: number }[];
  }[];
  events: LoggedEvent[];
  /** Idempotency keys, and the order that each made. */
  keys: { key: string; number: string | null }[];
  /** What each desk shows at the end, newest first. */
  desks: { desk: string; view: View; cursor: string; rows: ShownRow[]; counts: Counts; state: string }[];
}

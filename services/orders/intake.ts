import { HttpProblem } from '../../shared/process/http-problem.ts';
import { expectWait } from './expected-wait.ts';
import type { Placement, PlacementRequest } from './placement.ts';

// Orders wait here while a transaction is in flight, and then go into the next one together: a commit costs the same
// for one order as for a hundred. There is no timer: while nothing is in flight, whatever waits at the end of the turn of
// the event loop goes, so an order that comes alone is placed alone, at once, and of many that are read in one turn the
// first does not take a lane, and a commit, for itself. All state changes happen between awaits; lanes share nothing but
// the queue.
//
// We and the database take turns at the same orders: we read them and put them into words, it writes, we answer. So no
// group takes more than its part of all who are here, and the next is on its way before the last is answered: while the
// database has one half, we have the other. Two groups that set out together also come back together, and then each of
// us waits for the other.

export interface IntakeOptions {
  /** Places a group; never throws; one result for each request, in order. */
  place: (requests: readonly PlacementRequest[]) => Promise<PromiseSettledResult<Placement>[]>;
  /** Groups in flight at a time. Two: the database has one while we have the other. */
  lanes: number;
  maxGroup: number;
  maxQueue: number;
  /** Whoever would wait longer than this for a lane is refused at once: a shopper can come back, a queue cannot. */
  maxWaitMs: number;
  /** After this long a request is answered `timeout`, wherever its order is by then. */
  deadlineMs: number;
  /** The monotonic clock, in milliseconds; another one for tests. */
  now?: () => number;
}

export const INTAKE_DEFAULTS = {
  lanes: 2,
  maxGroup: 128,
  maxQueue: 2_000,
  maxWaitMs: 1_000,
  deadlineMs: 8_000,
} as const;

/** So many are shared out among the lanes. Fewer are not worth another commit. */
const WORTH_SHARING = 16;

/**
 * Shoppers who were answered together come again together, but over many turns of the loop. While a group is in flight,
 * one that has not its part yet is waited with until so many turns, some microseconds each, have brought nobody.
 */
const QUIET_TURNS = 8;

export interface Intake {
  /**
   * @throws {HttpProblem} `overloaded` when the queue is full or too slow (nothing was done); `timeout` when the answer took too
   * long (the order may yet be placed; a repeat with the same key tells); whatever `place` rejected it with
   */
  submit(request: PlacementRequest): Promise<Placement>;
  /** Requests that wait for a lane. */
  depth(): number;
  /** Groups in flight. */
  busy(): number;
  /** Returns once nothing waits and nothing is in flight. */
  drained(): Promise<void>;
}

interface Waiting {
  request: PlacementRequest;
  resolve: (placement: Placement) => void;
  reject: (reason: unknown) => void;
  timer: NodeJS.Timeout;
}

export function createIntake(options: IntakeOptions): Intake {
  const queue = new Set<Waiting>();
  let busy = 0;
  let idle: (() => void)[] = [];
  const now = options.now ?? (() => performance.now());
  const wait = expectWait(options);

  /** A group's worth may always wait: it goes as one, so turning it away would make nobody's wait shorter. */
  const isFull = () =>
    queue.size >= options.maxQueue || (queue.size >= options.maxGroup && wait.behind(queue.size) > options.maxWaitMs);

  let inFlight = 0;
  let seen = 0;
  let quietTurns = 0;
  const isBurstOver = () => {
    quietTurns = queue.size === seen ? quietTurns + 1 : 0;
    seen = queue.size;
    return quietTurns >= QUIET_TURNS;
  };

  let isDue = false;
  const pumpSoon = () => {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      pump();
    });
  };
  /** @param returning how many are about to be answered, and may come again */
  const pump = (returning = 0) => {
    while (busy < options.lanes && queue.size > 0) {
      const all = queue.size + inFlight + returning;
      const part = Math.min(all < WORTH_SHARING ? all : Math.ceil(all / options.lanes), options.maxGroup);
      const mayGather = busy > 0 && queue.size < part;
      if (mayGather && !isBurstOver()) {
        pumpSoon();
        return;
      }
      seen = 0;
      quietTurns = 0;
      const group = firstOf(queue, part);
      for (const waiting of group) queue.delete(waiting);
      busy += 1;
      inFlight += group.length;
      void run(group);
    }
    if (busy === 0) {
      for (const resolve of idle) resolve();
      idle = [];
    }
  };

  const run = async (group: readonly Waiting[]) => {
    const startMs = now();
    const results = await options.place(group.map(({ request }) => request));
    wait.note(now() - startMs);
    busy -= 1;
    inFlight -= group.length;
    if (queue.size > 0) pump(group.length);
    for (const [i, waiting] of group.entries()) {
      clearTimeout(waiting.timer);
      const result = results[i]!;
      if (result.status === 'fulfilled') waiting.resolve(result.value);
      else waiting.reject(result.reason);
    }
    pumpSoon();
  };

  return {
    depth: () => queue.size,
    busy: () => busy,
    submit(request) {
      if (isFull()) {
        return Promise.reject(new HttpProblem(503, 'overloaded', { retryAfterSeconds: 1 }));
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          // Whoever still waits for a lane is taken out and surely not placed; in a group it goes on.
          queue.delete(waiting);
          reject(new HttpProblem(504, 'timeout', { detail: 'Repeat with the same key: it never orders twice.' }));
        }, options.deadlineMs);
        const waiting: Waiting = { request, resolve, reject, timer };
        queue.add(waiting);
        pumpSoon();
      });
    },
    drained: () =>
      new Promise((resolve) => {
        idle.push(resolve);
        pumpSoon();
      }),
  };
}

function firstOf<T>(set: ReadonlySet<T>, count: number): T[] {
  const first: T[] = [];
  for (const item of set) {
    if (first.length === count) break;
    first.push(item);
  }
  return first;
}

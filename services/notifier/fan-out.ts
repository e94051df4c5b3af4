import { type Cursor, formatCursor } from '../../shared/contracts/cursor.ts';
import type { OrderEvent } from '../../shared/contracts/event.ts';
import { VIEWS } from '../../shared/contracts/status.ts';
import { PAGE_ROWS } from '../../web/fragments/live-update.tsx';
import type { Audience } from './audience.ts';
import type { EventLog } from './event-log.ts';
import { eachInSlices } from './in-slices.ts';
import type { Limits } from './limits.ts';
import type { NotifierMetrics } from './metrics.ts';
import type { RenderFrames } from './render-frames.ts';
import { headFrame, placeFrame, resetFrame } from './sse-frame.ts';
import type { Subscriber } from './subscriber.ts';

/**
 * Of the time that a flush took, how long fan-out rests after it. Longer rests make larger flushes and rows that are
 * later: with 1,000 streams and 100 orders a second, a whole instead of a half costs a median row 3 ms, and 9 at p99.
 */
const REST = 0.5;

/**
 * Brings the log to everybody who listens: one rendering and one encoding a flush and view, the same bytes for all.
 *
 * How it stays right:
 * - Everything that is written to more than one subscriber is a *pass*, and there is one pass at a time. A pass may
 *   give the event loop a turn in its middle, so heartbeats are passes too: no subscriber is told a cursor before
 *   the frame that leads there.
 * - `position` is the cursor that subscribers have been brought to, or are being brought to by the pass under way.
 *   Whoever joins is caught up to exactly there, and notes the pass: this pass leaves it out, the next one begins
 *   where it stands. So nothing is missed and nothing comes twice (but to a page that was ahead of `position` when it
 *   came: the next frame repeats what it shows, and pages pass over what they have).
 * - The window between flushes finds itself: at once when idle, with all that the same packet brought; after a flush
 *   that took d ms the next starts no sooner than d / 2 ms later (fan-out uses at most two thirds of the loop), and no
 *   later than `coalesceMs`.
 * - A flush brings one page of rows at most, so its work is bounded whatever the rate. What has come beyond that is the
 *   next flush's, and nothing is left out while pages follow as fast as rows do. Once subscribers are further behind
 *   than anybody is caught up row by row, one frame takes them to the head: the newest page, and how many rows it lacks.
 */
export class FanOut {
  readonly #log: EventLog;
  readonly #audience: Audience;
  readonly #render: RenderFrames;
  readonly #limits: Limits;
  readonly #metrics: NotifierMetrics;
  readonly #isCurrent: () => boolean;
  #position = 0;
  #pass = 0;
  #isPassing = false;
  #resetDue = false;
  #notBeforeMs = 0;
  /** For the window to end. */
  #waiting: Disposable | undefined;

  constructor(options: {
    log: EventLog;
    audience: Audience;
    render: RenderFrames;
    limits: Limits;
    metrics: NotifierMetrics;
    isCurrent: () => boolean;
  }) {
    this.#log = options.log;
    this.#audience = options.audience;
    this.#render = options.render;
    this.#limits = options.limits;
    this.#metrics = options.metrics;
    this.#isCurrent = options.isCurrent;
  }

  /** The seq that a new subscriber has to be caught up to. */
  get position(): number {
    return this.#position;
  }

  /** The pass that a new subscriber is no part of. */
  get pass(): number {
    return this.#pass;
  }

  /** The log has grown. */
  wake(): void {
    if (this.#isPassing || this.#waiting || (!this.#resetDue && this.#log.head === this.#position)) return;
    if (this.#audience.all.size === 0) {
      this.#resetDue = false;
      this.#position = this.#log.head;
      return;
    }
    const waitMs = this.#notBeforeMs - performance.now();
    if (waitMs <= 0) {
      void this.#flush();
      return;
    }
    const flush = () => {
      this.#waiting = undefined;
      void this.#flush();
    };
    // No timer ends within a millisecond; one turn of the loop is what so short a window is for.
    this.#waiting = waitMs < 1 ? setImmediate(flush) : setTimeout(flush, waitMs);
  }

  /** The log was started again: everybody is told to refetch. Whoever joins from now on starts from the new log. */
  reset(): void {
    this.#resetDue = true;
    this.#position = this.#log.head;
    this.wake();
  }

  /** Proves the page current to each subscriber that has heard nothing for `heartbeatMs`. Left to the next tick when busy. */
  async beat(nowMs: number): Promise<void> {
    if (this.#isPassing || this.#waiting || this.#log.epoch === undefined) return;
    const quietSince = nowMs - this.#limits.heartbeatMs;
    const cursor = formatCursor({ epoch: this.#log.epoch, seq: this.#position });
    const frame = this.proof(cursor);
    await this.#inPass((deliver) =>
      eachInSlices(this.#audience.all, this.#limits.sliceMs, (subscriber) => {
        if (subscriber.writtenAtMs <= quietSince) deliver(subscriber, frame);
      }),
    );
    this.wake();
  }

  /** What may be said to a page that has seen everything up to `cursor`: that it is current, when that is known. */
  proof(cursor: string): Buffer {
    return this.#isCurrent() ? headFrame(cursor) : placeFrame(cursor);
  }

  close(): void {
    this.#waiting?.[Symbol.dispose]();
  }

  async #flush(): Promise<void> {
    this.#isPassing = true;
    // Messages that came in one packet are heard one after the other; a moment later, all of them have been.
    await undefined;
    const events = this.#resetDue ? undefined : this.#nextEvents();
    this.#resetDue = false;
    this.#position = events?.at(-1)?.seq ?? this.#log.head;
    const cursor = { ...this.#log.cursor, seq: this.#position };
    const usedMs = await this.#inPass((deliver) =>
      events ? this.#sendUpdate(deliver, events, cursor) : this.#sendReset(deliver, cursor),
    );
    this.#metrics.flushSeconds.observe(usedMs / 1000);
    this.#notBeforeMs = performance.now() + Math.min(usedMs * REST, this.#limits.coalesceMs);
    this.wake();
  }

  /** What the next flush brings; undefined when the log in memory no longer reaches back to `position`. */
  #nextEvents(): readonly OrderEvent[] | undefined {
    const isFarBehind = this.#log.head - this.#position > this.#limits.catchUpEvents;
    // No event touches more than one row.
    return this.#log.between(this.#position, isFarBehind ? this.#log.head : this.#position + PAGE_ROWS);
  }

  async #inPass(send: (deliver: Deliver) => Promise<number>): Promise<number> {
    this.#isPassing = true;
    this.#pass += 1;
    const pass = this.#pass;
    const nowMs = performance.now();
    try {
      return await send((subscriber, frame) => {
        if (subscriber.joinedPass < pass) subscriber.write(frame, nowMs);
      });
    } finally {
      this.#isPassing = false;
    }
  }

  async #sendUpdate(deliver: Deliver, events: readonly OrderEvent[], cursor: Cursor): Promise<number> {
    let usedMs = 0;
    for (const view of VIEWS) {
      const audience = this.#audience.views[view];
      if (audience.size === 0) continue;
      const startMs = performance.now();
      const frame = this.#render.update(view, events, formatCursor(cursor));
      usedMs += performance.now() - startMs;
      usedMs += await eachInSlices(audience, this.#limits.sliceMs, (subscriber) => deliver(subscriber, frame));
    }
    for (const event of events) {
      // A link may be open in a few windows, never in many: this needs no slices.
      const audience = this.#audience.shoppers.get(event.shopperKey);
      if (!audience) continue;
      const frame = this.#render.shopper(event, formatCursor({ epoch: cursor.epoch, seq: event.seq }));
      for (const subscriber of audience) deliver(subscriber, frame);
    }
    return usedMs;
  }

  async #sendReset(deliver: Deliver, cursor: Cursor): Promise<number> {
    this.#metrics.resets.inc();
    const frame = resetFrame(formatCursor(cursor));
    return eachInSlices(this.#audience.all, this.#limits.sliceMs, (subscriber) => deliver(subscriber, frame));
  }
}

type Deliver = (subscriber: Subscriber, frame: Buffer) => void;

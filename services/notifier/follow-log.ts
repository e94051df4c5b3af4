import type { LogMessage, OrderEvent } from '../../shared/contracts/event.ts';
import type { Logger } from '../../shared/process/log.ts';
import type { EventLog } from './event-log.ts';
import type { Limits } from './limits.ts';
import type { NotifierMetrics } from './metrics.ts';
import type { LogSource } from './read-log.ts';

/** As many events as orders gives out in one page. */
const PAGE_EVENTS = 500;

/**
 * Keeps the log in memory equal to the log in the database, whatever the channel does to messages.
 *
 * Redis is a wake-up and not a truth: a message is taken only when it continues the log; anything else makes us
 * read what is missing from orders. How it stays right:
 * - `wanted` is the highest seq that anybody named. While the head is below it, something is missing: messages of
 *   different orders processes overtake each other, so we wait `earlyMs`, and then read.
 * - At most one read is in flight, and it goes on until the head has reached `wanted` or the log says that there
 *   is no such event. A read that failed is tried again, after at most a second.
 * - Another epoch, a cursor the log refuses, or more missing than a page can be caught up with: start again from
 *   the log's tail and say so (`onReset`).
 */
export class LogFollower {
  readonly #log: EventLog;
  readonly #source: LogSource;
  readonly #limits: Limits;
  readonly #metrics: NotifierMetrics;
  readonly #logger: Logger;
  readonly #onEvents: () => void;
  readonly #onReset: () => void;
  #wanted = 0;
  #early: { epoch: string; events: readonly OrderEvent[] }[] = [];
  #earlyTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #reading: Promise<boolean> | undefined;
  #failures = 0;
  #provenAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: {
    log: EventLog;
    source: LogSource;
    limits: Limits;
    metrics: NotifierMetrics;
    logger: Logger;
    /** The head has moved on. */
    onEvents: () => void;
    /** The log was started again from its tail: what subscribers have does not lead to what is here. */
    onReset: () => void;
  }) {
    this.#log = options.log;
    this.#source = options.source;
    this.#limits = options.limits;
    this.#metrics = options.metrics;
    this.#logger = options.logger;
    this.#onEvents = options.onEvents;
    this.#onReset = options.onReset;
  }

  /** True when the head in memory was lately known to be the head of the log: only then may a page be told so. */
  isCurrent(): boolean {
    return this.#log.head >= this.#wanted && performance.now() - this.#provenAtMs < this.#limits.provenMs;
  }

  /** True while the log's head can be learned at all, by Redis or by reading. */
  isInTouch(): boolean {
    return performance.now() - this.#provenAtMs < 2 * this.#limits.provenMs;
  }

  /** Takes what came over the channel. */
  receive(message: LogMessage): void {
    if (this.#closed) return;
    if (message.epoch !== this.#log.epoch) {
      // Either the epoch is new or the sender is old: the log knows which.
      this.#keep(message);
      if (this.#log.epoch !== undefined) void this.catchUp();
      return;
    }
    const last = 'events' in message ? (message.events.at(-1) as OrderEvent).seq : message.head;
    this.#wanted = Math.max(this.#wanted, last);
    if ('events' in message && this.#take(message.events)) {
      this.#takeEarly();
      this.#onEvents();
    } else if (last > this.#log.head) {
      this.#keep(message);
    }
    if (this.#log.head >= this.#wanted) this.#provenAtMs = performance.now();
    else this.#earlyTimer ??= setTimeout(() => this.#lookForGap(), this.#limits.earlyMs);
  }

  /**
   * Reads from orders what is missing here; a read already under way is shared.
   * @returns whether the log answered
   */
  catchUp(): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    this.#reading ??= this.#readMissing().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Like `catchUp`, by a read that begins only now: it sees everything that was committed before this call. */
  async catchUpFromNow(): Promise<boolean> {
    await this.#reading;
    return this.catchUp();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#earlyTimer);
    clearTimeout(this.#retryTimer);
  }

  #lookForGap(): void {
    this.#earlyTimer = undefined;
    if (this.#log.head < this.#wanted) void this.catchUp();
  }

  async #readMissing(): Promise<boolean> {
    try {
      do await this.#readOnce();
      while (this.#log.head < this.#wanted && !this.#closed);
      if (this.#failures > 0) this.#logger.info({ failures: this.#failures }, 'the event log answers again');
      this.#failures = 0;
      return true;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1) this.#logger.warn({ err: error }, 'the event log could not be read');
      clearTimeout(this.#retryTimer);
      const pauseMs = Math.min(1000, 50 * 2 ** this.#failures) * (0.5 + Math.random() / 2);
      if (!this.#closed) this.#retryTimer = setTimeout(() => void this.catchUp(), pauseMs);
      return false;
    }
  }

  async #readOnce(): Promise<void> {
    if (this.#log.epoch === undefined) return this.#startFromTail();
    const wantedBefore = this.#wanted;
    const page = await this.#source.after(this.#log.cursor, PAGE_EVENTS);
    const missing = page ? page.head - this.#log.head : 0;
    if (page?.epoch !== this.#log.epoch || missing > this.#limits.catchUpEvents) return this.#startFromTail();
    // What was kept of another epoch came from a sender that is behind the log.
    this.#early = this.#early.filter(({ epoch }) => epoch === page.epoch);
    const took = this.#take(page.events);
    if (took) {
      this.#metrics.gapsRepaired.inc();
      this.#takeEarly();
      this.#onEvents();
    } else if (missing > 0 && this.#log.head < page.head) {
      throw new Error('orders left out events that it says there are');
    }
    // Nothing was named while we read, and the log has no more: whoever named more was wrong.
    if (this.#wanted === wantedBefore && page.head < this.#wanted) this.#wanted = this.#log.head;
    if (this.#log.head >= this.#wanted) this.#provenAtMs = performance.now();
  }

  async #startFromTail(): Promise<void> {
    const tail = await this.#source.tail(this.#limits.catchUpEvents);
    const isFirst = this.#log.epoch === undefined;
    this.#log.replace(tail);
    this.#early = this.#early.filter(({ epoch }) => epoch === tail.epoch);
    this.#wanted = Math.max(tail.head, ...this.#early.map(({ events }) => (events.at(-1) as OrderEvent).seq));
    this.#takeEarly();
    this.#provenAtMs = performance.now();
    this.#logger.info({ epoch: tail.epoch, head: tail.head, events: tail.events.length }, 'read the tail of the log');
    if (isFirst) this.#onEvents();
    else this.#onReset();
  }

  #keep(message: LogMessage): void {
    // Past the bound the message is let go: the read of the log brings what it held.
    if ('events' in message && this.#early.length < this.#limits.earlyMessages) this.#early.push(message);
  }

  #takeEarly(): void {
    while (this.#early.some(({ epoch, events }) => epoch === this.#log.epoch && this.#take(events)));
    this.#early = this.#early.filter(
      ({ epoch, events }) => epoch !== this.#log.epoch || (events.at(-1) as OrderEvent).seq > this.#log.head,
    );
  }

  /** Takes those events that continue the log; false when there were none. Whatever is known already is passed over. */
  #take(events: readonly OrderEvent[]): boolean {
    const fresh = events.filter(({ seq }) => seq > this.#log.head);
    if (fresh.length === 0 || fresh[0]?.seq !== this.#log.head + 1) return false;
    this.#log.append(fresh);
    this.#metrics.eventsReceived.inc(fresh.length);
    return true;
  }
}

import type { Cursor } from '../../shared/contracts/cursor.ts';
import type { OrderEvent } from '../../shared/contracts/event.ts';
import { withoutCustomer } from '../../shared/contracts/order.ts';
import type { Limits } from './limits.ts';

/** The end of the event log: what a notifier starts from, and starts again from after a jump. */
export interface LogTail {
  epoch: string;
  /** Seq of the newest event; `events` are the last ones up to and including it, without a hole. */
  head: number;
  events: readonly OrderEvent[];
}

/**
 * The newest events in memory, dense and in commit order, bounded in number and in bytes.
 *
 * Whoever takes events from here gets all of them or is told that some are gone: never a part.
 */
export class EventLog {
  #epoch: string | undefined;
  #head = 0;
  #events: OrderEvent[] = [];
  #sizes: number[] = [];
  #bytes = 0;
  readonly #limits: Pick<Limits, 'ringEvents' | 'ringBytes'>;

  constructor(limits: Pick<Limits, 'ringEvents' | 'ringBytes'>) {
    this.#limits = limits;
  }

  /** Undefined until the log was read once. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  get head(): number {
    return this.#head;
  }

  get cursor(): Cursor {
    if (this.#epoch === undefined) throw new Error('the log has not been read yet');
    return { epoch: this.#epoch, seq: this.#head };
  }

  /** Forgets everything and starts from this tail: after a start, a jump, or a change of epoch. */
  replace(tail: LogTail): void {
    this.#epoch = tail.epoch;
    this.#head = tail.head - tail.events.length;
    this.#events = [];
    this.#sizes = [];
    this.#bytes = 0;
    this.append(tail.events);
    if (this.#head !== tail.head) throw new Error('a tail must end with its head');
  }

  /**
   * Adds events that follow on from the head.
   * @throws when they leave a hole: whoever calls has to have looked
   */
  append(events: readonly OrderEvent[]): void {
    for (const event of events) {
      if (event.seq !== this.#head + 1) throw new Error(`event ${event.seq} does not follow ${this.#head}`);
      this.#head = event.seq;
      const size = roughBytes(event);
      this.#events.push(event);
      this.#sizes.push(size);
      this.#bytes += size;
      if (event.order.erasedAt) this.#forgetCustomer(event.order.id, event.order.erasedAt);
    }
    this.#trim();
  }

  /**
   * The events after one seq up to and including another (the head unless told), oldest first.
   * Undefined when some of them are no longer here.
   */
  between(after: number, upTo = this.#head): readonly OrderEvent[] | undefined {
    const floor = this.#head - this.#events.length;
    if (after < floor) return undefined;
    return this.#events.slice(after - floor, Math.max(upTo, after) - floor);
  }

  /** A customer was erased: whoever is caught up from here must not be shown them again. */
  #forgetCustomer(orderId: number, erasedAt: string): void {
    for (const [i, event] of this.#events.entries()) {
      if (event.order.id !== orderId || event.order.erasedAt) continue;
      this.#events[i] = { ...event, order: withoutCustomer(event.order, erasedAt) };
    }
  }

  #trim(): void {
    let gone = 0;
    while (
      this.#events.length - gone > this.#limits.ringEvents ||
      (this.#bytes > this.#limits.ringBytes && gone < this.#events.length)
    ) {
      this.#bytes -= this.#sizes[gone] as number;
      gone += 1;
    }
    if (gone === 0) return;
    this.#events.splice(0, gone);
    this.#sizes.splice(0, gone);
  }
}

/** What an event holds in memory, within a factor of two; text in V8 takes one or two bytes a character. */
function roughBytes(event: OrderEvent): number {
  let bytes = 1500 + 2 * (event.order.notes?.length ?? 0);
  for (const line of event.order.lines) bytes += 120 + 2 * line.name.length;
  return bytes;
}

import { parseCursor } from '../../../shared/contracts/cursor.ts';
import { type Counts, isInView, type View } from '../../../shared/contracts/status.ts';
import type { LoggedEvent, ShownRow } from '../history.ts';
import type { EntryOf } from './index-history.ts';

/** As many rows as a page of the order table asks for (PAGE_ROWS of web/fragments/live-update.tsx). */
export const PAGE_ROWS = 50;

const NO_ORDERS: Counts = { en_attente: 0, en_cours: 0, terminee: 0, annulee: 0 };

/**
 * The log that was in the database at the end, as the truth about every earlier moment: what an order, a page and
 * the counts were at each place in it.
 */
export class FinalLog {
  readonly epoch: string;
  readonly head: number;
  readonly events: readonly LoggedEvent[];
  readonly #bySeq: Map<number, LoggedEvent>;
  readonly #byOrder = new Map<string, LoggedEvent[]>();
  readonly #countsBySeq = new Map<number, Counts>();
  /** Numbers by id, oldest first, and the place of each. */
  readonly #numbers: readonly string[];
  readonly #ranks: Map<string, number>;

  constructor(final: EntryOf<'final'>) {
    this.epoch = final.epoch;
    this.head = final.head;
    this.events = final.events;
    this.#bySeq = new Map(final.events.map((event) => [event.seq, event]));
    this.#numbers = final.orders.map(({ number }) => number);
    this.#ranks = new Map(this.#numbers.map((number, rank) => [number, rank]));
    let counts = NO_ORDERS;
    for (const event of final.events) {
      const own = this.#byOrder.get(event.number);
      const before = own?.at(-1);
      counts = { ...counts };
      if (before) counts[before.status] -= 1;
      counts[event.status] += 1;
      this.#countsBySeq.set(event.seq, counts);
      if (own) own.push(event);
      else this.#byOrder.set(event.number, [event]);
    }
  }

  /** The place that a cursor names; undefined when it is of another epoch. */
  seqOf(cursor: string): number | undefined {
    const parsed = parseCursor(cursor);
    return parsed?.epoch === this.epoch ? parsed.seq : undefined;
  }

  event(seq: number): LoggedEvent | undefined {
    return this.#bySeq.get(seq);
  }

  /** What happened to an order, oldest first. */
  historyOf(number: string): readonly LoggedEvent[] {
    return this.#byOrder.get(number) ?? [];
  }

  /** The event that made an order what this row says it is; undefined when it never was that. */
  eventOf(row: ShownRow): LoggedEvent | undefined {
    return this.historyOf(row.number).find(({ version, status }) => version === row.version && status === row.status);
  }

  /** What an order was at a place in the log; undefined before it was placed. */
  orderAt(number: string, seq: number): LoggedEvent | undefined {
    const history = this.historyOf(number);
    let latest: LoggedEvent | undefined;
    for (const event of history) {
      if (event.seq > seq) break;
      latest = event;
    }
    return latest;
  }

  countsAt(seq: number): Counts {
    return seq === 0 ? NO_ORDERS : (this.#countsBySeq.get(seq) ?? NO_ORDERS);
  }

  /** The place of an order in every table, newest highest; undefined when there is no such order. */
  rankOf(number: string): number | undefined {
    return this.#ranks.get(number);
  }

  /** What the table showed to somebody who asked for it at this place, newest first. */
  pageAt(view: View, seq: number, limit = PAGE_ROWS): LoggedEvent[] {
    const page: LoggedEvent[] = [];
    for (let rank = this.#numbers.length - 1; rank >= 0 && page.length < limit; rank -= 1) {
      const number = this.#numbers[rank]!;
      if ((this.historyOf(number)[0]?.seq ?? Number.POSITIVE_INFINITY) > seq) continue;
      const order = this.orderAt(number, seq);
      if (order && isInView(view, order.status)) page.push(order);
    }
    return page;
  }
}

export function isSameRow(one: ShownRow, other: ShownRow): boolean {
  return one.number === other.number && one.version === other.version && one.status === other.status;
}

/** A row for people to read: `CMD-… v2 en_cours`. */
export function rowText({ number, version, status }: ShownRow): string {
  return `${number} v${version} ${status}`;
}

export function isSameCounts(one: Counts, other: Counts): boolean {
  return (Object.keys(NO_ORDERS) as (keyof Counts)[]).every((status) => one[status] === other[status]);
}

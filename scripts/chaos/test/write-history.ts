import { type Counts, isInView, type Status, type View } from '../../../shared/contracts/status.ts';
import { PAGE_ROWS } from '../check/final-log.ts';
import type { Entry, FinalEntry, LoggedEvent, ShownRow } from '../history.ts';

const EPOCH = 'wxyz';
const PRICE_CENTS = 250;
/** The first is not limited. */
export const PRODUCTS = [
  { id: 1, priceCents: PRICE_CENTS, stock: null },
  { id: 2, priceCents: PRICE_CENTS, stock: 1000 },
] as const;

interface Desk {
  view: View;
  /** Where its table stands, and where its stream does: neither knows what the other has brought. */
  position: number;
  streamed: number;
  shown: Set<string>;
}

type OneOrder = FinalEntry['orders'][number] & { id: number };

/** A system that keeps every promise, and writes down what it does: the histories that the checker must find green. */
export class HistoryWriter {
  readonly entries: Entry[] = [];
  readonly orders = new Map<string, OneOrder>();
  readonly events: LoggedEvent[] = [];
  readonly #desks = new Map<string, Desk>();
  readonly #keys: FinalEntry['keys'] = [];
  readonly #stock = new Map<number, number | null>(PRODUCTS.map(({ id, stock }) => [id, stock]));
  #t = 0;
  #ids = 0;
  #read = 0;

  constructor() {
    this.entries.push({ e: 'run', t: 0, seed: 1, minutes: 1, products: [...PRODUCTS], pollSeconds: 30 });
  }

  get head(): number {
    return this.events.length;
  }

  wait(ms: number): void {
    this.#t += ms;
  }

  /** An order that is answered; sent `times` over, each with the same answer. `id`: its place in tables. */
  place(
    options: { productId?: number; quantity?: number; times?: number; answered?: boolean; id?: number } = {},
  ): string {
    const { productId = 1, quantity = 1, times = 1, answered = true } = options;
    this.#ids += 1;
    const n = this.#ids;
    const order: OneOrder = {
      id: options.id ?? n,
      number: `CMD-20251126-${String(n).padStart(6, '0')}`,
      token: `token-${n}`,
      mark: `mark-${n}`,
      status: 'en_attente',
      version: 1,
      totalCents: PRICE_CENTS * quantity,
      lines: [{ productId, quantity, unitPriceCents: PRICE_CENTS }],
    };
    this.orders.set(order.number, order);
    this.#keys.push({ key: `key-${n}`, number: order.number });
    this.#take(productId, -quantity);
    this.#log('order.placed', order);
    for (let time = 0; time < times; time += 1) {
      const id = n * 100 + time;
      this.send(id, n, productId, quantity);
      if (!answered) continue;
      const { number, token, totalCents } = order;
      const told = { number, token, totalCents, placedAt: '2025-11-26T10:00:00.000Z' };
      this.entries.push({ e: 'answer', t: this.#tick(), id, status: 201, order: told });
    }
    return order.number;
  }

  /** An order that is refused, and is nowhere. */
  refuse(status: number, code: string, options: { productId?: number; quantity?: number } = {}): void {
    this.#ids += 1;
    const id = this.#ids * 100;
    this.send(id, this.#ids, options.productId ?? 1, options.quantity ?? 1);
    this.entries.push({ e: 'answer', t: this.#tick(), id, status, code });
  }

  send(id: number, n: number, productId: number, quantity: number): void {
    const lines = [{ productId, quantity }];
    this.entries.push({ e: 'post', t: this.#tick(), id, key: `key-${n}`, mark: `mark-${n}`, lines, to: 'orders-0' });
  }

  change(number: string, to: Status): void {
    const order = this.orders.get(number)!;
    const id = 1_000_000 + this.head;
    this.entries.push({ e: 'change', t: this.#tick(), id, number, to, version: order.version });
    order.version += 1;
    order.status = to;
    if (to === 'annulee') for (const line of order.lines) this.#take(line.productId, line.quantity);
    this.#log('order.status_changed', order);
    this.entries.push({ e: 'changed', t: this.#tick(), id, status: 200, version: order.version });
  }

  /** A desk loads its page and opens its stream. */
  open(desk: string, view: View = 'all'): void {
    this.#desks.set(desk, { view, position: 0, streamed: this.head, shown: new Set() });
    this.reload(desk);
    this.reopen(desk);
  }

  reload(desk: string): void {
    const { view, shown } = this.#desks.get(desk)!;
    const rows = this.#page(view);
    for (const { number } of rows) shown.add(number);
    this.#desks.get(desk)!.position = this.head;
    const { cursor, counts } = this.#place();
    this.entries.push({ e: 'reload', t: this.#tick(), desk, cursor, rows, counts });
  }

  close(desk: string): void {
    this.entries.push({ e: 'closed', t: this.#tick(), desk, why: 'cut' });
  }

  /** The stream is open again from where it stood, and says at once what was missed. */
  reopen(desk: string): void {
    const { view, streamed } = this.#desks.get(desk)!;
    this.entries.push({ e: 'open', t: this.#tick(), desk, view, after: `${EPOCH}.${streamed}`, to: 'notifier-0' });
    this.tell(desk);
    this.beat(desk);
  }

  /** A frame with everything that the desk's view has missed. */
  tell(desk: string, by: 'stream' | 'poll' = 'stream'): void {
    const state = this.#desks.get(desk)!;
    const missed = this.events.slice(by === 'stream' ? state.streamed : state.position);
    if (missed.length === 0) return;
    const touched = new Map<string, ShownRow>();
    for (const { number, version, status } of missed) {
      const before = this.events.findLast((event) => event.number === number && event.version === version - 1);
      const concerns = isInView(state.view, status) || (before && isInView(state.view, before.status));
      if (concerns || touched.has(number)) touched.set(number, { number, version, status });
    }
    const rows = [...touched.values()].sort((a, b) => this.#idOf(b.number) - this.#idOf(a.number));
    const announced = rows.filter(({ number }) => !state.shown.has(number)).map(({ number }) => number);
    for (const { number } of rows) state.shown.add(number);
    state.position = this.head;
    if (by === 'stream') state.streamed = this.head;
    this.entries.push({
      e: 'frame',
      t: this.#tick(),
      desk,
      by,
      kind: 'rows',
      rows,
      omitted: 0,
      announced,
      ...this.#place(),
    });
  }

  beat(desk: string): void {
    const cursor = `${EPOCH}.${this.#desks.get(desk)!.streamed}`;
    this.entries.push({ e: 'frame', t: this.#tick(), desk, by: 'stream', kind: 'head', cursor });
  }

  reset(desk: string): void {
    const { cursor } = this.#place();
    this.#desks.get(desk)!.streamed = this.head;
    this.entries.push({ e: 'frame', t: this.#tick(), desk, by: 'stream', kind: 'reset', cursor });
    this.reload(desk);
  }

  /** The reader is given what follows on what it has. */
  read(limit = 500): void {
    const after = this.#read;
    const events = this.events.slice(after, after + limit);
    this.#read += events.length;
    const entry = {
      e: 'read',
      reader: 'reader-0',
      to: 'orders-0',
      status: 200,
      epoch: EPOCH,
      head: this.head,
    } as const;
    this.entries.push({ ...entry, t: this.#tick(), after: after === 0 ? '' : `${EPOCH}.${after}`, events });
  }

  fault(id: number, target: string, lastsMs: number): void {
    const entry = { e: 'fault', id, kind: 'kill', target } as const;
    this.entries.push({ ...entry, t: this.#tick(), phase: 'begin' });
    this.wait(lastsMs);
    this.entries.push({ ...entry, t: this.#tick(), phase: 'end' });
  }

  /** Brings every desk up to date and writes the last line. */
  end(): Entry[] {
    for (const desk of this.#desks.keys()) this.tell(desk);
    const byId = [...this.orders.values()].sort((a, b) => a.id - b.id);
    this.wait(60_000);
    this.entries.push({
      e: 'final',
      t: this.#tick(),
      epoch: EPOCH,
      head: this.head,
      counts: this.#place().counts,
      products: [...this.#stock].map(([id, stock]) => ({ id, stock })),
      orders: byId.map(({ id: _, ...order }) => ({ ...order })),
      events: this.events,
      keys: this.#keys,
      desks: [...this.#desks].map(([desk, { view }]) => {
        return { desk, view, rows: this.#page(view), state: 'live', ...this.#place() };
      }),
    });
    return this.entries;
  }

  #tick(): number {
    this.#t += 1;
    return this.#t;
  }

  #idOf(number: string): number {
    return this.orders.get(number)!.id;
  }

  #take(productId: number, change: number): void {
    const stock = this.#stock.get(productId);
    if (typeof stock === 'number') this.#stock.set(productId, stock + change);
  }

  #log(type: string, { number, version, status }: OneOrder): void {
    this.events.push({ seq: this.head + 1, type, number, version, status });
  }

  #place(): { cursor: string; counts: Counts } {
    const counts: Counts = { en_attente: 0, en_cours: 0, terminee: 0, annulee: 0 };
    for (const { status } of this.orders.values()) counts[status] += 1;
    return { cursor: `${EPOCH}.${this.head}`, counts };
  }

  #page(view: View): ShownRow[] {
    return [...this.orders.values()]
      .filter(({ status }) => isInView(view, status))
      .sort((a, b) => b.id - a.id)
      .slice(0, PAGE_ROWS)
      .map(({ number, version, status }) => ({ number, version, status }));
  }
}

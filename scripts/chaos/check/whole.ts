import type { FinalEntry } from '../history.ts';
import { type FinalLog, isSameCounts } from './final-log.ts';
import type { Findings } from './findings.ts';
import type { History } from './index-history.ts';
import { unitsByProduct } from './quantities.ts';

/**
 * Guarantee 4: order, lines, stock, key and event are all there or none. Judged over the tables at the end, where
 * anything that was done by half has left a trace.
 */
export function checkWhole({ run, final, attempts }: History, log: FinalLog, findings: Findings): void {
  const wrong = (text: string, evidence: unknown) => findings.add({ guarantee: 4, kind: 'wrong', text, evidence });
  const prices = new Map(run.products.map(({ id, priceCents }) => [id, priceCents]));
  const orders = new Map(final.orders.map((order) => [order.number, order]));
  const marks = new Set(attempts.map(({ post }) => post.mark));
  const markOfKey = new Map(final.orders.map((order) => [order.number, order.mark]));

  for (const order of final.orders) {
    checkMoney(order, prices, wrong);
    checkEvents(order, log, wrong);
    if (!marks.has(order.mark)) {
      const text = `order ${order.number} is nobody's: ${order.mark} was never sent`;
      findings.add({ guarantee: 5, kind: 'ghost', text, evidence: order });
    }
  }
  for (const event of log.events) {
    if (orders.has(event.number)) continue;
    const text = `event ${event.seq} is of order ${event.number}, which is not there`;
    findings.add({ guarantee: 5, kind: 'ghost', text, evidence: event });
  }
  if (!isSameCounts(final.counts, log.countsAt(log.head))) {
    wrong('the counts are not those of the log', { counts: final.counts, log: log.countsAt(log.head) });
  }

  checkKeys();
  checkStock();

  function checkKeys(): void {
    const keysOf = Map.groupBy(final.keys, ({ number }) => number);
    for (const order of final.orders) {
      const keys = keysOf.get(order.number) ?? [];
      if (keys.length !== 1) wrong(`order ${order.number} has ${keys.length} keys`, { order, keys });
    }
    for (const { key, number } of final.keys) {
      if (number === null || !orders.has(number)) wrong(`key ${key} is there without its order`, { key, number });
    }
    const sent = Map.groupBy(attempts, ({ post }) => post.key);
    for (const { key, number } of final.keys) {
      const tries = sent.get(key);
      const mark = number === null ? undefined : markOfKey.get(number);
      if (!tries || mark === undefined || tries.some(({ post }) => post.mark === mark)) continue;
      wrong(`key ${key} stands for an order that was not sent with it`, { key, number, mark });
    }
  }

  function checkStock(): void {
    const sold = unitsByProduct(final.orders.flatMap(({ status, lines }) => (status === 'annulee' ? [] : lines)));
    const left = new Map(final.products.map(({ id, stock }) => [id, stock]));
    for (const { id, stock } of run.products) {
      const expected = stock === null ? null : stock - (sold.get(id) ?? 0);
      if (left.get(id) === expected) continue;
      wrong(`product ${id} has ${left.get(id)} left, and ${expected} by what was sold`, {
        atStart: stock,
        sold: sold.get(id) ?? 0,
        atEnd: left.get(id),
      });
    }
  }
}

type Order = FinalEntry['orders'][number];
type Wrong = (text: string, evidence: unknown) => void;

function checkMoney(order: Order, prices: ReadonlyMap<number, number>, wrong: Wrong): void {
  const sum = order.lines.reduce((cents, line) => cents + line.unitPriceCents * line.quantity, 0);
  if (order.lines.length === 0) wrong(`order ${order.number} has no lines`, order);
  if (order.totalCents !== sum) wrong(`order ${order.number} costs ${order.totalCents}, its lines ${sum}`, order);
  for (const line of order.lines) {
    if (prices.get(line.productId) !== line.unitPriceCents) {
      wrong(`order ${order.number} has product ${line.productId} at another price than the shop`, order);
    }
  }
}

function checkEvents(order: Order, log: FinalLog, wrong: Wrong): void {
  const history = log.historyOf(order.number);
  const placed = history.filter(({ type }) => type === 'order.placed').length;
  if (placed !== 1) wrong(`order ${order.number} was placed by ${placed} events`, { order, history });
  const last = history.at(-1);
  if (last && (last.version !== order.version || last.status !== order.status)) {
    wrong(`order ${order.number} is not what its last event says`, { order, last });
  }
}

import { CROCKFORD } from '../../services/orders/order-number.ts';
import type { OrderEvent } from '../../shared/contracts/event.ts';
import type { AdminOrder, OrderLine } from '../../shared/contracts/order.ts';
import { dayOf } from '../../shared/contracts/shop-day.ts';
import type { Counts, Status } from '../../shared/contracts/status.ts';
import { drawCustomer } from './draw-customer.ts';
import { Random } from './random.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const ADMINS = ['Marie', 'Karim', 'Jeanne'];
const NOTES = [
  'Sonner deux fois.',
  'C’est un cadeau : sans facture dans le colis, merci !',
  'Je passe le chercher samedi.',
];
/** Which part of a day's orders has come by which hour: nobody orders at night, many do in the evening. */
const DAY_CURVE: readonly [part: number, hour: number][] = [
  [0, 0],
  [0.03, 7],
  [0.35, 12],
  [0.55, 17],
  [0.92, 22],
  [1, 24],
];

export interface Life {
  orders: number;
  /** The same seed makes the same shop, to the last letter, if `until` and the products are the same, too. */
  seed: number;
  until: Date;
  days: number;
  products: readonly { id: number; name: string; priceCents: number }[];
  timeZone: string;
  currency: string;
}

/** An order as it is in the end, and everything that happened in the shop up to when it was placed, and that too. */
export interface Placed {
  order: AdminOrder;
  token: string;
  happened: Happened[];
}

/** An event without its snapshot, which only the youngest have. */
export interface Happened extends Pick<OrderEvent, 'seq' | 'type' | 'at' | 'previousStatus' | 'counts'> {
  /** The order right after. */
  order: AdminOrder;
  token: string;
}

interface Step {
  atMs: number;
  to: Status;
  by: string;
  entry: { order: AdminOrder; token: string };
}

/**
 * What a shop has gone through in some years, in the order in which it happened: more orders in the later days, treated
 * within hours, ended within days, one in twenty cancelled. Events are dense from 1 and in order of time; the last
 * entry brings what happened after the last order.
 */
export function* liveThrough(life: Life): Generator<Placed | { order: undefined; happened: Happened[] }> {
  const random = new Random(life.seed);
  const fromMs = life.until.getTime() - life.days * DAY_MS;
  const customers = Math.max(1, Math.ceil(life.orders / 4));
  const pending: Step[] = [];
  const counts: Counts = { en_attente: 0, en_cours: 0, terminee: 0, annulee: 0 };
  let seq = 0;

  const note = (entry: Step['entry'], order: AdminOrder, previousStatus: Status | null): Happened => {
    if (previousStatus) counts[previousStatus] -= 1;
    counts[order.status] += 1;
    seq += 1;
    const type = previousStatus ? 'order.status_changed' : 'order.placed';
    return { seq, type, at: order.changedAt, previousStatus, counts: { ...counts }, order, token: entry.token };
  };
  const happenUntil = (atMs: number): Happened[] => {
    const happened: Happened[] = [];
    while (pending.length > 0 && pending.at(-1)!.atMs <= atMs) {
      const { entry, ...step } = pending.pop()!;
      const previousStatus = entry.order.status;
      entry.order = after(entry.order, step);
      happened.push(note(entry, entry.order, previousStatus));
    }
    return happened;
  };

  for (let i = 0; i < life.orders; i += 1) {
    const atMs = Math.floor(fromMs + timeOf((i + random.next()) / life.orders, life.days));
    const happened = happenUntil(atMs);
    const token = drawToken(random);
    const order = drawOrder(
      i,
      atMs,
      life,
      drawCustomer(Math.floor(customers * random.next() ** 1.5), life.seed),
      random,
    );
    const entry = { order, token };
    happened.push(note(entry, order, null));
    const steps = drawSteps(atMs, random).filter((step) => step.atMs <= life.until.getTime());
    for (const step of steps) insert(pending, { ...step, entry });
    yield { order: steps.reduce(after, order), token, happened };
  }
  yield { order: undefined, happened: happenUntil(life.until.getTime()) };
}

function after(order: AdminOrder, step: Pick<Step, 'atMs' | 'to' | 'by'>): AdminOrder {
  const changedAt = new Date(step.atMs).toISOString();
  return { ...order, status: step.to, version: order.version + 1, changedAt, changedBy: step.by };
}

/** Milliseconds from the first midnight until a part (0 to 1) of all orders has come. */
function timeOf(part: number, days: number): number {
  const day = days * part ** 0.85;
  const whole = Math.floor(day);
  const within = day - whole;
  const next = DAY_CURVE.findIndex(([done]) => done > within);
  const [done, hour] = DAY_CURVE[next]!;
  const [doneBefore, hourBefore] = DAY_CURVE[next - 1]!;
  const hours = hourBefore + ((within - doneBefore) / (done - doneBefore)) * (hour - hourBefore);
  return whole * DAY_MS + hours * HOUR_MS;
}

function drawOrder(
  i: number,
  atMs: number,
  life: Life,
  customer: Pick<AdminOrder, 'name' | 'email' | 'phone'>,
  random: Random,
): AdminOrder {
  const at = new Date(atMs);
  const lines = drawLines(life.products, random);
  // An odd factor goes through all 30-bit numbers, so that no number comes twice.
  const code = (Math.imul(i, 0x2545f491) ^ life.seed) & 0x3fffffff;
  const letters = Array.from({ length: 6 }, (_, place) => CROCKFORD[(code >>> (5 * place)) & 31]).join('');
  return {
    id: i + 1,
    number: `CMD-${dayOf(at, life.timeZone).replaceAll('-', '')}-${letters}`,
    status: 'en_attente',
    version: 1,
    ...customer,
    notes: random.next() < 0.08 ? random.pick(NOTES) : null,
    lines,
    totalCents: lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0),
    currency: life.currency,
    placedAt: at.toISOString(),
    changedAt: at.toISOString(),
    changedBy: null,
  };
}

/** Mostly two or three lines, now and then a big order. */
function drawLines(products: Life['products'], random: Random): OrderLine[] {
  const big = random.next() < 0.005;
  const count = Math.min(products.length, big ? random.integer(5, 12) : 1 + Math.floor(random.next() ** 1.4 * 4));
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(random.integer(0, products.length - 1));
  return [...chosen].map((place) => {
    const { id, name, priceCents } = products[place]!;
    const quantity = big ? random.integer(3, 12) : 1 + Math.floor(random.next() ** 3 * 4);
    return { productId: id, name, quantity, unitPriceCents: priceCents };
  });
}

/** What becomes of an order, the first step first. */
function drawSteps(atMs: number, random: Random): Pick<Step, 'atMs' | 'to' | 'by'>[] {
  const by = random.pick(ADMINS);
  const startedMs = atMs + 3 * MINUTE_MS + random.next() ** 3 * 14 * HOUR_MS;
  const endedMs = startedMs + HOUR_MS + random.next() ** 2 * 2.5 * DAY_MS;
  if (random.next() < 0.05) {
    return [{ atMs: Math.floor(startedMs), to: 'annulee', by }];
  }
  return [
    { atMs: Math.floor(startedMs), to: 'en_cours', by },
    { atMs: Math.floor(endedMs), to: 'terminee', by: random.next() < 0.7 ? by : random.pick(ADMINS) },
  ];
}

/** As long and as alphabetic as a shopper's token; without a MAC, because a seed knows no secret. */
function drawToken(random: Random): string {
  const bytes = Buffer.alloc(24);
  for (let at = 0; at < 24; at += 4) bytes.writeUInt32LE(Math.floor(random.next() * 2 ** 32), at);
  return bytes.toString('base64url');
}

/** Keeps the next one last. */
function insert(pending: Step[], step: Step): void {
  let low = 0;
  let high = pending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pending[middle]!.atMs > step.atMs) low = middle + 1;
    else high = middle;
  }
  pending.splice(low, 0, step);
}

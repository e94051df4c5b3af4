import { randomBytes } from 'node:crypto';
import type { OrderEvent } from '../../../shared/contracts/event.ts';
import type { AdminOrder } from '../../../shared/contracts/order.ts';
import { newShopperToken, shopperKey } from '../../../shared/contracts/shopper-token.ts';
import type { Counts, Status } from '../../../shared/contracts/status.ts';

export const SESSION_SECRET = 'a secret of the tests alone, 32 characters and more';

export const newEpoch = () => randomBytes(6).toString('hex');

/** An event log as orders would write it, in memory: the truth that a test compares streams with. */
export class OrderLog {
  /** One of its own, because logs of a test file share a channel. */
  epoch = newEpoch();
  readonly events: OrderEvent[] = [];
  /** Order id → the token of its shopper's page. */
  readonly tokens = new Map<number, string>();
  readonly #orders = new Map<number, AdminOrder>();
  #counts: Counts = { en_attente: 0, en_cours: 0, terminee: 0, annulee: 0 };

  get head(): number {
    return this.events.length;
  }

  get cursor(): string {
    return `${this.epoch}.${this.head}`;
  }

  /** The latest state of every order. */
  get orders(): ReadonlyMap<number, AdminOrder> {
    return this.#orders;
  }

  place(count = 1): OrderEvent[] {
    return Array.from({ length: count }, () => {
      const id = this.#orders.size + 1;
      this.tokens.set(id, newShopperToken(SESSION_SECRET));
      return this.#append('order.placed', null, {
        id,
        number: `CMD-20251126-${String(id).padStart(6, '0')}`,
        status: 'en_attente',
        version: 1,
        name: 'Élise <b>Martin</b>',
        email: 'elise@msp.example',
        phone: null,
        notes: 'deux\nlignes',
        lines: [{ productId: 1, name: 'Savon', quantity: 2, unitPriceCents: 450 }],
        totalCents: 900,
        currency: 'EUR',
        placedAt: '2025-11-26T10:00:00.000Z',
        changedAt: '2025-11-26T10:00:00.000Z',
        changedBy: null,
      });
    });
  }

  change(id: number, status: Status): OrderEvent {
    const before = this.#orders.get(id) as AdminOrder;
    return this.#append('order.status_changed', before.status, {
      ...before,
      status,
      version: before.version + 1,
      changedBy: 'Marie',
    });
  }

  #append(type: OrderEvent['type'], previousStatus: Status | null, order: AdminOrder): OrderEvent {
    const counts = { ...this.#counts };
    if (previousStatus) counts[previousStatus] -= 1;
    counts[order.status] += 1;
    const event: OrderEvent = {
      seq: this.head + 1,
      type,
      at: order.changedAt,
      previousStatus,
      order,
      counts,
      shopperKey: shopperKey(this.tokens.get(order.id) as string),
    };
    this.#counts = counts;
    this.#orders.set(order.id, order);
    this.events.push(event);
    return event;
  }
}

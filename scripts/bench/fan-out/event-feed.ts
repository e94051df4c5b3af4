import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { parseCursor } from '../../../shared/contracts/cursor.ts';
import { EVENTS_CHANNEL, type OrderEvent } from '../../../shared/contracts/event.ts';
import { newShopperToken, shopperKey } from '../../../shared/contracts/shopper-token.ts';
import { writeMarker } from '../marker.ts';

/** What a notifier knows of the orders service: messages on Redis, and two calls. */
export interface EventFeed {
  ordersUrl: string;
  readonly cursor: string;
  /** Appends an event for each of these orders and publishes it, each in a message of its own, in one write. */
  publish(orders: readonly number[]): void;
  close(): Promise<void>;
}

/** As often as orders processes say where the log stands. */
const HEAD_MS = 1000;

/**
 * Stands in for the orders service, so that rows come at the rate and in the bursts that are wanted, and the CPU that
 * is measured is the notifier's alone.
 */
export async function startEventFeed(options: { redisUrl: string; sessionSecret: string }): Promise<EventFeed> {
  const epoch = randomBytes(6).toString('hex');
  const events: OrderEvent[] = [];
  const redis = new Redis(options.redisUrl, { enableAutoPipelining: true });
  // What is still under way when the feed is closed is missed by nobody; rows that fail earlier show as not delivered.
  const say = (message: object) => void redis.publish(EVENTS_CHANNEL, JSON.stringify(message)).catch(() => {});
  const beat = setInterval(() => say({ epoch, head: events.length }), HEAD_MS);

  const server = createServer((request, response) => {
    const url = new URL(request.url as string, 'http://orders');
    const answer = (body: object) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/sessions/revoked') return answer({ revoked: [] });
    const after = parseCursor(url.searchParams.get('after') ?? '')?.seq ?? 0;
    const limit = Number(url.searchParams.get('limit') ?? 100);
    return answer({ epoch, head: events.length, floor: 1, events: events.slice(after, after + limit) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    ordersUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cursor() {
      return `${epoch}.${events.length}`;
    },
    publish(orders) {
      for (const order of orders) {
        const event = placed(order, events.length + 1, options.sessionSecret);
        events.push(event);
        say({ epoch, events: [event] });
      }
    },
    async close() {
      clearInterval(beat);
      redis.disconnect();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function placed(order: number, seq: number, secret: string): OrderEvent {
  const at = new Date().toISOString();
  const lines = [
    { productId: 1, name: 'Miel de lavande', quantity: 2, unitPriceCents: 1250 },
    { productId: 4, name: 'Café en grains « Matin »', quantity: 1, unitPriceCents: 1490 },
  ];
  return {
    seq,
    type: 'order.placed',
    at,
    previousStatus: null,
    order: {
      id: seq,
      number: `CMD-20251126-${String(seq).padStart(6, '0')}`,
      status: 'en_attente',
      version: 1,
      name: writeMarker(order),
      email: 'camille@msp.example',
      phone: null,
      notes: null,
      lines,
      totalCents: 3990,
      currency: 'EUR',
      placedAt: at,
      changedAt: at,
      changedBy: null,
    },
    counts: { en_attente: seq, en_cours: 0, terminee: 0, annulee: 0 },
    shopperKey: shopperKey(newShopperToken(secret)),
  };
}

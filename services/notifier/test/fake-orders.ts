import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseCursor } from '../../../shared/contracts/cursor.ts';
import type { OrderLog } from './order-log.ts';

/** The calls that a notifier makes, over HTTP, with faults to be had. */
export interface FakeOrders {
  url: string;
  log: OrderLog;
  /** Oldest seq that is still kept. */
  floor: number;
  revoked: string[];
  /** Every read of the log so far, as its query. */
  reads: string[];
  revokedReads: number;
  /** The catalogue, as far as it matters; open to all, as in the real one. */
  products: { id: number; priceCents: number; stock: number | null }[];
  productReads: number;
  /** Answers reads of the revoked sessions with something that is no list. */
  isConfused: boolean;
  /** Refuses every call by closing its connection. */
  isDown: boolean;
  /** Calls refused so far. */
  refused: number;
  /** Reads of the log wait for this. */
  hold: Promise<void> | undefined;
  close(): Promise<void>;
}

export const SERVICE_TOKEN = 'the service token of the tests, 32 characters and more';

export async function startFakeOrders(log: OrderLog): Promise<FakeOrders> {
  const server = createServer(async (request, response) => {
    if (orders.isDown) {
      orders.refused += 1;
      request.socket.destroy();
      return;
    }
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    const url = new URL(request.url as string, 'http://orders');
    if (url.pathname === '/products') {
      orders.productReads += 1;
      const words = { slug: 'x', name: 'X', description: '' };
      const products = orders.products.map((product) => ({ ...words, ...product }));
      await orders.hold;
      return answer(200, { products });
    }
    if (request.headers.authorization !== `Bearer ${SERVICE_TOKEN}`) return answer(401, {});
    if (url.pathname === '/sessions/revoked') {
      orders.revokedReads += 1;
      return answer(200, orders.isConfused ? {} : { revoked: orders.revoked });
    }
    if (url.pathname !== '/events') return answer(404, {});
    orders.reads.push(url.search);
    await orders.hold;
    const { log } = orders;
    const page = { epoch: log.epoch, head: log.head, floor: orders.floor };
    const limit = Number(url.searchParams.get('limit') ?? 100);
    const after = parseCursor(url.searchParams.get('after') ?? `${log.epoch}.${orders.floor - 1}`);
    if (!after) return answer(400, {});
    if (after.epoch !== log.epoch || after.seq > log.head || after.seq < orders.floor - 1)
      return answer(410, { code: 'cursor_expired', cursor: log.cursor });
    return answer(200, { ...page, events: log.events.slice(after.seq, after.seq + limit) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const orders: FakeOrders = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    floor: 1,
    revoked: [],
    reads: [],
    revokedReads: 0,
    products: [],
    productReads: 0,
    isConfused: false,
    isDown: false,
    refused: 0,
    hold: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return orders;
}

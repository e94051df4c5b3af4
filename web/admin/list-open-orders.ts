import { parseCursor } from '../../shared/contracts/cursor.ts';
import type { OrderList } from '../../shared/contracts/order.ts';
import type { Status } from '../../shared/contracts/status.ts';
import { PAGE_ROWS } from '../fragments/live-update.tsx';
import type { OrdersClient } from '../orders-client.ts';
import { expectData } from './answers.ts';

/** Of these there is still something to be done. */
export const OPEN_STATUSES = ['en_attente', 'en_cours'] as const satisfies Status[];

/**
 * The newest open orders, a page of each status.
 *
 * They are read as they stood at two instants. The cursor is that of the earlier one, so an order that moved in
 * between, and stands in both lists or in none, is brought right by the stream; of two versions the newer one is here.
 */
export async function listOpenOrders(orders: OrdersClient, session: string): Promise<OrderList> {
  const lists = await Promise.all(
    OPEN_STATUSES.map((status) => orders.listOrders(session, { status, limit: PAGE_ROWS }).then(expectData)),
  );
  const [earlier] = lists.toSorted((a, b) => seqOf(a) - seqOf(b));
  const byId = new Map(
    lists
      .flatMap((list) => list.orders)
      .toSorted((a, b) => a.version - b.version)
      .map((order) => [order.id, order]),
  );
  return {
    ...(earlier as OrderList),
    orders: [...byId.values()].sort((a, b) => b.id - a.id),
    next: lists.find(({ next }) => next !== null)?.next ?? null,
    previous: null,
  };
}

const seqOf = ({ cursor }: OrderList) => parseCursor(cursor)?.seq ?? 0;

import type { Selectable, Transaction } from 'kysely';
import type { CustomerExport } from '../../shared/contracts/customer.ts';
import { isTeamEvent } from '../../shared/contracts/event.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Database, Db, OrderRow } from './database.ts';
import { withLines } from './order-rows.ts';
import { inSnapshot } from './transact.ts';

/** An answer is held in memory as a whole: at a thousand bytes an order, about 5 MB. */
const MAX_ORDERS = 5_000;
const PAGE = 500;

/**
 * Everything that is kept about a customer, from one snapshot. The e-mail is compared without letter case.
 * @throws {HttpProblem} `too_large` beyond 5,000 orders: never a part that looks like the whole
 */
export function exportCustomer(db: Db, email: string, now = new Date()): Promise<CustomerExport> {
  return inSnapshot(db, async (trx) => {
    const ids = await trx
      .selectFrom('orders')
      .select('id')
      .where('email', '=', email)
      .orderBy('id')
      .limit(MAX_ORDERS + 1)
      .execute();
    if (ids.length > MAX_ORDERS) {
      throw new HttpProblem(413, 'too_large', { detail: `More than ${MAX_ORDERS} orders.` });
    }
    const orders: CustomerExport['orders'] = [];
    for (let from = 0; from < ids.length; from += PAGE) {
      const page = ids.slice(from, from + PAGE).map(({ id }) => id);
      const rows = await trx.selectFrom('orders').selectAll().where('id', 'in', page).orderBy('id').execute();
      orders.push(...(await withHistories(trx, rows)));
    }
    return { format: 'msp-customer-1', exportedAt: now.toISOString(), email, orders };
  });
}

async function withHistories(
  trx: Transaction<Database>,
  rows: readonly Selectable<OrderRow>[],
): Promise<CustomerExport['orders']> {
  const events = await trx
    .selectFrom('order_events')
    .select(['order_id', 'type', 'status', 'at'])
    .where(
      'order_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('order_id')
    .orderBy('seq')
    .execute();
  const notes = await trx
    .selectFrom('order_notes')
    .select(['order_id', 'text'])
    .where(
      'order_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('order_id')
    .orderBy('version')
    .execute();
  const byOrder = Map.groupBy(events, (event) => event.order_id);
  return (await withLines(trx, rows)).map(({ id, version: _, changedBy: __, claim: ___, ...order }) => ({
    ...order,
    teamNotes: notes.filter((note) => note.order_id === id).map(({ text }) => text),
    history: (byOrder.get(id) ?? [])
      .filter(({ type }) => !isTeamEvent(type))
      .map(({ type, status, at }) => ({ type, status, at: at.toISOString() })),
  }));
}

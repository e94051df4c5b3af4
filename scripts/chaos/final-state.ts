import type { OrderEvent } from '../../shared/contracts/event.ts';
import type { Counts, Status } from '../../shared/contracts/status.ts';
import type { Desk } from './desk.ts';
import type { FinalEntry, LoggedEvent } from './history.ts';
import { asLogged } from './readers.ts';
import type { System } from './system.ts';

/** What the database holds, read past everything, and what the desks show. For when nothing moves any more. */
export async function readFinalState(system: System, desks: readonly Desk[]): Promise<FinalEntry> {
  const [head] = await system.query<Counts & { epoch: string; head: number }>('select * from event_head where id = 1');
  if (!head) throw new Error('The log has no head.');
  const { epoch, en_attente, en_cours, terminee, annulee } = head;
  const lines = Map.groupBy(
    await system.query<{ id: number; productId: number; quantity: number; unitPriceCents: number }>(
      'select order_id as id, product_id as productId, quantity, unit_price_cents as unitPriceCents from order_lines order by order_id, position',
    ),
    ({ id }) => id,
  );
  const orders = await system.query<{
    id: number;
    number: string;
    token: string;
    mark: string;
    status: Status;
    version: number;
    totalCents: number;
  }>('select id, number, token, name as mark, status, version, total_cents as totalCents from orders order by id');
  return {
    e: 'final',
    epoch,
    head: Number(head.head),
    counts: { en_attente, en_cours, terminee, annulee },
    products: await system.query('select id, stock from products order by id'),
    orders: orders.map(({ id, totalCents, ...order }) => ({
      ...order,
      totalCents: Number(totalCents),
      lines: (lines.get(id) ?? []).map(({ productId, quantity, unitPriceCents }) => ({
        productId,
        quantity,
        unitPriceCents,
      })),
    })),
    events: await readEvents(system),
    keys: await system.query(
      'select k.key_text as `key`, o.number from idempotency_keys k left join orders o on o.id = k.order_id order by k.key_text',
    ),
    desks: desks.map((desk) => desk.shown()),
  };
}

/** As they stand in the table; what the small columns and the snapshot say has to be the same. */
async function readEvents(system: System): Promise<LoggedEvent[]> {
  const rows = await system.query<{
    seq: number;
    type: string;
    status: Status;
    number: string | null;
    snapshot: string | null;
  }>(
    `select e.seq, e.type, e.status, o.number, e.snapshot
     from order_events e left join orders o on o.id = e.order_id order by e.seq`,
  );
  return rows.map(({ seq, type, status, number, snapshot }) =>
    snapshot ? asLogged(JSON.parse(snapshot) as OrderEvent) : { seq, type, status, number: number ?? '', version: 0 },
  );
}

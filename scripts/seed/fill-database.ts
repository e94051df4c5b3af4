import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { connect, MIGRATION_POOL } from '../../services/orders/connect.ts';
import { EVENT_RETENTION_MS } from '../../services/orders/prune.ts';
import { sumUp } from '../../services/orders/sales/sum-up.ts';
import type { OrderEvent } from '../../shared/contracts/event.ts';
import { shopperKey } from '../../shared/contracts/shopper-token.ts';
import type { Counts } from '../../shared/contracts/status.ts';
import { type Happened, type Life, liveThrough } from './live-through.ts';

/** Orders of one round; about 1 MB a statement. */
const BATCH = 2_000;

type Row = (string | number | null)[];
interface Batch {
  orders: Row[];
  lines: Row[];
  events: Row[];
}

const COLUMNS = {
  orders:
    'id, number, token, status, version, name, email, phone, notes, total_cents, currency, placed_at, changed_at, changed_by',
  lines: 'order_id, position, product_id, name, quantity, unit_price_cents',
  events: 'seq, type, order_id, status, previous_status, at, actor, snapshot',
};
const TABLES = { orders: 'orders', lines: 'order_lines', events: 'order_events' } as const;

/**
 * Fills a migrated database that has products and no orders: orders, lines, the log of what happened to them (with
 * snapshots as far back as they are kept), and the counts. Each table over a connection of its own, while the next rows
 * are drawn.
 *
 * @param life.orders at most 2^30, because so many numbers can be told apart
 * @throws an Error for people when there are orders, or no products
 */
export async function fillDatabase(
  url: string,
  life: Omit<Life, 'products'>,
  progress: (orders: number) => void = () => {},
): Promise<{ events: number; counts: Counts }> {
  const connections = await Promise.all(Object.keys(TABLES).map(() => openConnection(url)));
  const [first] = connections as [Connection];
  try {
    const products = await readProducts(first);
    const write = async (batch: Batch) => {
      const parts = Object.keys(TABLES) as (keyof Batch)[];
      await Promise.all(
        parts.map(async (part, i) => {
          if (batch[part].length === 0) return;
          await connections[i]!.query(`insert into ${TABLES[part]} (${COLUMNS[part]}) values ?`, [batch[part]]);
        }),
      );
      progress(batch.orders.length);
    };
    const keptFromMs = life.until.getTime() - EVENT_RETENTION_MS;
    let writing = Promise.resolve();
    let batch: Batch = { orders: [], lines: [], events: [] };
    let last: Happened | undefined;
    let floor: number | undefined;
    for (const { happened, ...placed } of liveThrough({ ...life, products })) {
      if (placed.order) addOrder(batch, placed.order, placed.token);
      for (const event of happened) {
        const isKept = Date.parse(event.at) >= keptFromMs;
        if (isKept) floor ??= event.seq;
        batch.events.push(eventRow(event, isKept));
        last = event;
      }
      if (placed.order && batch.orders.length < BATCH) continue;
      await writing;
      writing = write(batch);
      // Who waits for it comes around again; until then a failure is not unhandled.
      writing.catch(() => {});
      batch = { orders: [], lines: [], events: [] };
    }
    await writing;
    const events = last?.seq ?? 0;
    const counts = last?.counts ?? { en_attente: 0, en_cours: 0, terminee: 0, annulee: 0 };
    await first.query('update event_head set ?', [{ head: events, floor: floor ?? events + 1, ...counts }]);
    await first.query('analyze table orders, order_lines, order_events');
    await sumAllUp(url, life.timeZone);
    return { events, counts };
  } finally {
    for (const connection of connections) connection.destroy();
  }
}

/** So that the dashboard need not begin with the sums of all these days. */
async function sumAllUp(url: string, timeZone: string): Promise<void> {
  const db = connect(url, MIGRATION_POOL);
  try {
    for (let left: string = 'more'; left !== 'done'; ) {
      left = await sumUp(db, timeZone, 1, 10 * BATCH);
      if (left === 'taken') await pause(50);
    }
    await sql`analyze table daily_sales, daily_products, daily_waits`.execute(db);
  } finally {
    await db.destroy();
  }
}

async function openConnection(url: string): Promise<Connection> {
  const connection = await createConnection({ uri: url, charset: 'utf8mb4' });
  await connection.query("set session time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES', unique_checks = 0");
  return connection;
}

async function readProducts(connection: Connection): Promise<Life['products']> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'select id, name, price_cents as priceCents, exists(select 1 from orders) as hasOrders from products order by id',
  );
  if (rows.length === 0) throw new Error('There are no products that could be ordered.');
  if (rows[0]!.hasOrders) throw new Error('There are orders already, and a seeded shop begins with none.');
  return rows as (RowDataPacket & Life['products'][number])[];
}

function addOrder(batch: Batch, order: Happened['order'], token: string): void {
  batch.orders.push([
    order.id,
    order.number,
    token,
    order.status,
    order.version,
    order.name,
    order.email,
    order.phone,
    order.notes,
    order.totalCents,
    order.currency,
    dateTime(order.placedAt),
    dateTime(order.changedAt),
    order.changedBy,
  ]);
  order.lines.forEach((line, position) => {
    batch.lines.push([order.id, position, line.productId, line.name, line.quantity, line.unitPriceCents]);
  });
}

function eventRow({ token, ...happened }: Happened, isKept: boolean): Row {
  const { seq, type, at, order, previousStatus } = happened;
  const event: OrderEvent | null = isKept ? { ...happened, shopperKey: shopperKey(token) } : null;
  const snapshot = event && JSON.stringify(event);
  return [seq, type, order.id, order.status, previousStatus, dateTime(at), order.changedBy, snapshot];
}

/** `2026-11-22T14:02:00.000Z` as a DATETIME(3) in UTC. */
function dateTime(iso: string): string {
  return iso.slice(0, 23).replace('T', ' ');
}

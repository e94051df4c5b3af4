/**
 * A rival of the intake: one durable transaction an order, straight from mysql2, with prepared statements, a connection
 * for each client, and nothing else: no HTTP, no validation, and a log whose numbers nobody has to wait for.
 *
 *   tight-loop CLIENTS SECONDS WARM HOT     with DATABASE_URL; writes one line of JSON. The first WARM of the SECONDS are
 *   not counted.
 */
import { createPool, type Pool, type PoolConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { quantile } from '../statistics.ts';
import { drawOrder, EVENTS_TABLE, rowsOf } from './draw-order.ts';

const [clients = 1, seconds = 1, warmSeconds = 0, hot = 0] = process.argv.slice(2).map(Number);
const pool = createPool({
  uri: process.env.DATABASE_URL as string,
  connectionLimit: clients,
  maxPreparedStatements: 64,
});
await pool.query(EVENTS_TABLE);

const began = performance.now();
const countedFrom = began + warmSeconds * 1000;
const end = began + seconds * 1000;
const lateMs: number[] = [];
let sent = 0;
await Promise.all(Array.from({ length: clients }, () => client(pool)));
await pool.end();
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    sent,
    serviceUs: (user + system) / sent,
    perSecond: lateMs.length / ((performance.now() - countedFrom) / 1000),
    medianUs: Math.round(quantile(lateMs, 0.5) * 1000),
    p99Us: Math.round(quantile(lateMs, 0.99) * 1000),
  }),
);

async function client(pool: Pool): Promise<void> {
  const connection = await pool.getConnection();
  await connection.query('set session transaction isolation level read committed');
  while (performance.now() < end) {
    const from = performance.now();
    await placeOne(connection);
    sent += 1;
    if (from >= countedFrom) lateMs.push(performance.now() - from);
  }
  connection.release();
}

/** Key, products locked in id order, stock, order, lines, event: eight round trips. */
async function placeOne(connection: PoolConnection): Promise<void> {
  const { lines, key, order } = drawOrder(hot);
  await connection.query('begin');
  await connection.execute(
    'insert into idempotency_keys (key_text, body_hash, group_id, created_at) values (?, ?, ?, ?)',
    [key.text, key.bodyHash, key.groupId, order.placed_at],
  );
  const marks = lines.map(() => '?').join(', ');
  const ids = lines.map(({ productId }) => productId);
  const [shelf] = await connection.execute<RowDataPacket[]>(
    `select id, name, price_cents as priceCents, stock from products where id in (${marks}) order by id for update`,
    ids,
  );
  const { priced, totalCents, snapshot } = rowsOf(lines, shelf as never, order);
  await connection.execute(
    `update products set stock = stock - case id ${lines.map(() => 'when ? then ?').join(' ')} end where id in (${marks})`,
    [...lines.flatMap(({ productId, quantity }) => [productId, quantity]), ...ids],
  );
  const [{ insertId }] = await connection.execute<ResultSetHeader>(
    'insert into orders (number, token, status, version, name, email, total_cents, currency, placed_at, changed_at) ' +
      "values (?, ?, 'en_attente', 1, ?, ?, ?, 'EUR', ?, ?)",
    [order.number, order.token, order.name, order.email, totalCents, order.placed_at, order.placed_at],
  );
  await connection.execute(
    'insert into order_lines (order_id, position, product_id, name, quantity, unit_price_cents) values ' +
      priced.map(() => '(?, ?, ?, ?, ?, ?)').join(', '),
    priced.flatMap((line, i) => [insertId, i, line.productId, line.name, line.quantity, line.priceCents]),
  );
  await connection.execute('insert into bench_events (type, order_id, status, at, snapshot) values (?, ?, ?, ?, ?)', [
    'order.placed',
    insertId,
    'en_attente',
    order.placed_at,
    snapshot,
  ]);
  await connection.query('commit');
}

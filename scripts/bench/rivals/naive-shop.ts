/**
 * A rival of the whole: the shop that one would write in an afternoon with the same libraries. Hono validates with the
 * same schema, Kysely runs one transaction an order with a connection for each client, and after the commit the row is
 * written to every open table by `streamSSE`. No repeats, no numbered log, no replay.
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { Kysely, MysqlDialect, sql } from 'kysely';
import { createPool } from 'mysql2';
import { PlaceOrderInput } from '../../../shared/contracts/order.ts';
import { EVENTS_TABLE, newKey, newOrder, rowsOf } from './draw-order.ts';
import { hub } from './hub.ts';

interface Tables {
  products: { id: number; name: string; price_cents: number; stock: number };
  idempotency_keys: { key_text: string; body_hash: string; group_id: string; created_at: Date };
  orders: {
    id: number;
    number: string;
    token: string;
    status: string;
    version: number;
    name: string;
    email: string;
    total_cents: number;
    currency: string;
    placed_at: Date;
    changed_at: Date;
  };
  order_lines: {
    order_id: number;
    position: number;
    product_id: number;
    name: string;
    quantity: number;
    unit_price_cents: number;
  };
  bench_events: { type: string; order_id: number; status: string; at: Date; snapshot: string };
}

const pool = createPool({
  uri: process.env.DATABASE_URL as string,
  connectionLimit: Number(process.env.CONNECTIONS),
});
const db = new Kysely<Tables>({ dialect: new MysqlDialect({ pool }) });
await sql.raw(EVENTS_TABLE).execute(db);
const { live, send } = hub();

const app = new Hono()
  .get('/readyz', (c) => c.text('ok'))
  .get('/live/orders', live)
  .post('/orders', async (c) => {
    const input = PlaceOrderInput.parse(await c.req.json());
    const order = await placeOne(input, c.req.header('idempotency-key') ?? '');
    send(`<tr id="order-${order.id}"><td>${order.number}</td><td>${order.name}</td><td>${order.totalCents}</td></tr>`);
    return c.json({ number: order.number, token: order.token, totalCents: order.totalCents }, 201);
  });

serve({ fetch: app.fetch, port: Number(process.env.RIVAL_PORT), hostname: '127.0.0.1' });

function placeOne(input: PlaceOrderInput, keyText: string) {
  const order = newOrder(input.name, input.email);
  const key = newKey(keyText);
  const lines = input.lines.toSorted((a, b) => a.productId - b.productId);
  return db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (trx) => {
      await trx
        .insertInto('idempotency_keys')
        .values({ key_text: key.text, body_hash: key.bodyHash, group_id: key.groupId, created_at: order.placed_at })
        .execute();
      const ids = lines.map(({ productId }) => productId);
      const shelf = await trx
        .selectFrom('products')
        .select(['id', 'name', 'price_cents as priceCents', 'stock'])
        .where('id', 'in', ids)
        .orderBy('id')
        .forUpdate()
        .execute();
      const { priced, totalCents, snapshot } = rowsOf(lines, shelf, order);
      for (const { productId, quantity } of lines) {
        await trx
          .updateTable('products')
          .set((eb) => ({ stock: eb('stock', '-', quantity) }))
          .where('id', '=', productId)
          .execute();
      }
      const { insertId } = await trx
        .insertInto('orders')
        .values({
          ...order,
          status: 'en_attente',
          version: 1,
          total_cents: totalCents,
          currency: 'EUR',
          changed_at: order.placed_at,
        } as never)
        .executeTakeFirstOrThrow();
      const id = Number(insertId);
      await trx
        .insertInto('order_lines')
        .values(
          priced.map((line, position) => ({
            order_id: id,
            position,
            product_id: line.productId,
            name: line.name,
            quantity: line.quantity,
            unit_price_cents: line.priceCents,
          })),
        )
        .execute();
      await trx
        .insertInto('bench_events')
        .values({ type: 'order.placed', order_id: id, status: 'en_attente', at: order.placed_at, snapshot })
        .execute();
      return { ...order, id, totalCents };
    });
}

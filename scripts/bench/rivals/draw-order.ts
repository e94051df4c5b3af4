import { randomBytes } from 'node:crypto';

/** How many products the demo catalogue has; see ../servers/shop.ts. */
const PRODUCTS = 24;

export interface DrawnLine {
  productId: number;
  quantity: number;
}

/** The log of a rival that does not promise numbers without a gap: nobody waits for another's commit. */
export const EVENTS_TABLE = `create table if not exists bench_events (
  seq bigint not null auto_increment primary key, type varchar(32) not null, order_id bigint not null,
  status varchar(12) not null, at datetime(3) not null, snapshot mediumtext not null,
  key bench_events_history (order_id, seq)) engine=InnoDB`;

/** An order as c/shoppers.c draws them: two or three products, half of the lines among the first `hot`; lines by id. */
export function drawOrder(hot: number) {
  const quantities = new Map<number, number>();
  const wanted = 2 + Math.floor(Math.random() * 2);
  while (quantities.size < wanted) {
    const among = hot > 0 && Math.random() < 0.5 ? hot : PRODUCTS;
    quantities.set(1 + Math.floor(Math.random() * among), 1 + Math.floor(Math.random() * 3));
  }
  const lines = [...quantities]
    .map(([productId, quantity]): DrawnLine => ({ productId, quantity }))
    .sort((a, b) => a.productId - b.productId);
  return { lines, key: newKey(), order: newOrder('Camille Martin', 'camille@msp.example') };
}

export const newKey = (text = randomBytes(16).toString('base64url')) => ({
  text,
  bodyHash: randomBytes(32).toString('base64url'),
  groupId: randomBytes(16).toString('base64url'),
});

export function newOrder(name: string, email: string) {
  return {
    // As long as a real one, and never the same twice: these shops do not draw again.
    number: `CMD-${randomBytes(8).toString('hex').slice(1)}`,
    token: randomBytes(24).toString('base64url'),
    name,
    email,
    placed_at: new Date(),
  };
}

interface ShelfRow {
  id: number;
  name: string;
  priceCents: number;
  stock: number | null;
}

/** Prices from the shelf, the total, and the event's snapshot. @throws when there is not enough of something */
export function rowsOf(lines: readonly DrawnLine[], shelf: readonly ShelfRow[], order: object) {
  const priced = lines.map(({ productId, quantity }) => {
    const product = shelf.find(({ id }) => id === productId);
    if (!product || (product.stock !== null && product.stock < quantity)) throw new Error('out of stock');
    return { productId, quantity, name: product.name, priceCents: product.priceCents };
  });
  const totalCents = priced.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
  return {
    priced,
    totalCents,
    snapshot: JSON.stringify({ ...order, status: 'en_attente', lines: priced, totalCents }),
  };
}

import { randomUUID } from 'node:crypto';
import type { Problem } from '../../../shared/contracts/problem.ts';

export interface Answer<Body> {
  status: number;
  body: Body;
  headers: Headers;
}

interface Asking {
  method?: string;
  json?: unknown;
  /** Sent as it is, for what JSON.stringify would not write. */
  raw?: string | Uint8Array<ArrayBuffer>;
  token?: string;
  headers?: Record<string, string>;
}

/** One request; the body parsed when there is one. */
export async function ask<Body = Record<string, unknown>>(url: string, asking: Asking = {}): Promise<Answer<Body>> {
  const body = asking.raw ?? (asking.json === undefined ? undefined : JSON.stringify(asking.json));
  const response = await fetch(url, {
    method: asking.method ?? 'GET',
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(asking.token ? { Authorization: `Bearer ${asking.token}` } : {}),
      ...asking.headers,
    },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  const isJson = text !== '' && response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : undefined) as Body };
}

/** Products that every test knows, by what is special about them. */
export const HONEY = 1;
/** Not limited. */
export const CARD = 2;
/** Five left. */
export const RARE = 3;
/** Not for sale. */
export const HIDDEN = 4;
export const RARE_STOCK = 5;

export const PRODUCTS_SQL = `insert into products (id, slug, name, description, price_cents, stock, hidden) values
  (${HONEY}, 'honey', 'Miel', '', 1250, 100000, 0), (${CARD}, 'card', 'Carte cadeau', '', 5000, null, 0),
  (${RARE}, 'rare', 'Édition numérotée', '', 900, ${RARE_STOCK}, 0), (${HIDDEN}, 'gone', 'Retiré', '', 100, 10, 1)`;

export interface OrderBody {
  name: string;
  email: string;
  phone?: string;
  notes?: string;
  lines: { productId: number; quantity: number }[];
  expectedTotalCents?: number;
}

export const order = (changes: Partial<OrderBody> = {}): OrderBody => ({
  name: 'Zoé Lambert',
  email: 'zoe@exemple.fr',
  lines: [{ productId: HONEY, quantity: 1 }],
  ...changes,
});

export interface Placed {
  number: string;
  token: string;
  status: string;
  totalCents: number;
  currency: string;
  placedAt: string;
}

/** Asks for an order; with a key of its own unless told. */
export function place(url: string, body: OrderBody = order(), key: string = randomUUID()) {
  return ask<Placed & Problem>(`${url}/orders`, { method: 'POST', json: body, headers: { 'Idempotency-Key': key } });
}

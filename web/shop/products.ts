import type { Product } from '../../shared/contracts/product.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { OrdersClient } from '../orders-client.ts';

export type Products = ReadonlyMap<number, Product>;

/** @param maxAgeMs how old the answer may be; 0 for after something turned out to have changed */
export type ReadProducts = (maxAgeMs?: number) => Promise<Products>;

/** Prices and stock on a page may be this old; the order itself is judged by what is true then. */
const FRESH_MS = 1500;

/**
 * The catalogue by product id, in the shop's order. However many pages ask at once, the orders service is
 * asked once; a failure is not kept.
 */
export function productReader(orders: Pick<OrdersClient, 'products'>): ReadProducts {
  let latest: { products: Promise<Products>; atMs: number } | undefined;

  async function read(): Promise<Products> {
    const answer = await orders.products();
    if (!answer.ok) throw new HttpProblem(503, 'unavailable');
    return new Map(answer.data.products.map((product) => [product.id, product]));
  }

  return (maxAgeMs = FRESH_MS) => {
    const nowMs = performance.now();
    if (latest && nowMs - latest.atMs < maxAgeMs) return latest.products;
    const asked = { products: read(), atMs: nowMs };
    latest = asked;
    asked.products.catch(() => {
      if (latest === asked) latest = undefined;
    });
    return asked.products;
  };
}

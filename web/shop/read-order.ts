import type { Context } from 'hono';
import type { ShopperOrder } from '../../shared/contracts/order.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { WebEnv } from '../deps.ts';
import type { OrdersClient } from '../orders-client.ts';
import { isToken } from './shop-cookies.ts';

/** The token in a shopper's address. Such a page is kept by no cache and shown by no search engine. */
export function readToken(c: Context<WebEnv>): string {
  const token = c.req.param('token') ?? '';
  if (!isToken(token)) throw new HttpProblem(404, 'not_found');
  c.header('Cache-Control', 'no-store');
  c.header('X-Robots-Tag', 'noindex');
  return token;
}

/**
 * The order that an address is the key to.
 * @throws {HttpProblem} `not_found`
 */
export async function readOrder(c: Context<WebEnv>, orders: Pick<OrdersClient, 'orderByToken'>): Promise<ShopperOrder> {
  const answer = await orders.orderByToken(readToken(c));
  if (!answer.ok) throw new HttpProblem(404, 'not_found');
  return answer.data;
}

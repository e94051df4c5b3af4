import { Hono } from 'hono';
import type { WebDeps, WebEnv } from '../deps.ts';
import { cancelOrderRoutes } from './cancel-order.tsx';
import { cartRoutes } from './cart-routes.tsx';
import { catalogueRoutes } from './catalogue.tsx';
import { checkoutRoutes } from './checkout-routes.tsx';
import { findOrderRoutes } from './find-order.tsx';
import { createOrderLimit } from './order-limit.ts';
import { orderRoutes } from './order-routes.tsx';
import { productReader } from './products.ts';

/** The shop's pages: catalogue, cart, checkout, the shopper's own order, and the way back to it. */
export function shopRoutes({ site, orders, trustsProxy }: WebDeps): Hono<WebEnv> {
  const products = productReader(orders);
  return new Hono<WebEnv>()
    .route('/', catalogueRoutes({ site, products }))
    .route('/', cartRoutes({ site, products }))
    .route('/', checkoutRoutes({ site, orders, products, trustsProxy, limit: createOrderLimit() }))
    .route('/', orderRoutes({ site, orders }))
    .route('/', cancelOrderRoutes({ site, orders }))
    .route('/', findOrderRoutes({ site, orders, trustsProxy }));
}

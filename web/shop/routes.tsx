import { Hono } from 'hono';
import type { WebDeps, WebEnv } from '../deps.ts';
import { cartRoutes } from './cart-routes.tsx';
import { catalogueRoutes } from './catalogue.tsx';
import { checkoutRoutes } from './checkout-routes.tsx';
import { orderRoutes } from './order-routes.tsx';
import { productReader } from './products.ts';

/** The shop's pages: catalogue, cart, checkout, and the shopper's own order. */
export function shopRoutes({ site, orders }: WebDeps): Hono<WebEnv> {
  const products = productReader(orders);
  return new Hono<WebEnv>()
    .route('/', catalogueRoutes({ site, products }))
    .route('/', cartRoutes({ site, products }))
    .route('/', checkoutRoutes({ site, orders, products }))
    .route('/', orderRoutes({ site, orders }));
}

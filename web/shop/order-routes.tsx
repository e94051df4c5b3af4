import { Hono } from 'hono';
import type { Site, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { shopWords } from '../locales/shop.ts';
import { STATUS_WORDS } from '../locales/status.ts';
import type { OrdersClient } from '../orders-client.ts';
import { sendHtml } from '../send-html.ts';
import { OrderPage, OrderStatus } from './order-page.tsx';
import { readOrder } from './read-order.ts';
import { readCart } from './shop-cookies.ts';
import { ShopPage } from './shop-page.tsx';

export interface OrderDeps {
  site: Site;
  orders: Pick<OrdersClient, 'orderByToken'>;
}

/** `/orders/<token>`: the confirmation, which stays the shopper's view of the order. */
export function orderRoutes({ site, orders }: OrderDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/orders/:token', async (c) => {
      const order = await readOrder(c, orders);
      return sendPage(
        c,
        <ShopPage site={site} title={order.number} cart={readCart(c)}>
          <OrderPage site={site} order={order} token={c.req.param('token')} />
        </ShopPage>,
      );
    })
    .get('/orders/:token/status', async (c) => {
      const order = await readOrder(c, orders);
      if (c.req.query('version') === String(order.version)) return c.body(null, 204);
      const { word } = STATUS_WORDS[site.locale][order.status];
      return sendHtml(
        c,
        <>
          <hx-partial hx-target="#order-status" hx-swap="outerHTML">
            <OrderStatus site={site} order={order} />
          </hx-partial>
          {/* What the team does around an order makes a version, too, and is no news. */}
          {c.req.query('status') !== order.status && (
            <hx-partial hx-target="#announce" hx-swap="innerHTML">
              <span>{shopWords(site.locale).order.announce(word)}</span>
            </hx-partial>
          )}
          {!order.name && <hx-partial hx-target="#order-person" hx-swap="innerHTML" />}
        </>,
      );
    });
}

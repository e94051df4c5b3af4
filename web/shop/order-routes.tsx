import { type Context, Hono } from 'hono';
import { lineTotalCents } from '../../shared/contracts/money.ts';
import type { ShopperOrder } from '../../shared/contracts/order.ts';
import { type Status, TRANSITIONS } from '../../shared/contracts/status.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Site, WebEnv } from '../deps.ts';
import { formatMoney, formatTime } from '../fragments/format.ts';
import { ShopperStatus } from '../fragments/shopper-status.tsx';
import { sendPage } from '../layout.tsx';
import { shopWords } from '../locales/shop.ts';
import { STATUS_WORDS } from '../locales/status.ts';
import type { OrdersClient } from '../orders-client.ts';
import { isToken, readCart } from './shop-cookies.ts';
import { ShopPage } from './shop-page.tsx';

/** The page's own question, beside the stream: what the stream should have brought, at the latest after this long. */
const POLL_SECONDS = 30;

export interface OrderDeps {
  site: Site;
  orders: Pick<OrdersClient, 'orderByToken'>;
}

/** `/orders/<token>`: the confirmation, which stays the shopper's view of the order. */
export function orderRoutes({ site, orders }: OrderDeps): Hono<WebEnv> {
  async function readOrder(c: Context<WebEnv>): Promise<ShopperOrder> {
    const token = c.req.param('token') ?? '';
    if (!isToken(token)) throw new HttpProblem(404, 'not_found');
    c.header('Cache-Control', 'no-store');
    c.header('X-Robots-Tag', 'noindex');
    const answer = await orders.orderByToken(token);
    if (!answer.ok) throw new HttpProblem(404, 'not_found');
    return answer.data;
  }

  return new Hono<WebEnv>()
    .get('/orders/:token', async (c) => {
      const order = await readOrder(c);
      return sendPage(
        c,
        <ShopPage site={site} title={order.number} cart={readCart(c)}>
          <OrderPage site={site} order={order} token={c.req.param('token')} />
        </ShopPage>,
      );
    })
    .get('/orders/:token/status', async (c) => {
      const order = await readOrder(c);
      if (c.req.query('version') === String(order.version)) return c.body(null, 204);
      const { word } = STATUS_WORDS[site.locale][order.status];
      return c.html(
        <>
          <hx-partial hx-target="#order-status" hx-swap="outerHTML">
            <OrderStatus site={site} order={order} />
          </hx-partial>
          <hx-partial hx-target="#announce" hx-swap="innerHTML">
            <span>{shopWords(site.locale).order.announce(word)}</span>
          </hx-partial>
          {!order.name && <hx-partial hx-target="#order-person" hx-swap="innerHTML" />}
        </>,
      );
    });
}

function OrderPage({ site, order, token }: { site: Site; order: ShopperOrder; token: string }) {
  const words = shopWords(site.locale).order;
  const money = (cents: number) => formatMoney(site, cents, order.currency);
  return (
    <article class="order">
      <h1>
        {words.heading} <span class="number nowrap">{order.number}</span>
      </h1>
      <section class="card" {...liveAttributes(order, token)}>
        <OrderStatus site={site} order={order} />
      </section>
      <section class="card">
        <h2>{words.what}</h2>
        <table class="order-lines">
          <thead>
            <tr>
              <th scope="col">{words.product}</th>
              <th scope="col" class="end">
                {words.quantity}
              </th>
              <th scope="col" class="end unit-price">
                {words.unitPrice}
              </th>
              <th scope="col" class="end">
                {words.lineTotal}
              </th>
            </tr>
          </thead>
          <tbody>
            {order.lines.map((line) => (
              <tr>
                <th scope="row" hx-ignore>
                  {line.name}
                </th>
                <td class="end">{line.quantity}</td>
                <td class="end money unit-price">{money(line.unitPriceCents)}</td>
                <td class="end money">{money(lineTotalCents(line))}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p class="cart-total">
          <span>{words.total}</span>
          <strong class="money">{money(order.totalCents)}</strong>
        </p>
        <p class="small muted" hx-ignore>
          <span id="order-person">
            {order.name && (
              <>
                {words.for} <bdi>{order.name}</bdi>
                <br />
              </>
            )}
          </span>
          {words.placedAt(formatTime(site, order.placedAt, 'full'))}
        </p>
      </section>
      <p class="muted">{words.keep}</p>
      <p>
        <a class="button" href="/">
          {words.back}
        </a>
      </p>
    </article>
  );
}

/** An order that can change no more needs neither stream nor question. */
function liveAttributes(order: ShopperOrder, token: string) {
  if (TRANSITIONS[order.status].length === 0) return {};
  return {
    id: 'order-live',
    'data-stream': `/live/order/${token}`,
    'data-cursor': order.cursor,
    'hx-get': `/orders/${token}/status`,
    'hx-include': '#order-version',
    'hx-trigger': `every ${POLL_SECONDS}s, refresh`,
    'hx-swap': 'none',
  };
}

function OrderStatus({ site, order }: { site: Site; order: ShopperOrder }) {
  const reachedAt: Partial<Record<Status, string>> = {};
  for (const { status, at } of order.history) reachedAt[status] = at;
  return <ShopperStatus status={order.status} version={order.version} reachedAt={reachedAt} format={site} />;
}

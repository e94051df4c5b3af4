import type { ShopperOrder } from '../../shared/contracts/order.ts';
import { type Status, TRANSITIONS } from '../../shared/contracts/status.ts';
import type { Site } from '../deps.ts';
import { formatMoney, formatTime } from '../fragments/format.ts';
import { OrderLines } from '../fragments/order-lines.tsx';
import { ShopperStatus } from '../fragments/shopper-status.tsx';
import { shopWords } from '../locales/shop.ts';

/** The page's own question, beside the stream: what the stream should have brought, at the latest after this long. */
const POLL_SECONDS = 30;

export function OrderPage({ site, order, token }: { site: Site; order: ShopperOrder; token: string }) {
  const words = shopWords(site.locale).order;
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
        <OrderLines format={site} order={order} />
        <p class="cart-total">
          <span>{words.total}</span>
          <strong class="money">{formatMoney(site, order.totalCents, order.currency)}</strong>
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
      <p class="muted on-screen">{words.keep}</p>
      <p class="order-actions on-screen">
        <a class="button" href="/">
          {words.back}
        </a>
        <button class="button with-script" type="button" data-print>
          {words.print}
        </button>
        {/* Shown by the status that stands above it, which changes by itself: see shop-order.css. */}
        {canChange(order) && (
          <a class="button plain order-cancel" href={`/orders/${token}/cancel`}>
            {words.cancel}
          </a>
        )}
      </p>
    </article>
  );
}

/** Whoever ended an order may take that back for a few seconds; a minute forgives clocks that differ. */
const MAY_COME_BACK_MS = 60_000;

function canChange({ status, placedAt, history }: ShopperOrder): boolean {
  const endedAt = Date.parse(history.at(-1)?.at ?? placedAt);
  return TRANSITIONS[status].length > 0 || Date.now() - endedAt < MAY_COME_BACK_MS;
}

/** An order that can change no more needs neither stream nor question. */
function liveAttributes(order: ShopperOrder, token: string) {
  if (!canChange(order)) return {};
  return {
    id: 'order-live',
    'data-stream': `/live/order/${token}`,
    'data-cursor': order.cursor,
    'hx-get': `/orders/${token}/status`,
    'hx-include': '#order-version, #order-now input',
    'hx-trigger': `every ${POLL_SECONDS}s, refresh`,
    'hx-swap': 'none',
  };
}

export function OrderStatus({ site, order }: { site: Site; order: ShopperOrder }) {
  const reachedAt: Partial<Record<Status, string>> = {};
  for (const { status, at } of order.history) reachedAt[status] = at;
  return <ShopperStatus status={order.status} version={order.version} reachedAt={reachedAt} format={site} />;
}

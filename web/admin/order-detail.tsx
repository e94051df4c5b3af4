import { raw } from 'hono/html';
import type { OrderDetail } from '../../shared/contracts/order.ts';
import { TRANSITIONS } from '../../shared/contracts/status.ts';
import type { SignedIn, Site } from '../deps.ts';
import { formatMoney, formatTime } from '../fragments/format.ts';
import { OrderLines } from '../fragments/order-lines.tsx';
import { statusBadge } from '../fragments/order-row.ts';
import { deskWords } from '../locales/desk.ts';
import { OrderClaim } from './order-claim.tsx';
import { OrderSteps } from './order-steps.tsx';
import { OrderTimeline } from './order-timeline.tsx';

interface OrderDetailProps {
  site: Site;
  detail: OrderDetail;
  admin: Pick<SignedIn, 'id' | 'name'>;
}

/**
 * Everything about one order that can change or be changed: what the order's page shows, and what replaces it.
 * It asks for itself with the version that it shows, and is answered 204 while that is the newest.
 */
export function OrderDetailPart({ site, detail, admin }: OrderDetailProps) {
  const { order } = detail;
  const words = deskWords(site.locale).order;
  return (
    <div
      id="order-detail"
      class="order-detail"
      data-id={order.id}
      data-version={order.version}
      data-number={order.number}
      data-claim={order.claim?.byId}
    >
      <section class="card order-summary" aria-labelledby="summary-heading">
        <h2 id="summary-heading" class="visually-hidden">
          {words.nextSteps}
        </h2>
        <p class="order-now">
          {raw(statusBadge(order.status, site))}
          <span>
            {words.placed} <time datetime={order.placedAt}>{formatTime(site, order.placedAt, 'full')}</time>
          </span>
        </p>
        <OrderClaim site={site} order={order} adminId={admin.id} />
        <OrderSteps site={site} order={order} place={{ view: 'all', onOrderPage: true }} />
        {TRANSITIONS[order.status].length === 0 && <p class="muted">{words.noSteps}</p>}
      </section>
      <section class="card" aria-labelledby="lines-heading">
        <h2 id="lines-heading">{words.lines}</h2>
        <OrderLines format={site} order={order}>
          <tr>
            <th scope="row" colspan={2}>
              {words.total}
            </th>
            <td class="unit-price" />
            <td class="end money">{formatMoney(site, order.totalCents, order.currency)}</td>
          </tr>
        </OrderLines>
      </section>
      <section class="card order-customer-card" aria-labelledby="customer-heading">
        <h2 id="customer-heading">{words.customer}</h2>
        {order.erasedAt ? (
          <p class="muted">
            {words.erasedOn} <time datetime={order.erasedAt}>{formatTime(site, order.erasedAt, 'full')}</time>
          </p>
        ) : (
          <dl class="facts" hx-ignore>
            <div>
              <dt>{words.name}</dt>
              <dd>
                <bdi>{order.name}</bdi>
              </dd>
            </div>
            <div>
              <dt>{words.email}</dt>
              <dd>
                <a href={`mailto:${encodeURIComponent(order.email)}`}>{order.email}</a>
              </dd>
            </div>
            {order.phone && (
              <div>
                <dt>{words.phone}</dt>
                <dd>
                  <a href={`tel:${order.phone.replace(/[^+\d]/g, '')}`}>{order.phone}</a>
                </dd>
              </div>
            )}
            {order.notes && (
              <div>
                <dt>{words.notes}</dt>
                <dd class="order-notes" dir="auto">
                  {order.notes}
                </dd>
              </div>
            )}
          </dl>
        )}
      </section>
      <section class="card" aria-labelledby="history-heading">
        <h2 id="history-heading">{words.history}</h2>
        <OrderTimeline site={site} detail={detail} adminName={admin.name} />
      </section>
    </div>
  );
}

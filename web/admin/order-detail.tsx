import { raw } from 'hono/html';
import { lineTotalCents } from '../../shared/contracts/money.ts';
import type { AdminOrder, OrderDetail } from '../../shared/contracts/order.ts';
import { TRANSITIONS } from '../../shared/contracts/status.ts';
import type { Site } from '../deps.ts';
import { formatMoney, formatTime } from '../fragments/format.ts';
import { statusBadge } from '../fragments/order-row.ts';
import { type DeskWords, deskWords } from '../locales/desk.ts';
import { ROW_WORDS } from '../locales/desk-row.ts';

/**
 * Everything about one order that can change or be changed: what the order's page shows, and what replaces it.
 * It asks for itself with the version that it shows, and is answered 204 while that is the newest.
 */
export function OrderDetailPart({ site, detail }: { site: Site; detail: OrderDetail }) {
  const { order } = detail;
  const words = deskWords(site.locale).order;
  return (
    <div id="order-detail" class="order-detail" data-id={order.id} data-version={order.version}>
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
        <StepForm site={site} order={order} />
      </section>
      <section class="card" aria-labelledby="lines-heading">
        <h2 id="lines-heading">{words.lines}</h2>
        <LineTable site={site} order={order} />
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
        <ol class="timeline" hx-ignore>
          {detail.history.map((entry) => (
            <li>
              {raw(statusBadge(entry.status, site))}
              <span class="small muted">
                <time datetime={entry.at}>{formatTime(site, entry.at, 'full')}</time>
                {whatHappened(entry, words)}
              </span>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

function whatHappened({ type, by }: OrderDetail['history'][number], words: DeskWords['order']): string {
  if (type === 'order.placed') return ` · ${words.placedEvent}`;
  if (type === 'order.erased') return ` · ${words.erasedEvent} ${by ? words.by(by) : words.byRetention}`;
  return by ? ` · ${words.by(by)}` : '';
}

function StepForm({ site, order }: { site: Site; order: AdminOrder }) {
  const words = ROW_WORDS[site.locale];
  const steps = TRANSITIONS[order.status];
  if (steps.length === 0) return <p class="muted">{deskWords(site.locale).order.noSteps}</p>;
  const action = `/admin/orders/${order.number}/status`;
  return (
    <form class="order-steps" method="post" action={action} hx-post={action} hx-swap="none" hx-sync="this:drop">
      <input type="hidden" name="version" value={String(order.version)} />
      <input type="hidden" name="page" value="order" />
      {steps.map((step) =>
        step === 'annulee' ? (
          <button
            type="submit"
            name="status"
            value={step}
            class="button plain"
            data-confirm={words.confirmCancel(order.number)}
          >
            {words.step[step]}
          </button>
        ) : (
          <button type="submit" name="status" value={step} class="button primary">
            {words.step[step]}
          </button>
        ),
      )}
    </form>
  );
}

function LineTable({ site, order }: { site: Site; order: AdminOrder }) {
  const words = deskWords(site.locale).order;
  const money = (cents: number) => formatMoney(site, cents, order.currency);
  return (
    <table class="line-table">
      <thead>
        <tr>
          <th scope="col">{words.article}</th>
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
      <tbody hx-ignore>
        {order.lines.map((line) => (
          <tr>
            <td>{line.name}</td>
            <td class="end number">{line.quantity}</td>
            <td class="end money unit-price">{money(line.unitPriceCents)}</td>
            <td class="end money">{money(lineTotalCents(line))}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colspan={2}>
            {words.total}
          </th>
          <td class="unit-price" />
          <td class="end money">{money(order.totalCents)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

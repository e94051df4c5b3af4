import { Hono } from 'hono';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import type { Site, WebDeps, WebEnv } from '../deps.ts';
import { formatNumber, formatTime } from '../fragments/format.ts';
import { PAGE_ROWS } from '../fragments/live-update.tsx';
import { sendPage } from '../layout.tsx';
import { statusWord } from '../locales/desk.ts';
import { pageWords } from '../locales/page.ts';
import { paperWords } from '../locales/paper.ts';
import { expectData } from './answers.ts';
import { QuietPage } from './desk-page.tsx';
import { type Place, placePath, readPlace } from './order-place.ts';
import { findPicked, readNumbers } from './picked-orders.ts';

/** `GET /admin/orders/print` — packing slips of the orders that are named, or of a page of the table. */
export function printRoutes({ site, orders }: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/admin/orders/print', async (c) => {
    const { session } = c.var.admin;
    const query = new URL(c.req.url).searchParams;
    const numbers = readNumbers(query);
    if (numbers.length > 0) {
      const { found, missing } = await findPicked(orders, session, numbers);
      const status = found.length === 0 ? 404 : 200;
      return sendPage(c, <SlipPage site={site} admin={c.var.admin} orders={found} missing={missing} />, status);
    }
    const { filter, before, above, wrong } = readPlace(query);
    if (wrong.size > 0) return c.redirect(`/admin/orders?${query}`, 303);
    const list = expectData(await orders.listOrders(session, { ...filter, before, above, limit: PAGE_ROWS }));
    return sendPage(c, <SlipPage site={site} admin={c.var.admin} orders={list.orders} missing={[]} />);
  });
}

/** Where «Imprimer» leads from a page of the table. */
export const printPath = (place: Place) => placePath('/admin/orders/print', place);

interface SlipPageProps {
  site: Site;
  admin: WebEnv['Variables']['admin'];
  orders: readonly AdminOrder[];
  missing: readonly string[];
}

/** On paper the slips alone, each on a page of its own. */
function SlipPage({ site, admin, orders, missing }: SlipPageProps) {
  const { slip: words, print } = paperWords(site.locale);
  return (
    <QuietPage site={site} admin={admin} current="orders" title={words.titles(orders.length)}>
      <p class="print-tools">
        <a class="button" href="/admin/orders">
          ← {words.back}
        </a>
        {orders.length > 0 && (
          <button type="button" class="button primary with-script" data-print>
            {print}
          </button>
        )}
      </p>
      {missing.length > 0 && (
        <p class="alert warning print-tools" role="alert" hx-ignore>
          {words.missing(missing.join(', '))}
        </p>
      )}
      {orders.length === 0 && missing.length === 0 && <p class="muted">{words.none}</p>}
      {orders.map((order) => (
        <Slip site={site} order={order} />
      ))}
    </QuietPage>
  );
}

/** What has to go into the parcel, and whose it is. No prices: some parcels are presents. */
function Slip({ site, order }: { site: Site; order: AdminOrder }) {
  const { slip: words } = paperWords(site.locale);
  const count = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return (
    <article class="card slip" aria-label={order.number} hx-ignore>
      <header class="slip-head">
        <p>
          <b>{pageWords(site.locale).shopName}</b>
          <br />
          {words.title}
        </p>
        <div>
          <h2>{order.number}</h2>
          <p>
            {words.placed} <time datetime={order.placedAt}>{formatTime(site, order.placedAt, 'full')}</time>
            {order.status === 'annulee' && <strong> · {statusWord(site.locale, 'annulee')}</strong>}
          </p>
        </div>
      </header>
      <dl class="slip-who">
        <div>
          <dt>{words.customer}</dt>
          <dd>
            {order.erasedAt ? (
              words.erased
            ) : (
              <>
                <bdi>{order.name}</bdi>
                <br />
                {order.email}
                {order.phone && (
                  <>
                    <br />
                    {order.phone}
                  </>
                )}
              </>
            )}
          </dd>
        </div>
        {order.notes && (
          <div>
            <dt>{words.notes}</dt>
            <dd class="order-notes" dir="auto">
              {order.notes}
            </dd>
          </div>
        )}
      </dl>
      <table>
        <thead>
          <tr>
            <th scope="col" class="end">
              {words.quantity}
            </th>
            <th scope="col">{words.article}</th>
            <th scope="col" class="slip-done">
              {words.done}
            </th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map(({ quantity, name }) => (
            <tr>
              <td class="end number">{formatNumber(site, quantity)}</td>
              <td>{name}</td>
              <td class="slip-done">
                <span class="slip-box" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="slip-count">{words.items(count)}</p>
    </article>
  );
}

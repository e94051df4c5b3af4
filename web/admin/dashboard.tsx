import { Hono } from 'hono';
import { raw } from 'hono/html';
import type { Stats } from '../../shared/contracts/order.ts';
import { STATUSES } from '../../shared/contracts/status.ts';
import type { Site, WebDeps, WebEnv } from '../deps.ts';
import { formatMoney, formatNumber, formatTime } from '../fragments/format.ts';
import { statusBadge } from '../fragments/order-row.ts';
import { sendPage } from '../layout.tsx';
import { deskWords } from '../locales/desk.ts';
import { expectData } from './answers.ts';
import { DeskPage } from './desk-page.tsx';
import { takeFlash } from './flash.ts';

/** `/admin`, the figures of the shop, and `/admin/figures`, what its polls and «Actualiser» ask for. */
export function dashboardRoutes(deps: WebDeps): Hono<WebEnv> {
  const { site, orders } = deps;
  return new Hono<WebEnv>()
    .get('/admin', async (c) => {
      const stats = expectData(await orders.stats(c.var.admin.session));
      const words = deskWords(site.locale).dashboard;
      return sendPage(
        c,
        <DeskPage
          site={site}
          adminName={c.var.admin.name}
          role={c.var.admin.role}
          title={words.title}
          current="dashboard"
          heading={words.title}
          pollSeconds={deps.dashboardPollSeconds}
          refreshHref="/admin"
          refreshAttributes={{ 'hx-get': '/admin/figures', 'hx-target': '#figures', 'hx-swap': 'outerMorph' }}
          cursor={stats.cursor}
          streamUrl="/live/orders?view=all"
          flash={takeFlash(c)}
        >
          <div
            id="poll"
            hx-get="/admin/figures"
            hx-trigger={`every ${deps.dashboardPollSeconds}s, desk:ask`}
            hx-target="#figures"
            hx-swap="outerMorph"
          >
            <Figures site={site} stats={stats} />
          </div>
          <p>
            <a class="button primary" href="/admin/orders">
              {words.seeOrders}
            </a>
          </p>
        </DeskPage>,
      );
    })

    .get('/admin/figures', async (c) => {
      const stats = expectData(await orders.stats(c.var.admin.session));
      // Midnight changes the figures too, without an event.
      if (c.req.query('after') === stats.cursor && c.req.query('day') === stats.today.day) return c.body(null, 204);
      return c.html(<Figures site={site} stats={stats} />);
    });
}

function Figures({ site, stats }: { site: Site; stats: Stats }) {
  const words = deskWords(site.locale).dashboard;
  const money = (cents: number) => formatMoney(site, cents, stats.currency);
  const { today } = stats;
  return (
    <div id="figures" class="figures" data-cursor={stats.cursor} data-day={today.day}>
      <section aria-labelledby="today-heading">
        <h2 id="today-heading">{words.today}</h2>
        <dl class="tiles">
          <Tile label={words.ordersToday} value={formatNumber(site, today.orders)} />
          <Tile label={words.revenueToday} value={money(today.revenueCents)} />
          <Tile
            label={words.averageToday}
            value={today.orders > 0 ? money(Math.round(today.revenueCents / today.orders)) : '—'}
          />
        </dl>
        <p class="muted small">{words.without}</p>
      </section>
      <section aria-labelledby="status-heading">
        <h2 id="status-heading">{words.byStatus}</h2>
        <ul class="status-list">
          {STATUSES.map((status) => (
            <li>
              <a href={`/admin/orders?view=${status}`}>
                {raw(statusBadge(status, site))}
                <b class="number">{formatNumber(site, stats.counts[status])}</b>
              </a>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="week-heading">
        <h2 id="week-heading">{words.week}</h2>
        <Week site={site} days={stats.days} money={money} />
      </section>
    </div>
  );
}

function Tile({ label, value }: { label: string; value: string }) {
  return (
    <div class="card tile">
      <dt>{label}</dt>
      <dd class="number">{value}</dd>
    </div>
  );
}

/** Seven bars that are a table to whoever reads instead of looks; the bar repeats the revenue beside it. */
function Week({ site, days, money }: { site: Site; days: Stats['days']; money: (cents: number) => string }) {
  const words = deskWords(site.locale).dashboard;
  const best = Math.max(1, ...days.map((day) => day.revenueCents));
  return (
    <table class="week">
      <thead>
        <tr>
          <th scope="col">{words.day}</th>
          <th scope="col" class="end">
            {words.orders}
          </th>
          <th scope="col" colspan={2}>
            {words.revenue}
          </th>
        </tr>
      </thead>
      <tbody>
        {days.map((day) => (
          <tr>
            <th scope="row">
              {/* Noon, so that no time zone moves the day. */}
              <time datetime={day.day}>
                {formatTime({ ...site, timeZone: 'UTC' }, `${day.day}T12:00:00Z`, 'weekday')}
              </time>
            </th>
            <td class="end number">{formatNumber(site, day.orders)}</td>
            <td class="week-bar">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect width={String((100 * day.revenueCents) / best)} height="10" rx="1" />
              </svg>
            </td>
            <td class="end money">{money(day.revenueCents)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

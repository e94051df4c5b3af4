import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { OrderFilter } from '../../shared/contracts/order-filter.ts';
import { PERIODS, type Period, type Stats } from '../../shared/contracts/stats.ts';
import { STATUSES, type Status } from '../../shared/contracts/status.ts';
import type { Site } from '../deps.ts';
import { formatMoney, formatNumber, formatWholeMoney } from '../fragments/format.ts';
import { statusBadge } from '../fragments/order-row.ts';
import { dashboardWords, durationWords } from '../locales/dashboard.ts';
import { placePath } from './order-place.ts';
import { dayWords, SalesChart } from './sales-chart.tsx';

/** From here on cents only make a sum harder to read. */
const LARGE_CENTS = 1_000_000;

interface FiguresProps {
  site: Site;
  stats: Stats;
  period: Period;
}

/** All that the dashboard counts; it asks for itself with the cursor and the day that it shows. */
export function Figures({ site, stats, period }: FiguresProps) {
  const words = dashboardWords(site.locale);
  const { from, to } = stats.period;
  // Figures that are behind are asked for anew, also where nothing happens.
  const cursor = stats.behind === 0 ? stats.cursor : '';
  return (
    <div id="figures" class="figures" data-cursor={cursor} data-day={stats.today.day}>
      {stats.behind > 0 && <p class="alert info">{words.behind(formatNumber(site, stats.behind))}</p>}
      <Now site={site} counts={stats.counts} />
      <nav class="view-tabs" aria-label={words.period}>
        {PERIODS.map((one) => (
          <a href={periodPath('/admin', one)} {...(one === period ? { 'aria-current': 'page' as const } : {})}>
            {words.periods[one]}
          </a>
        ))}
      </nav>
      <Tiles site={site} stats={stats} />
      <section class="by-day" aria-labelledby="days-heading">
        <h2 id="days-heading">{words.chart}</h2>
        <SalesChart
          site={site}
          days={stats.days}
          currency={stats.currency}
          isShown={(day) => day >= from && day <= to}
        />
        <DayTable site={site} stats={stats} />
      </section>
      <BestProducts site={site} stats={stats} />
      <section aria-labelledby="status-heading">
        <h2 id="status-heading">{words.byStatus}</h2>
        <ul class="status-list">
          {STATUSES.map((status) => (
            <li>
              <StatusCount site={site} status={status} count={stats.period.statuses[status]} days={{ from, to }} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** @param path of the dashboard, or of what its polls ask for */
export function periodPath(path: string, period: Period): string {
  return period === 'today' ? path : `${path}?period=${period}`;
}

const listPath = (filter: OrderFilter) => placePath('/admin/orders', { filter, before: undefined });

/** What waits for somebody, whenever it was placed. */
function Now({ site, counts }: { site: Site; counts: Stats['counts'] }) {
  const words = dashboardWords(site.locale);
  return (
    <section class="now" aria-labelledby="now-heading">
      <h2 id="now-heading">{words.now}</h2>
      {(['en_attente', 'en_cours'] as const).map((status) => (
        <StatusCount site={site} status={status} count={counts[status]} />
      ))}
      <a class="button primary small" href="/admin/orders">
        {words.seeOrders}
      </a>
    </section>
  );
}

interface StatusCountProps {
  site: Site;
  status: Status;
  count: number;
  days?: { from: string; to: string };
}

function StatusCount({ site, status, count, days }: StatusCountProps) {
  return (
    <a class="status-count" href={listPath({ status, ...days })}>
      {raw(statusBadge(status, site))}
      <b class="number">{formatNumber(site, count)}</b>
    </a>
  );
}

function Tiles({ site, stats }: { site: Site; stats: Stats }) {
  const words = dashboardWords(site.locale);
  const { from, to, orders, statuses, revenueCents, averageCents, medianSeconds } = stats.period;
  const started = statuses.en_cours + statuses.terminee;
  const money = (cents: number) => formatMoney(site, cents, stats.currency);
  const wait = (seconds: number | null) => (seconds === null ? '—' : durationWords(site.locale, seconds));
  const days = { from, to };
  return (
    <section aria-labelledby="tiles-heading">
      <h2 id="tiles-heading" class="visually-hidden">
        {words.figures}
      </h2>
      <dl class="tiles">
        <Tile label={words.orders} href={listPath(days)}>
          {formatNumber(site, orders)}
        </Tile>
        <Tile label={words.revenue} hint={words.without} href={listPath({ ...days, stage: 'sold' })}>
          {revenueCents < LARGE_CENTS ? money(revenueCents) : formatWholeMoney(site, revenueCents, stats.currency)}
        </Tile>
        <Tile label={words.average} hint={words.without} href={listPath({ ...days, stage: 'sold' })}>
          {averageCents === null ? '—' : money(averageCents)}
        </Tile>
        <Tile
          label={words.started}
          hint={words.startedHint(started, formatNumber(site, started))}
          href={listPath({ ...days, stage: 'started' })}
        >
          {wait(medianSeconds.en_cours)}
        </Tile>
        <Tile
          label={words.finished}
          hint={words.finishedHint(statuses.terminee, formatNumber(site, statuses.terminee))}
          href={listPath({ ...days, status: 'terminee' })}
        >
          {wait(medianSeconds.terminee)}
        </Tile>
      </dl>
    </section>
  );
}

function Tile({ label, hint, href, children }: { label: string; hint?: string; href: string; children: Child }) {
  return (
    <div class="card tile">
      <dt>{label}</dt>
      <dd>
        <a class="number" href={href}>
          {children}
        </a>
      </dd>
      {hint && <dd class="tile-hint">{hint}</dd>}
    </div>
  );
}

/** What the chart shows, for whoever reads instead of looks. */
function DayTable({ site, stats }: { site: Site; stats: Stats }) {
  const words = dashboardWords(site.locale);
  return (
    <details class="day-table">
      <summary>{words.asTable}</summary>
      <table class="line-table week">
        <thead>
          <tr>
            <th scope="col">{words.day}</th>
            <th scope="col" class="end">
              {words.orders}
            </th>
            <th scope="col" class="end">
              {words.revenue}
            </th>
          </tr>
        </thead>
        <tbody>
          {stats.days.toReversed().map(({ day, orders, revenueCents }) => (
            <tr>
              <th scope="row">
                <a href={listPath({ from: day, to: day })}>
                  <time datetime={day}>{dayWords(site, day, stats.days.length > 7 ? 'day' : 'weekday')}</time>
                </a>
              </th>
              <td class="end number">{formatNumber(site, orders)}</td>
              <td class="end money">
                <a href={listPath({ from: day, to: day, stage: 'sold' })}>
                  {formatMoney(site, revenueCents, stats.currency)}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function BestProducts({ site, stats }: { site: Site; stats: Stats }) {
  const words = dashboardWords(site.locale);
  const { products, from, to } = stats.period;
  const most = Math.max(1, ...products.map(({ revenueCents }) => revenueCents));
  return (
    <section class="best-products" aria-labelledby="best-heading">
      <h2 id="best-heading">{words.best}</h2>
      {products.length === 0 ? (
        <p class="muted">{words.nothingSold}</p>
      ) : (
        <table class="line-table">
          <thead>
            <tr>
              <th scope="col">{words.product}</th>
              <th scope="col" class="end">
                {words.sold}
              </th>
              <th scope="col" class="end" colspan={2}>
                {words.revenue}
              </th>
            </tr>
          </thead>
          <tbody>
            {products.map(({ productId, name, quantity, revenueCents }) => (
              <tr>
                <th scope="row" hx-ignore>
                  <a href={listPath({ from, to, stage: 'sold', product: productId })}>{name}</a>
                </th>
                <td class="end number">{formatNumber(site, quantity)}</td>
                <td class="share">
                  <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={String((100 * revenueCents) / most)} height="10" />
                  </svg>
                </td>
                <td class="end money">{formatMoney(site, revenueCents, stats.currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

import { raw } from 'hono/html';
import type { OrderList } from '../../shared/contracts/order.ts';
import type { SignedIn, Site } from '../deps.ts';
import { formatNumber } from '../fragments/format.ts';
import { counterWords } from '../locales/counter.ts';
import { deskWords } from '../locales/desk.ts';
import { STATUS_WORDS } from '../locales/status.ts';
import { DeskPage } from './desk-page.tsx';
import { OPEN_STATUSES } from './list-open-orders.ts';
import { KEEP, renderRows } from './order-table-page.tsx';

interface CounterPageProps {
  site: Site;
  admin: SignedIn;
  list: OrderList;
  pollSeconds: number;
  flash: string | undefined;
}

/**
 * The order table for a tablet that stands beside the till all day: what is still to be done, in large rows.
 * Full screen, sound and a screen that stays on are the browser's to give, each upon a touch: see desk/counter.ts.
 */
export function CounterPage({ site, admin, list, pollSeconds, flash }: CounterPageProps) {
  const words = counterWords(site.locale);
  const columns = Object.entries(deskWords(site.locale).orders.columns);
  return (
    <DeskPage
      site={site}
      adminName={admin.name}
      adminId={admin.id}
      role={admin.role}
      title={words.title}
      current="counter"
      manifest={site.file('counter.webmanifest')}
      heading={words.title}
      pollSeconds={pollSeconds}
      refreshHref="/admin/counter"
      refreshAttributes={{ 'hx-get': '/admin/counter/rows', 'hx-swap': 'none' }}
      cursor={list.cursor}
      streamUrl="/live/orders?view=all"
      flash={flash}
    >
      <div class="counter-bar">
        <p class="counter-counts">
          {OPEN_STATUSES.map((status) => (
            <span class={`badge ${status}`}>
              <span aria-hidden="true">{STATUS_WORDS[site.locale][status].sign}</span>{' '}
              {STATUS_WORDS[site.locale][status].word}{' '}
              <b data-count={status}>{formatNumber(site, list.counts[status])}</b>
            </span>
          ))}
        </p>
        <p class="counter-start with-script">
          <span id="counter-awake" class="muted small" role="status" />
          <button id="counter-start" type="button" class="button primary" aria-describedby="counter-hint">
            {words.start}
          </button>
          <span id="counter-hint" class="muted small">
            {words.startHint}
          </span>
          <button id="counter-leave" type="button" class="button" hidden>
            {words.leaveFullscreen}
          </button>
        </p>
      </div>
      <div class="order-table-frame">
        <button id="waiting-pill" type="button" class="waiting-pill" hidden />
        <table
          id="order-table"
          class="order-table counter-table without-email without-phone"
          {...KEEP.table}
          hx-get="/admin/counter/rows"
          hx-trigger={`every ${pollSeconds}s, desk:ask`}
          hx-swap="none"
        >
          <caption class="visually-hidden">{words.caption}</caption>
          <thead {...KEEP.rowgroup}>
            <tr {...KEEP.row}>
              <th {...KEEP.columnheader} scope="col" class="order-pick" />
              {columns.map(([name, word]) => (
                <th {...KEEP.columnheader} scope="col" class={`order-${name}`}>
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody
            id="order-rows"
            {...KEEP.rowgroup}
            data-view="all"
            data-statuses={OPEN_STATUSES.join(' ')}
            data-newest={list.newest ?? ''}
            data-time-zone={site.timeZone}
          >
            {raw(renderRows(list, 'all', site))}
          </tbody>
        </table>
        <div class="order-table-empty">
          <p>{words.empty}</p>
          <p class="muted small">{words.emptyHint}</p>
        </div>
      </div>
      <p class="counter-more">
        {list.next !== null && <span class="muted">{words.more} </span>}
        <a href="/admin/orders">{words.all}</a>
      </p>
    </DeskPage>
  );
}

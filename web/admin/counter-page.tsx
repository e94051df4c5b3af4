import type { OrderList } from '../../shared/contracts/order.ts';
import type { SignedIn, Site } from '../deps.ts';
import { formatNumber } from '../fragments/format.ts';
import { counterWords } from '../locales/counter.ts';
import { STATUS_WORDS } from '../locales/status.ts';
import { DeskPage } from './desk-page.tsx';
import { OPEN_STATUSES } from './list-open-orders.ts';
import { OrderTableFrame } from './order-table-frame.tsx';

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
  return (
    <DeskPage
      site={site}
      admin={admin}
      title={words.title}
      current="counter"
      manifest={site.file(`counter.${site.locale}.webmanifest`)}
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
      <OrderTableFrame
        site={site}
        list={list}
        view="all"
        class="counter-table without-email without-phone"
        caption={words.caption}
        rowsPath="/admin/counter/rows"
        pollSeconds={pollSeconds}
        rowsData={{ 'data-statuses': OPEN_STATUSES.join(' ') }}
      >
        <p>{words.empty}</p>
        <p class="muted small">{words.emptyHint}</p>
      </OrderTableFrame>
      <p class="counter-more">
        {list.next !== null && <span class="muted">{words.more} </span>}
        <a href="/admin/orders">{words.all}</a>
      </p>
    </DeskPage>
  );
}

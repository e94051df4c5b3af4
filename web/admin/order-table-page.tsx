import type { OrderList } from '../../shared/contracts/order.ts';
import { CLAIM_FILTERS } from '../../shared/contracts/order-filter.ts';
import type { SavedView } from '../../shared/contracts/saved-view.ts';
import { VIEWS } from '../../shared/contracts/status.ts';
import type { SignedIn, Site } from '../deps.ts';
import { formatNumber, formatTime } from '../fragments/format.ts';
import { deskWords, viewWord } from '../locales/desk.ts';
import { orderFilterWords } from '../locales/order-filter.ts';
import { STATUS_WORDS } from '../locales/status.ts';
import { teamworkWords } from '../locales/teamwork.ts';
import { BulkBar } from './bulk-change.tsx';
import { DeskPage } from './desk-page.tsx';
import { type FilterInUrl, writeFilter } from './filter-in-url.ts';
import { OrderFilterForm } from './order-filter-form.tsx';
import { type Place, placePath, viewOf } from './order-place.ts';
import { OrderTableFrame } from './order-table-frame.tsx';
import { PaperLinks } from './paper-links.tsx';
import { SavedViewsMenu, SavedViewTabs } from './saved-views.tsx';
import { ColumnPicker, columnClasses } from './table-columns.tsx';

interface OrderTablePageProps {
  site: Site;
  admin: SignedIn;
  place: Place;
  /** The filter as it was asked for, with what could not be understood. */
  asked: FilterInUrl & Place;
  /** Of the product that is filtered by, if one is and it is known. */
  productName: string | undefined;
  list: OrderList;
  views: readonly SavedView[];
  columns: Parameters<typeof columnClasses>[0];
  pollSeconds: number;
  flash: string | undefined;
}

export function OrderTablePage({ site, admin, place, asked, list, views, columns, ...page }: OrderTablePageProps) {
  const words = deskWords(site.locale).orders;
  const filterWords = orderFilterWords(site.locale);
  const { pickAll } = teamworkWords(site.locale).bulk;
  const { filter, before } = place;
  const view = viewOf(filter);
  const { status: _, ...narrower } = filter;
  const isNarrower = Object.values(narrower).some((member) => member !== undefined);
  const isSearchingUp = list.searchedUntil !== null && asked.above !== undefined && list.previous !== null;
  const here = placePath('/admin/orders', place);
  const rowsPath = placePath('/admin/orders/rows', place);
  const query = writeFilter(filter).toString();
  const pages = (turn: Pick<Place, 'before' | 'above'>) => placePath('/admin/orders', { filter, ...turn });
  return (
    <DeskPage
      site={site}
      admin={admin}
      title={words.title}
      current="orders"
      heading={
        <>
          <span aria-hidden="true">📦</span> {words.heading}
        </>
      }
      pollSeconds={page.pollSeconds}
      refreshHref={here}
      refreshAttributes={{ 'hx-get': rowsPath, 'hx-swap': 'none' }}
      cursor={list.cursor}
      streamUrl="/live/orders?view=all"
      flash={page.flash}
    >
      <div class="order-controls">
        <div class="order-tabs">
          <nav class="view-tabs" aria-label={words.filter}>
            <StatusTabs site={site} list={list} place={place} isSaved={views.some((saved) => saved.query === query)} />
            <SavedViewTabs views={views} query={query} />
          </nav>
          <ClaimTabs site={site} place={place} />
        </div>
        {asked.wrong.size > 0 && (
          <p class="alert warning" role="alert">
            {filterWords.wrongTitle}
          </p>
        )}
        <div class="table-tools">
          <OrderFilterForm site={site} {...asked} productName={page.productName} />
          <div class="table-menus">
            <SavedViewsMenu site={site} views={views} query={query} />
            <ColumnPicker site={site} shown={columns} back={here} />
            <PaperLinks site={site} role={admin.role} place={place} />
          </div>
        </div>
      </div>
      <OrderTableFrame
        site={site}
        list={list}
        view={view}
        class={columnClasses(columns)}
        caption={words.caption}
        rowsPath={rowsPath}
        pollSeconds={page.pollSeconds}
        pick={<input id="pick-all" type="checkbox" class="with-script" aria-label={pickAll} />}
        rowsData={{
          'data-before': before ?? '',
          'data-next': list.next ?? '',
          'data-filter': isNarrower ? JSON.stringify(filter) : undefined,
        }}
      >
        <p>{list.searchedUntil ? filterWords.nothingYet : isNarrower ? filterWords.nothing : words.empty}</p>
        {isNarrower && (
          <p>
            <a href={placePath('/admin/orders', { filter: { status: filter.status }, before: undefined })}>
              {filterWords.clear}
            </a>
          </p>
        )}
        {!isNarrower && before === undefined && <p class="muted small">{words.emptyHint}</p>}
      </OrderTableFrame>
      <BulkBar site={site} view={view} role={admin.role} />
      {list.searchedUntil && (
        <p class="searched muted small">{filterWords.searched(formatTime(site, list.searchedUntil, 'full'))}</p>
      )}
      <nav class="pages" aria-label="Pages">
        {before !== undefined && (
          <>
            <a class="button small" href={pages({ before: undefined })}>
              ⇈ {words.newest}
            </a>
            <a class="button small" rel="prev" href={pages({ before: undefined, above: list.previous ?? undefined })}>
              ↑ {isSearchingUp ? filterWords.searchOn : filterWords.newer}
            </a>
          </>
        )}
        <a
          id="older-orders"
          class="button small"
          rel="next"
          href={pages({ before: list.next ?? undefined })}
          hidden={list.next === null}
        >
          ↓ {list.searchedUntil && !isSearchingUp ? filterWords.searchOn : words.older}
        </a>
      </nav>
    </DeskPage>
  );
}

interface StatusTabsProps {
  site: Site;
  list: OrderList;
  place: Place;
  /** One of the saved views is where one is. */
  isSaved: boolean;
}

/** Every status with its count of all orders; a tab keeps what else is asked for. */
function StatusTabs({ site, list, place, isSaved }: StatusTabsProps) {
  const total = Object.values(list.counts).reduce((sum, count) => sum + count, 0);
  return (
    <>
      {VIEWS.map((view) => (
        <a
          href={placePath('/admin/orders', {
            filter: { ...place.filter, status: view === 'all' ? undefined : view },
            before: undefined,
          })}
          {...(view === viewOf(place.filter) && !isSaved ? { 'aria-current': 'page' as const } : {})}
        >
          {view !== 'all' && <span aria-hidden="true">{STATUS_WORDS[site.locale][view].sign}</span>}
          <span>{viewWord(site.locale, view)}</span>
          <b data-count={view}>{formatNumber(site, view === 'all' ? total : list.counts[view])}</b>
        </a>
      ))}
    </>
  );
}

/** Whose orders: nobody's yet, one's own, the others'. A tab keeps what else is asked for. */
function ClaimTabs({ site, place: { filter } }: { site: Site; place: Place }) {
  const words = teamworkWords(site.locale).filter;
  return (
    <nav class="claim-tabs" aria-label={words.label}>
      {([undefined, ...CLAIM_FILTERS] as const).map((claim) => (
        <a
          href={placePath('/admin/orders', { filter: { ...filter, claim }, before: undefined })}
          {...(claim === filter.claim ? { 'aria-current': 'page' as const } : {})}
        >
          {words[claim ?? 'all']}
        </a>
      ))}
    </nav>
  );
}

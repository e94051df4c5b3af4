import type { Context } from 'hono';
import { Hono } from 'hono';
import { raw } from 'hono/html';
import { Counter } from 'prom-client';
import { parseCursor } from '../../shared/contracts/cursor.ts';
import type { OrderList } from '../../shared/contracts/order.ts';
import type { Role } from '../../shared/contracts/role.ts';
import { VIEWS, View } from '../../shared/contracts/status.ts';
import type { Site, WebDeps, WebEnv } from '../deps.ts';
import { escapeHtml } from '../fragments/escape-html.ts';
import { formatNumber } from '../fragments/format.ts';
import { PAGE_ROWS, renderLiveState, renderLiveUpdate } from '../fragments/live-update.tsx';
import { renderOrderRow } from '../fragments/order-row.ts';
import { sendPage } from '../layout.tsx';
import { deskWords, viewWord } from '../locales/desk.ts';
import { STATUS_WORDS } from '../locales/status.ts';
import { expectData } from './answers.ts';
import { DeskPage } from './desk-page.tsx';
import { takeFlash } from './flash.ts';
import { updatesSince } from './updates-since.ts';

/** What the stream brings within this time needs no rescue: a poll may simply have been faster. */
const RESCUE_AFTER_MS = 2000;

/** `/admin/orders`, the order table, and `/admin/orders/rows`, what its polls and «Actualiser» ask for. */
export function orderTableRoutes(deps: WebDeps): Hono<WebEnv> {
  const { site, orders } = deps;
  const rescued = new Counter({
    name: 'poll_rescued_events_total',
    help: 'Events that a poll found and the stream should have brought before; the goal is 0',
    registers: [deps.registry],
  });

  async function listPlace(c: Context<WebEnv>) {
    const place = readPlace(c);
    const { session } = c.var.admin;
    const query = { status: place.view === 'all' ? undefined : place.view, before: place.before, limit: PAGE_ROWS };
    return { place, list: expectData(await orders.listOrders(session, query)) };
  }

  return new Hono<WebEnv>()
    .get('/admin/orders', async (c) => {
      const { place, list } = await listPlace(c);
      return sendPage(
        c,
        <OrderTablePage
          site={site}
          adminName={c.var.admin.name}
          role={c.var.admin.role}
          place={place}
          list={list}
          pollSeconds={deps.ordersPollSeconds}
          flash={takeFlash(c)}
        />,
      );
    })

    .get('/admin/orders/rows', async (c) => {
      const after = c.req.query('after');
      if (after !== undefined && parseCursor(after)) {
        const since = await updatesSince(orders, c.var.admin.session, readPlace(c).view, after);
        if (since.kind === 'nothing') return c.body(null, 204);
        if (since.kind === 'update') {
          const missed = since.events.filter(({ at }) => Date.now() - Date.parse(at) > RESCUE_AFTER_MS);
          rescued.inc(missed.length);
          return c.html(renderLiveUpdate(since.update, site));
        }
      }
      const { place, list } = await listPlace(c);
      return c.html(renderRowsAnew(place, list, site));
    });
}

/** Which part of the orders a page shows. */
interface Place {
  view: View;
  /** Only orders older than this one; undefined on the first page. */
  before: number | undefined;
}

function readPlace(c: Context<WebEnv>): Place {
  const view = View.safeParse(c.req.query('view'));
  const before = c.req.query('before') ?? '';
  return {
    view: view.success ? view.data : 'all',
    before: /^[1-9][0-9]{0,14}$/.test(before) ? Number(before) : undefined,
  };
}

function placePath(path: string, { view, before }: Place): string {
  const query = new URLSearchParams();
  if (view !== 'all') query.set('view', view);
  if (before !== undefined) query.set('before', String(before));
  return query.size ? `${path}?${query}` : path;
}

/** All rows of the page, when news alone no longer do. The body carries what the open one must know. */
function renderRowsAnew(place: Place, list: OrderList, site: Site): string {
  const rows = list.orders.map((order) => renderOrderRow(order, place.view, true, site)).join('');
  return (
    `<hx-partial hx-target="#order-rows" hx-swap="all-rows"><tbody data-cursor="${escapeHtml(list.cursor)}" data-next="${list.next ?? ''}">` +
    `${rows}</tbody></hx-partial>${renderLiveState({ ...list, omitted: 0, placedElsewhere: [] }, site)}`
  );
}

/** On a phone the rows are cards by CSS, and a table that is no longer displayed as one loses its meaning. */
const KEEP = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
} as const;

interface OrderTablePageProps {
  site: Site;
  adminName: string;
  role: Role;
  place: Place;
  list: OrderList;
  pollSeconds: number;
  flash: string | undefined;
}

function OrderTablePage({ site, adminName, role, place, list, pollSeconds, flash }: OrderTablePageProps) {
  const words = deskWords(site.locale).orders;
  const { columns } = words;
  const rowsPath = placePath('/admin/orders/rows', place);
  const rows = list.orders.map((order) => renderOrderRow(order, place.view, true, site)).join('');
  return (
    <DeskPage
      site={site}
      adminName={adminName}
      role={role}
      title={words.title}
      current="orders"
      heading={
        <>
          <span aria-hidden="true">📦</span> {words.heading}
        </>
      }
      pollSeconds={pollSeconds}
      refreshHref={placePath('/admin/orders', place)}
      refreshAttributes={{ 'hx-get': rowsPath, 'hx-swap': 'none' }}
      cursor={list.cursor}
      streamUrl={`/live/orders?view=${place.view}`}
      flash={flash}
    >
      <ViewTabs site={site} list={list} current={place.view} />
      <div class="order-table-frame">
        <button id="waiting-pill" type="button" class="waiting-pill" hidden />
        <table
          id="order-table"
          class="order-table"
          {...KEEP.table}
          hx-get={rowsPath}
          hx-trigger={`every ${pollSeconds}s, desk:ask`}
          hx-swap="none"
        >
          <caption class="visually-hidden">{words.caption}</caption>
          <thead {...KEEP.rowgroup}>
            <tr {...KEEP.row}>
              {Object.entries(columns).map(([name, word]) => (
                <th {...KEEP.columnheader} scope="col" class={`order-${name}`}>
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody
            id="order-rows"
            {...KEEP.rowgroup}
            data-view={place.view}
            data-before={place.before ?? ''}
            data-next={list.next ?? ''}
          >
            {raw(rows)}
          </tbody>
        </table>
        <div class="order-table-empty">
          <p>{words.empty}</p>
          {place.before === undefined && <p class="muted small">{words.emptyHint}</p>}
        </div>
      </div>
      <nav class="pages" aria-label="Pages">
        {place.before !== undefined && (
          <a class="button small" href={placePath('/admin/orders', { view: place.view, before: undefined })}>
            ↑ {words.newest}
          </a>
        )}
        <a
          id="older-orders"
          class="button small"
          href={placePath('/admin/orders', { view: place.view, before: list.next ?? undefined })}
          hidden={list.next === null}
        >
          ↓ {words.older}
        </a>
      </nav>
    </DeskPage>
  );
}

function ViewTabs({ site, list, current }: { site: Site; list: OrderList; current: View }) {
  const total = Object.values(list.counts).reduce((sum, count) => sum + count, 0);
  return (
    <nav class="view-tabs" aria-label={deskWords(site.locale).orders.filter}>
      {VIEWS.map((view) => (
        <a
          href={placePath('/admin/orders', { view, before: undefined })}
          {...(view === current ? { 'aria-current': 'page' as const } : {})}
        >
          {view !== 'all' && <span aria-hidden="true">{STATUS_WORDS[site.locale][view].sign}</span>}
          <span>{viewWord(site.locale, view)}</span>
          <b data-count={view}>{formatNumber(site, view === 'all' ? total : list.counts[view])}</b>
        </a>
      ))}
    </nav>
  );
}

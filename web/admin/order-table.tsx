import type { Context } from 'hono';
import { Hono } from 'hono';
import { Counter } from 'prom-client';
import { parseCursor } from '../../shared/contracts/cursor.ts';
import type { OrderList } from '../../shared/contracts/order.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { escapeHtml } from '../fragments/escape-html.ts';
import { PAGE_ROWS, renderLiveState, renderLiveUpdate } from '../fragments/live-update.tsx';
import { sendPage } from '../layout.tsx';
import { expectData } from './answers.ts';
import { takeFlash } from './flash.ts';
import { type Place, readPlace, viewOf } from './order-place.ts';
import { OrderTablePage, renderRows } from './order-table-page.tsx';
import { readColumns } from './table-columns.tsx';
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
  const placeOf = (c: Context<WebEnv>) => readPlace(new URL(c.req.url).searchParams);

  async function listPlace(c: Context<WebEnv>, { filter, before, above }: Place) {
    const query = { ...filter, before, above, limit: PAGE_ROWS };
    const list = expectData(await orders.listOrders(c.var.admin.session, query));
    return { list, before: firstOlder(list, { before, above }) };
  }

  return new Hono<WebEnv>()
    .get('/admin/orders', async (c) => {
      const asked = placeOf(c);
      const [{ list, before }, { views }] = await Promise.all([
        listPlace(c, asked),
        orders.savedViews(c.var.admin.session).then(expectData),
      ]);
      return sendPage(
        c,
        <OrderTablePage
          site={site}
          admin={c.var.admin}
          place={{ filter: asked.filter, before }}
          asked={asked}
          list={list}
          views={views}
          columns={readColumns(c)}
          pollSeconds={deps.ordersPollSeconds}
          flash={takeFlash(c)}
        />,
        asked.wrong.size > 0 ? 400 : 200,
      );
    })

    .get('/admin/orders/rows', async (c) => {
      const place = placeOf(c);
      const view = viewOf(place.filter);
      const after = c.req.query('after');
      if (after !== undefined && parseCursor(after)) {
        // As the stream does it: rows of the view, and the page knows which of them its filter leaves.
        const since = await updatesSince(orders, c.var.admin.session, view, after);
        if (since.kind === 'nothing') return c.body(null, 204);
        if (since.kind === 'update') {
          const missed = since.events.filter(({ at }) => Date.now() - Date.parse(at) > RESCUE_AFTER_MS);
          rescued.inc(missed.length);
          return c.html(renderLiveUpdate({ ...since.update, rescued: missed.length }, site));
        }
      }
      const { list } = await listPlace(c, place);
      // All rows of the page, when news alone no longer do. The body carries what the open page must know.
      return c.html(
        `<hx-partial hx-target="#order-rows" hx-swap="all-rows"><tbody data-cursor="${escapeHtml(list.cursor)}" data-next="${list.next ?? ''}">` +
          `${renderRows(list, view, site)}</tbody></hx-partial>${renderLiveState({ ...list, omitted: 0, placedElsewhere: [] }, site)}`,
      );
    });
}

/** Where a page begins that was asked for by what is older than all of it; undefined on the first page. */
function firstOlder(list: OrderList, { before, above }: Pick<Place, 'before' | 'above'>): number | undefined {
  if (above === undefined) return before;
  return list.previous === null ? undefined : list.previous + 1;
}

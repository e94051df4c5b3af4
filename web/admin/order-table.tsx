import type { Context } from 'hono';
import { Hono } from 'hono';
import type { OrderList } from '../../shared/contracts/order.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { PAGE_ROWS } from '../fragments/live-update.tsx';
import { sendPage } from '../layout.tsx';
import type { AnswerPoll } from './answer-poll.ts';
import { expectData } from './answers.ts';
import { takeFlash } from './flash.ts';
import { type Place, readPlace, viewOf } from './order-place.ts';
import { OrderTablePage } from './order-table-page.tsx';
import { readColumns } from './table-columns.tsx';

/** `/admin/orders`, the order table, and `/admin/orders/rows`, what its polls and «Actualiser» ask for. */
export function orderTableRoutes(deps: WebDeps, answerPoll: AnswerPoll): Hono<WebEnv> {
  const { site, orders } = deps;
  const placeOf = (c: Context<WebEnv>) => readPlace(new URL(c.req.url).searchParams);

  async function listPlace(c: Context<WebEnv>, { filter, before, above }: Place, more: { with?: 'views' } = {}) {
    const query = { ...filter, before, above, limit: PAGE_ROWS, ...more };
    const list = expectData(await orders.listOrders(c.var.admin.session, query));
    return { list, before: firstOlder(list, { before, above }) };
  }

  async function nameOf(c: Context<WebEnv>, productId: number): Promise<string | undefined> {
    const answer = await orders.productById(c.var.admin.session, productId);
    return answer.ok ? answer.data.name : undefined;
  }

  return new Hono<WebEnv>()
    .get('/admin/orders', async (c) => {
      const asked = placeOf(c);
      const [{ list, before }, productName] = await Promise.all([
        listPlace(c, asked, { with: 'views' }),
        asked.filter.product === undefined ? undefined : nameOf(c, asked.filter.product),
      ]);
      const views = list.views ?? expectData(await orders.savedViews(c.var.admin.session)).views;
      return sendPage(
        c,
        <OrderTablePage
          site={site}
          admin={c.var.admin}
          place={{ filter: asked.filter, before }}
          asked={asked}
          productName={productName}
          list={list}
          views={views}
          columns={readColumns(c)}
          pollSeconds={deps.ordersPollSeconds}
          flash={takeFlash(c)}
        />,
        asked.wrong.size > 0 ? 400 : 200,
      );
    })

    .get('/admin/orders/rows', (c) => {
      const place = placeOf(c);
      return answerPoll(c, viewOf(place.filter), async () => (await listPlace(c, place)).list);
    });
}

/** Where a page begins that was asked for by what is older than all of it; undefined on the first page. */
function firstOlder(list: OrderList, { before, above }: Pick<Place, 'before' | 'above'>): number | undefined {
  if (above === undefined) return before;
  return list.previous === null ? undefined : list.previous + 1;
}

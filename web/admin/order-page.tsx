import { Hono } from 'hono';
import type { WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { deskWords } from '../locales/desk.ts';
import { teamworkWords } from '../locales/teamwork.ts';
import { expectData } from './answers.ts';
import { DeskPage } from './desk-page.tsx';
import { takeFlash } from './flash.ts';
import { NoteForm } from './note-order.tsx';
import { OrderDetailPart } from './order-detail.tsx';

/** `/admin/orders/<number>`, one order, and `…/detail`, its changing part for polls and «Actualiser». */
export function orderPageRoutes(deps: WebDeps): Hono<WebEnv> {
  const { site, orders } = deps;
  return new Hono<WebEnv>()
    .get('/admin/orders/:number', async (c) => {
      const detail = expectData(await orders.orderByNumber(c.var.admin.session, c.req.param('number')));
      const { number } = detail.order;
      const words = deskWords(site.locale).order;
      const teamwork = teamworkWords(site.locale).page;
      const href = `/admin/orders/${number}`;
      return sendPage(
        c,
        <DeskPage
          site={site}
          adminName={c.var.admin.name}
          role={c.var.admin.role}
          title={words.heading(number)}
          current="order"
          heading={words.heading(number)}
          pollSeconds={deps.ordersPollSeconds}
          refreshHref={href}
          refreshAttributes={{ 'hx-get': `${href}/detail`, 'hx-target': '#order-detail', 'hx-swap': 'outerMorph' }}
          cursor={detail.cursor}
          streamUrl="/live/orders?view=all"
          adminId={c.var.admin.id}
          flash={takeFlash(c)}
        >
          <p class="order-links">
            <a href="/admin/orders">← {words.back}</a>
            <span>
              <a href={`/orders/${detail.token}`}>{teamwork.shopperPage}</a>
              <a href={`/admin/orders/print?number=${number}`}>{teamwork.print}</a>
            </span>
          </p>
          <div
            id="poll"
            class="order-page"
            hx-get={`${href}/detail`}
            hx-trigger={`every ${deps.ordersPollSeconds}s, desk:ask`}
            hx-target="#order-detail"
            hx-swap="outerMorph"
          >
            <OrderDetailPart site={site} detail={detail} adminId={c.var.admin.id} />
            <NoteForm site={site} number={number} />
          </div>
        </DeskPage>,
      );
    })

    .get('/admin/orders/:number/detail', async (c) => {
      const detail = expectData(await orders.orderByNumber(c.var.admin.session, c.req.param('number')));
      if (c.req.query('version') === String(detail.order.version)) return c.body(null, 204);
      return c.html(<OrderDetailPart site={site} detail={detail} adminId={c.var.admin.id} />);
    });
}

import { Hono } from 'hono';
import type { OrderDetail } from '../../shared/contracts/order.ts';
import type { SignedIn, WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { deskWords } from '../locales/desk.ts';
import { teamworkWords } from '../locales/teamwork.ts';
import { sendHtml } from '../send-html.ts';
import { expectData } from './answers.ts';
import { DeskPage } from './desk-page.tsx';
import { takeFlash } from './flash.ts';
import { NoteForm, type RefusedNote } from './note-form.tsx';
import { OrderDetailPart } from './order-detail.tsx';

/** `/admin/orders/<number>`, one order, and `…/detail`, its changing part for polls and «Actualiser». */
export function orderPageRoutes(deps: WebDeps): Hono<WebEnv> {
  const { site, orders } = deps;
  return new Hono<WebEnv>()
    .get('/admin/orders/:number', async (c) => {
      const detail = expectData(await orders.orderByNumber(c.var.admin.session, c.req.param('number')));
      return sendPage(c, <OrderPage deps={deps} admin={c.var.admin} detail={detail} flash={takeFlash(c)} />);
    })

    .get('/admin/orders/:number/detail', async (c) => {
      const detail = expectData(await orders.orderByNumber(c.var.admin.session, c.req.param('number')));
      if (c.req.query('version') === String(detail.order.version)) return c.body(null, 204);
      return sendHtml(c, <OrderDetailPart site={site} detail={detail} admin={c.var.admin} />);
    });
}

interface OrderPageProps {
  deps: Pick<WebDeps, 'site' | 'ordersPollSeconds'>;
  admin: SignedIn;
  detail: OrderDetail;
  flash?: string | undefined;
  refused?: RefusedNote | undefined;
}

export function OrderPage({ deps, admin, detail, flash, refused }: OrderPageProps) {
  const { site, ordersPollSeconds } = deps;
  const { number } = detail.order;
  const words = deskWords(site.locale).order;
  const teamwork = teamworkWords(site.locale).page;
  const href = `/admin/orders/${number}`;
  return (
    <DeskPage
      site={site}
      admin={admin}
      title={words.heading(number)}
      current="order"
      heading={
        <>
          {words.heading('')}
          <span class="number nowrap">{number}</span>
        </>
      }
      pollSeconds={ordersPollSeconds}
      refreshHref={href}
      refreshAttributes={{ 'hx-get': `${href}/detail`, 'hx-target': '#order-detail', 'hx-swap': 'outerMorph' }}
      cursor={detail.cursor}
      streamUrl="/live/orders?view=all"
      flash={flash}
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
        hx-trigger={`every ${ordersPollSeconds}s, desk:ask`}
        hx-target="#order-detail"
        hx-swap="outerMorph"
      >
        <OrderDetailPart site={site} detail={detail} admin={admin} />
        <NoteForm site={site} number={number} refused={refused} />
      </div>
    </DeskPage>
  );
}

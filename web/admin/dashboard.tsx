import { type Context, Hono } from 'hono';
import { Period } from '../../shared/contracts/stats.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { dashboardWords } from '../locales/dashboard.ts';
import { sendHtml } from '../send-html.ts';
import { expectData } from './answers.ts';
import { Figures, periodPath } from './dashboard-figures.tsx';
import { DeskPage } from './desk-page.tsx';
import { takeFlash } from './flash.ts';

/** `/admin`, the figures of the shop, and `/admin/figures`, what its polls and «Actualiser» ask for. */
export function dashboardRoutes(deps: WebDeps): Hono<WebEnv> {
  const { site, orders } = deps;
  return new Hono<WebEnv>()
    .get('/admin', async (c) => {
      const period = readPeriod(c);
      const stats = expectData(await orders.stats(c.var.admin.session, period));
      const { title } = dashboardWords(site.locale);
      const ask = { 'hx-get': periodPath('/admin/figures', period), 'hx-target': '#figures', 'hx-swap': 'outerMorph' };
      return sendPage(
        c,
        <DeskPage
          site={site}
          admin={c.var.admin}
          title={title}
          current="dashboard"
          heading={title}
          pollSeconds={deps.dashboardPollSeconds}
          refreshHref={periodPath('/admin', period)}
          refreshAttributes={ask}
          cursor={stats.cursor}
          streamUrl="/live/orders?view=all"
          flash={takeFlash(c)}
        >
          <div id="poll" {...ask} hx-trigger={`every ${deps.dashboardPollSeconds}s, desk:ask`}>
            <Figures site={site} stats={stats} period={period} />
          </div>
        </DeskPage>,
      );
    })

    .get('/admin/figures', async (c) => {
      const period = readPeriod(c);
      const stats = expectData(await orders.stats(c.var.admin.session, period));
      // Midnight changes the figures too, without an event.
      if (c.req.query('after') === stats.cursor && c.req.query('day') === stats.today.day) return c.body(null, 204);
      return sendHtml(c, <Figures site={site} stats={stats} period={period} />);
    });
}

function readPeriod(c: Context<WebEnv>): Period {
  const period = Period.safeParse(c.req.query('period'));
  return period.success ? period.data : 'today';
}

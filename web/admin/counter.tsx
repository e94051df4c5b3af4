import { Hono } from 'hono';
import type { WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import type { AnswerPoll } from './answer-poll.ts';
import { CounterPage } from './counter-page.tsx';
import { takeFlash } from './flash.ts';
import { listOpenOrders } from './list-open-orders.ts';

/** `/admin/counter`, «Mode comptoir», and `/admin/counter/rows`, what its polls ask for. */
export function counterRoutes({ site, orders, ordersPollSeconds }: WebDeps, answerPoll: AnswerPoll): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/admin/counter', async (c) =>
      sendPage(
        c,
        <CounterPage
          site={site}
          admin={c.var.admin}
          list={await listOpenOrders(orders, c.var.admin.session)}
          pollSeconds={ordersPollSeconds}
          flash={takeFlash(c)}
        />,
      ),
    )
    .get('/admin/counter/rows', (c) =>
      answerPoll(c, 'all', async () => ({ ...(await listOpenOrders(orders, c.var.admin.session)), next: null })),
    );
}

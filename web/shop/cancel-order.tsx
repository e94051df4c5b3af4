import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { Status } from '../../shared/contracts/status.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Site, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { shopWords } from '../locales/shop.ts';
import { STATUS_WORDS } from '../locales/status.ts';
import type { OrdersClient } from '../orders-client.ts';
import { readForm } from '../read-form.ts';
import { readOrder, readToken } from './read-order.ts';
import { readCart } from './shop-cookies.ts';
import { ShopPage } from './shop-page.tsx';

export interface CancelOrderDeps {
  site: Site;
  orders: Pick<OrdersClient, 'orderByToken' | 'cancelOrder'>;
}

/**
 * `/orders/<token>/cancel`: asks, and then takes the order back while nobody has begun with it. It names the version
 * that the shopper saw, and may be sent as often as it takes to be answered.
 */
export function cancelOrderRoutes({ site, orders }: CancelOrderDeps): Hono<WebEnv> {
  const words = shopWords(site.locale).cancelOrder;

  return new Hono<WebEnv>()
    .get('/orders/:token/cancel', async (c) => {
      const order = await readOrder(c, orders);
      if (order.status !== 'en_attente') return c.redirect(`/orders/${readToken(c)}`, 303);
      return send(c, 200, { number: order.number, version: order.version });
    })
    .post('/orders/:token/cancel', async (c) => {
      const token = readToken(c);
      const version = readVersion((await readForm(c)).get('version'));
      const answer = await orders.cancelOrder(token, version).catch((error: unknown) => {
        if (error instanceof HttpProblem) return undefined;
        throw error;
      });
      // Nobody knows whether it is cancelled, and sending it once more does no harm.
      if (!answer) return send(c, 503, { version, notice: [words.noAnswerHeading, words.noAnswer] });
      if (answer.ok) return c.redirect(`/orders/${token}`, 303);
      const { code, current } = answer.problem;
      if (code === 'stale_version') {
        const order = await readOrder(c, orders);
        const notice: Notice = [words.changedHeading, words.changed];
        return send(c, 409, { number: order.number, version: order.version, notice });
      }
      const status = Status.safeParse(current?.status);
      if (code !== 'bad_transition' || !status.success) throw new HttpProblem(404, 'not_found');
      // The shop was faster, with the same intent: the order's page says so.
      if (status.data === 'annulee') return c.redirect(`/orders/${token}`, 303);
      return send(c, 409, { notice: [words.lateHeading, words.late(STATUS_WORDS[site.locale][status.data].word)] });
    });

  function send(c: Context<WebEnv>, status: ContentfulStatusCode, props: Omit<CancelPageProps, 'site' | 'token'>) {
    return sendPage(
      c,
      <ShopPage site={site} title={words.heading} cart={readCart(c)}>
        <CancelPage site={site} token={readToken(c)} {...props} />
      </ShopPage>,
      status,
    );
  }
}

type Notice = readonly [heading: string, text: string];

interface CancelPageProps {
  site: Site;
  token: string;
  number?: string;
  /** What is to be cancelled; absent when it is too late. */
  version?: number;
  notice?: Notice;
}

function CancelPage({ site, token, number, version, notice }: CancelPageProps) {
  const words = shopWords(site.locale).cancelOrder;
  const isPossible = version !== undefined;
  return (
    <div class="single-card card">
      <h1>{isPossible ? words.heading : notice?.[0]}</h1>
      {number && <p class="number">{number}</p>}
      {notice && (
        <div class="alert warning" role="alert" tabindex={-1} autofocus>
          {isPossible && <p class="alert-heading">{notice[0]}</p>}
          <p>{notice[1]}</p>
        </div>
      )}
      {isPossible ? (
        <form method="post" action={`/orders/${token}/cancel`}>
          <input type="hidden" name="version" value={String(version)} />
          <p>{words.text}</p>
          <p class="order-actions">
            <button class="button danger" type="submit">
              {words.confirm}
            </button>
            <a class="button" href={`/orders/${token}`}>
              {words.keep}
            </a>
          </p>
        </form>
      ) : (
        <p class="order-actions">
          <a class="button primary" href={`/orders/${token}`}>
            {words.see}
          </a>
        </p>
      )}
    </div>
  );
}

/** Number() also takes 0x1 and 1e0, which our form never sends. */
function readVersion(text: string | undefined): number {
  if (!text || !/^[1-9][0-9]{0,9}$/.test(text) || Number(text) > 2_147_483_647)
    throw new HttpProblem(400, 'validation', { detail: 'The form lacks its version.' });
  return Number(text);
}

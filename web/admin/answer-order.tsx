import type { Context } from 'hono';
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import { isInView, View } from '../../shared/contracts/status.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { asks } from '../error-pages.tsx';
import { renderBareRow } from '../fragments/order-row.ts';
import { sendHtml } from '../send-html.ts';
import { leaveFlash } from './flash.ts';
import { OrderDetailPart } from './order-detail.tsx';
import type { FormPlace } from './order-steps.tsx';

/** What a form about one order came to. */
export interface Outcome {
  status: 200 | 400 | 404 | 409 | 503;
  /** The order after the change; undefined when nothing was changed, and it has to be looked at anew. */
  order?: AdminOrder;
  /** What was done, or why not. */
  text: string;
  /** What stands beside the text on an open page: a way back, or what can be done instead with the order as it is. */
  offer?: (order: AdminOrder) => Child;
  /** Further parts of an open page. */
  also?: Child;
}

/**
 * Answers a form about one order with the order as it is now, wherever it is shown, and a sentence: in a toast of the
 * open page, or on the page that a browser without JavaScript is sent back to.
 */
export async function answerOrder(
  c: Context<WebEnv>,
  { site, orders }: Pick<WebDeps, 'site' | 'orders'>,
  { number, view, onOrderPage }: FormPlace & { number: string },
  { status, order, text, offer, also }: Outcome,
): Promise<Response> {
  if (asks(c) !== 'part') {
    leaveFlash(c, text);
    const back = onOrderPage ? `/admin/orders/${encodeURIComponent(number)}` : '/admin/orders';
    return c.redirect(view === 'all' || onOrderPage ? back : `${back}?view=${view}`, 303);
  }
  // The page and the history need more than the changed order; so does a row that somebody else changed.
  const detail =
    onOrderPage || (!order && status === 409)
      ? await attempt(() => orders.orderByNumber(c.var.admin.session, number))
      : undefined;
  const found = detail && detail !== 'unavailable' && detail.ok ? detail.data : undefined;
  const now = order ?? found?.order;
  const offered = now && offer?.(now);
  return sendHtml(
    c,
    <>
      {!onOrderPage && now && (
        <hx-partial hx-target="#order-rows" hx-swap="rows">
          {raw(renderBareRow(now, isInView(view, now.status), site))}
        </hx-partial>
      )}
      {onOrderPage && found && (
        <hx-partial hx-target="#order-detail" hx-swap="outerMorph">
          <OrderDetailPart site={site} detail={found} admin={c.var.admin} />
        </hx-partial>
      )}
      <hx-partial hx-target="#toasts" hx-swap="beforeend">
        <div class={`toast ${status === 200 ? 'toast-done' : 'toast-error'}`}>
          <p>{text}</p>
          {offered}
        </div>
      </hx-partial>
      {also}
    </>,
    status,
  );
}

/** Whatever the orders service said; `unavailable` when it said nothing, and a change may or may not be made. */
export async function attempt<Data>(ask: () => Promise<Data>): Promise<Data | 'unavailable'> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HttpProblem && error.status === 503) return 'unavailable';
    throw error;
  }
}

/** Where the form that was sent stands. */
export function readPlace(form: ReadonlyMap<string, string>): FormPlace {
  const view = View.safeParse(form.get('view'));
  return { view: view.success ? view.data : 'all', onOrderPage: form.get('page') === 'order' };
}

/** Number() also takes 0x1 and 1e0, which our forms never send. */
export function readVersion(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : undefined;
}

import type { Context } from 'hono';
import { Hono } from 'hono';
import { raw } from 'hono/html';

import { type AdminOrder, ChangeStatusInput } from '../../shared/contracts/order.ts';
import type { Problem } from '../../shared/contracts/problem.ts';
import { isInView, Status, View } from '../../shared/contracts/status.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Site, WebDeps, WebEnv } from '../deps.ts';
import { asks } from '../error-pages.tsx';
import { renderOrderRow } from '../fragments/order-row.ts';
import { sendPage } from '../layout.tsx';
import { deskWords, statusWord } from '../locales/desk.ts';
import { timeAgo } from '../locales/time-ago.ts';
import { readForm } from '../read-form.ts';
import { refusal } from './answers.ts';
import { ConfirmCancelPage } from './confirm-cancel.tsx';
import { leaveFlash } from './flash.ts';
import { OrderDetailPart } from './order-detail.tsx';

/** What the form of a row, or of an order's page, says. */
interface Change {
  number: string;
  status: Status;
  version: number;
  view: View;
  /** The form stands on the order's own page. */
  onOrderPage: boolean;
  confirmed: boolean;
}

/** `POST /admin/orders/<number>/status`, from a row of the table and from the order's own page. */
export function changeStatusRoutes({ site, orders }: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().post('/admin/orders/:number/status', async (c) => {
    const change = await readChange(c);
    // Cancelling cannot be undone. The page asks first; where it cannot, this does.
    if (change.status === 'annulee' && !change.confirmed) {
      return sendPage(c, <ConfirmCancelPage site={site} adminName={c.var.admin.name} change={change} />);
    }
    const { number, status, version } = change;
    const answer = await attempt(() => orders.changeStatus(c.var.admin.session, number, { status, version }));
    if (answer === 'unavailable') return tell(c, change, 503, deskWords(site.locale).change.unknown);
    if (answer.ok) {
      return tell(c, change, 200, undefined, answer.data);
    }
    const text = explain(site, answer.problem);
    if (text === undefined) throw refusal(answer.problem);
    return tell(c, change, answer.problem.status === 404 ? 404 : 409, text);
  });

  /**
   * Answers with the order as it is now and, when there is something to say, a sentence.
   * @param text why nothing was changed; undefined when it was
   */
  async function tell(
    c: Context<WebEnv>,
    change: Change,
    status: 200 | 404 | 409 | 503,
    text: string | undefined,
    order?: AdminOrder,
  ): Promise<Response> {
    const { number, onOrderPage, view } = change;
    const words = deskWords(site.locale);
    const done = order && words.change.done(number, statusWord(site.locale, order.status));
    if (asks(c) !== 'part') {
      leaveFlash(c, text ?? done ?? '');
      const back = onOrderPage ? `/admin/orders/${encodeURIComponent(number)}` : '/admin/orders';
      return c.redirect(view === 'all' || onOrderPage ? back : `${back}?view=${view}`, 303);
    }
    // The page and the history need more than the changed order; so does a row that somebody else changed.
    const detail =
      onOrderPage || (!order && status === 409)
        ? await attempt(() => orders.orderByNumber(c.var.admin.session, number))
        : undefined;
    const found = detail && detail !== 'unavailable' && detail.ok ? detail.data : undefined;
    const row = onOrderPage ? undefined : (order ?? found?.order);
    return c.html(
      <>
        {row && (
          <hx-partial hx-target="#order-rows" hx-swap="rows">
            {raw(renderOrderRow(row, view, isInView(view, row.status), site))}
          </hx-partial>
        )}
        {onOrderPage && found && (
          <hx-partial hx-target="#order-detail" hx-swap="outerMorph">
            <OrderDetailPart site={site} detail={found} />
          </hx-partial>
        )}
        {text !== undefined && (
          <hx-partial hx-target="#toasts" hx-swap="beforeend">
            <p class="toast toast-error">{text}</p>
          </hx-partial>
        )}
        {done && (
          <hx-partial hx-target="#announce" hx-swap="textContent">
            {done}
          </hx-partial>
        )}
      </>,
      status,
    );
  }
}

/** Whatever the orders service said; `unavailable` when it said nothing, and a change may or may not be made. */
async function attempt<Data>(ask: () => Promise<Data>): Promise<Data | 'unavailable'> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HttpProblem && error.status === 503) return 'unavailable';
    throw error;
  }
}

/** A refusal in the admin's words; undefined when there are none for it. */
function explain(site: Site, problem: Problem): string | undefined {
  const words = deskWords(site.locale).change;
  if (problem.code === 'not_found') return words.gone;
  if (problem.code !== 'stale_version' && problem.code !== 'bad_transition') return undefined;
  const status = Status.safeParse(problem.current?.status);
  if (!problem.current || !status.success)
    return problem.code === 'stale_version' ? words.staleUnknown('…') : undefined;
  const word = statusWord(site.locale, status.data);
  if (problem.code === 'bad_transition') return words.impossible(word);
  const { changedBy, changedAt } = problem.current;
  return changedBy
    ? words.stale(changedBy, word, timeAgo(site.locale, Date.now() - Date.parse(changedAt)))
    : words.staleUnknown(word);
}

async function readChange(c: Context<WebEnv>): Promise<Change> {
  const form = await readForm(c);
  const version = form.get('version') ?? '';
  const input = ChangeStatusInput.safeParse({
    status: form.get('status'),
    // Number() also takes 0x1 and 1e0, which our forms never send.
    version: /^[1-9][0-9]{0,9}$/.test(version) ? Number(version) : undefined,
  });
  if (!input.success) throw new HttpProblem(400, 'validation', { detail: 'The form lacks its status or version.' });
  const view = View.safeParse(form.get('view'));
  return {
    number: c.req.param('number') as string,
    ...input.data,
    view: view.success ? view.data : 'all',
    onOrderPage: form.get('page') === 'order',
    confirmed: form.get('confirmed') === '1',
  };
}

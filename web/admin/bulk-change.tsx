import type { Context } from 'hono';
import { Hono } from 'hono';
import { raw } from 'hono/html';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import { may, type Role } from '../../shared/contracts/role.ts';
import { isInView, STATUSES, Status, View } from '../../shared/contracts/status.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Site, WebDeps, WebEnv } from '../deps.ts';
import { drawnOnce } from '../drawn-once.ts';
import { asks } from '../error-pages.tsx';
import { renderBareRow } from '../fragments/order-row.ts';
import { sendPage } from '../layout.tsx';
import { statusWord } from '../locales/desk.ts';
import { ROW_WORDS } from '../locales/desk-row.ts';
import { teamworkWords } from '../locales/teamwork.ts';
import { readFields } from '../read-form.ts';
import { sendHtml } from '../send-html.ts';
import { attempt, readVersion } from './answer-order.tsx';
import { BulkConfirmPage, BulkResult, BulkResultPage, tablePath } from './bulk-pages.tsx';
import { explainRefusal } from './explain-refusal.ts';
import { leaveFlash } from './flash.ts';

const MAX_BULK_ORDERS = 200;
/** What a form of ours could send at most: whoever sends more than may be changed is told how many may. */
const MAX_ROWS = 400;
/** As many as orders has connections for changes: more would only wait there. */
const AT_ONCE = 3;
/** Less than a page may take in all: what has not begun by then is told not to have been. */
const BEGIN_WITHIN_MS = 5_000;

interface Picked {
  number: string;
  version: number;
}

interface BulkChange {
  /** What is to be done; undefined when no button was pressed. */
  to: Status | 'undo' | undefined;
  view: View;
  orders: Picked[];
  confirmed: boolean;
}

/**
 * `POST /admin/orders/bulk` — one status for many orders, or their last change undone. Each is a change of its own, with the version that was seen
 * and an answer of its own: some may be refused, and the result says of each what became of it.
 */
export function bulkChangeRoutes(deps: WebDeps): Hono<WebEnv> {
  const { site } = deps;
  const words = teamworkWords(site.locale).bulk;
  return new Hono<WebEnv>().post('/admin/orders/bulk', async (c) => {
    const change = await readBulkChange(c);
    const { to } = change;
    if (!to || change.orders.length === 0) return refuse(c, change.view, words.nothing);
    if (change.orders.length > MAX_BULK_ORDERS) return refuse(c, change.view, words.tooMany(MAX_BULK_ORDERS));
    if (to === 'annulee' && !change.confirmed) {
      return sendPage(c, <BulkConfirmPage site={site} change={change} />);
    }
    const beginUntil = performance.now() + BEGIN_WITHIN_MS;
    const results: BulkResult[] = [];
    const waiting = [...change.orders.entries()];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [i, order] = next;
        results[i] =
          performance.now() < beginUntil
            ? await changeOne(c, deps, order, to)
            : { number: order.number, kind: 'failed', text: words.notDone };
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return asks(c) === 'part'
      ? sendHtml(c, <BulkAnswer site={site} view={change.view} results={results} />)
      : sendPage(c, <BulkResultPage site={site} view={change.view} results={results} canUndo={to !== 'undo'} />);
  });
}

async function changeOne(
  c: Context<WebEnv>,
  { site, orders }: WebDeps,
  { number, version }: Picked,
  to: Status | 'undo',
): Promise<BulkResult> {
  const { session } = c.var.admin;
  const answer = await attempt(() =>
    to === 'undo'
      ? orders.undoChange(session, number, version)
      : orders.changeStatus(session, number, { status: to, version }),
  );
  if (answer === 'unavailable') return { number, kind: 'failed', text: teamworkWords(site.locale).bulk.unknown };
  if (answer.ok) {
    const { data: order } = answer;
    return { number, kind: 'done', text: statusWord(site.locale, order.status), order };
  }
  const text = explainRefusal(site, answer.problem) ?? teamworkWords(site.locale).bulk.notDone;
  const now = await attempt(() => orders.orderByNumber(session, number));
  return { number, kind: 'failed', text, ...(now !== 'unavailable' && now.ok && { order: now.data.order }) };
}

/** Rows as they are now, and a line of the result for each. */
function BulkAnswer({ site, view, results }: { site: Site; view: View; results: readonly BulkResult[] }) {
  const rows = results
    .map(({ order }) => order)
    .filter((order): order is AdminOrder => order !== undefined)
    .map((order) => renderBareRow(order, isInView(view, order.status), site))
    .join('');
  return (
    <>
      <hx-partial hx-target="#order-rows" hx-swap="rows">
        {raw(rows)}
      </hx-partial>
      <hx-partial hx-target="#bulk-results" hx-swap="beforeend">
        {results.map((result) => (
          <BulkResult {...result} />
        ))}
      </hx-partial>
    </>
  );
}

/** What can be done with the selected rows. Without JavaScript it is always there, below the table. */
export const BulkBar = drawnOnce<{ view: View; role: Role }>(({ site, view, role }) => {
  const words = teamworkWords(site.locale).bulk;
  return (
    <form id="bulk" class="bulk-bar" method="post" action="/admin/orders/bulk" aria-label={words.label} data-empty>
      <input type="hidden" name="view" value={view} />
      <p id="bulk-count" class="bulk-count with-script" role="status" />
      <div class="bulk-steps">
        {STATUSES.slice(1).map((status) => (
          <button
            type="submit"
            name="status"
            value={status}
            class={`button small ${status === 'en_cours' ? 'primary' : ''}`}
          >
            {ROW_WORDS[site.locale].step[status]}
          </button>
        ))}
        <a id="bulk-print" class="button small with-script" href="/admin/orders/print">
          {words.print}
        </a>
        {may(role, 'export_orders') && (
          <a id="bulk-export" class="button small with-script" href="/admin/orders.csv">
            {words.export}
          </a>
        )}
        <button id="bulk-none" type="button" class="button plain small with-script">
          {words.none}
        </button>
      </div>
      <p id="bulk-progress" class="bulk-progress" hidden>
        <progress aria-label={words.results} />
        <span />
        <button type="button" class="button small">
          {words.stop}
        </button>
      </p>
      <div class="bulk-outcome" hidden>
        <p id="bulk-summary" role="status" />
        <button id="bulk-undo" type="button" class="button small" hidden>
          {words.undo}
        </button>
        <ul id="bulk-results" />
      </div>
    </form>
  );
});

function refuse(c: Context<WebEnv>, view: View, text: string): Response | Promise<Response> {
  if (asks(c) !== 'part') {
    leaveFlash(c, text);
    return c.redirect(tablePath(view), 303);
  }
  return sendHtml(
    c,
    <hx-partial hx-target="#toasts" hx-swap="beforeend">
      <p class="toast toast-error">{text}</p>
    </hx-partial>,
    400,
  );
}

/** @throws {HttpProblem} `validation` for what no page of ours would send */
async function readBulkChange(c: Context<WebEnv>): Promise<BulkChange> {
  const fields = await readFields(c, MAX_ROWS + 10);
  const first = (name: string) => fields.find((field) => field.name === name)?.value;
  const status = Status.optional().safeParse(first('status'));
  if (!status.success) throw new HttpProblem(400, 'validation', { detail: 'There is no such status.' });
  const view = View.safeParse(first('view'));
  const orders = new Map<string, Picked>();
  for (const { name, value } of fields) {
    if (name !== 'order') continue;
    const [, number, seen] = /^([\w-]{1,32}):(\d{1,10})$/.exec(value) ?? [];
    const version = readVersion(seen);
    if (!number || !version) throw new HttpProblem(400, 'validation', { detail: 'An order lacks its version.' });
    orders.set(number, { number, version });
  }
  return {
    to: first('undo') === '1' ? 'undo' : status.data,
    view: view.success ? view.data : 'all',
    orders: [...orders.values()],
    confirmed: first('confirmed') === '1',
  };
}

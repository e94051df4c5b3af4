import htmx from 'htmx.org';
import { tellAbsence } from './desk/absence.ts';
import { openAlerts } from './desk/alerts.ts';
import { tellArrivals } from './desk/arrivals.ts';
import { askSoon, watchPolls } from './desk/ask.ts';
import { changeSelected } from './desk/bulk-change.ts';
import { keepClaims } from './desk/claims.ts';
import { chooseColumns } from './desk/columns.ts';
import { confirmBeforeSending } from './desk/confirm.ts';
import { copyLinks } from './desk/copy-link.ts';
import { keepCounter } from './desk/counter.ts';
import { tidyFilterForm } from './desk/filter-form.ts';
import { follow } from './desk/follow.ts';
import { showFreshness } from './desk/freshness.ts';
import { type LiveProof, showProof } from './desk/live-proof.ts';
import { applyLiveState, rowsAreComplete, rowsAreMissing } from './desk/live-state.ts';
import { type OrderRows, openOrderRows } from './desk/order-rows.ts';
import './desk/picture-size.ts';
import './print-page.ts';
import { keepSelection } from './desk/selection.ts';
import { takeShortcuts } from './desk/shortcuts.ts';
import { endToasts } from './desk/toasts.ts';
import { tryOrders } from './desk/try-order.ts';
import { showWaiting } from './desk/waiting-pill.ts';

const body = document.getElementById('order-rows');
let proof: LiveProof | undefined;
let trialsArrived: ((numbers: readonly string[]) => void) | undefined;
const menu = document.getElementById('proof');
const trial = document.getElementById('trial');
const badge = document.getElementById('freshness');
const state = document.getElementById('live-state');
const arrivals = state ? tellArrivals(body) : undefined;
const alerts = arrivals && badge ? openAlerts(arrivals) : undefined;
const rows: OrderRows | undefined = body
  ? openOrderRows(body, {
      onArrivals(arrived) {
        arrivals?.onArrivals(arrived);
        alerts?.arrived(arrived);
      },
      onGone: (row) => arrivals?.onGone(row),
      onWaiting: showWaiting(() => rows?.release() ?? []),
    })
  : undefined;

/** When the request was made whose answer is being swapped in, by `performance.now()`. */
let askedAt = 0;
const askedAtOf = new WeakMap<object, number>();
document.addEventListener('htmx:before:request', ({ detail }) => askedAtOf.set(detail.ctx, performance.now()));
document.addEventListener('htmx:before:swap', ({ detail }) => {
  askedAt = askedAtOf.get(detail.ctx) ?? performance.now();
});

// An answer stands in its partials alone. htmx drops it when its target is gone by then, and that would be the row's
// own form, which the stream may have replaced before the answer came.
document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  if (ctx.swap === 'none') ctx.target = document.getElementById('toasts') as HTMLElement;
});

// Whoever asks for the rows gets them all, also those that wait for a quiet moment.
document.addEventListener('htmx:after:swap', ({ detail }) => {
  if (detail.ctx.sourceElement?.id === 'refresh') rows?.release();
});

htmx.registerExtension('desk', {
  /** @returns the nodes that htmx still has to process; the rows have been */
  handle_swap(style: string, _target: Element, fragment: DocumentFragment): [] | false {
    if (style === 'rows') {
      const all = [...fragment.children];
      rows?.apply(fragment);
      alerts?.moved(all);
    } else if (style === 'all-rows') {
      rows?.applyAll(fragment, askedAt);
      rowsAreComplete(askedAt);
    } else if (style === 'live') {
      const { lacking, placed, tested, rescued } = applyLiveState(fragment);
      trialsArrived?.(tested);
      if (rescued > 0) proof?.rescued(rescued);
      rows?.tellElsewhere(placed);
      if (lacking > 0) {
        rowsAreMissing();
        askSoon();
      }
    } else {
      return false;
    }
    return [];
  },
});

confirmBeforeSending();
chooseColumns();
tidyFilterForm();
keepClaims(body);
if (body && document.getElementById('bulk')) changeSelected(keepSelection(body));
copyLinks();
endToasts();
if (badge && state) {
  takeShortcuts(body);
  const pollSeconds = Number(badge.dataset.pollSeconds);
  const freshness = showFreshness(badge, body ? tellAbsence(pollSeconds) : () => {});
  watchPolls((worked, ctx) => {
    freshness.pollEnded(worked);
    // A page without rows is read anew by any poll.
    if (worked && !body) rowsAreComplete(askedAtOf.get(ctx) ?? 0);
  });
  const counter = document.getElementById('counter-start');
  if (counter instanceof HTMLButtonElement) keepCounter(counter, (afterMs) => rows?.clearLeft(afterMs));
  if (menu instanceof HTMLDetailsElement) proof = showProof(menu, freshness);
  if (trial instanceof HTMLFormElement) trialsArrived = tryOrders(trial);
  const detail = document.getElementById('order-detail');
  follow(state, freshness, {
    onNews(html) {
      // The table is brought up to date by the frame itself, an order's page only when the frame concerns it.
      if (body) return;
      alerts?.news(html);
      if (!detail || html.includes(`id="order-${detail.dataset.id}"`)) askSoon();
    },
    onLead: (isLeading) => alerts?.lead(isLeading),
  });
}

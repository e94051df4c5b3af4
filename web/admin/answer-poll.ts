import type { Context } from 'hono';
import { Counter } from 'prom-client';
import { parseCursor } from '../../shared/contracts/cursor.ts';
import type { OrderList } from '../../shared/contracts/order.ts';
import type { View } from '../../shared/contracts/status.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { escapeHtml } from '../fragments/escape-html.ts';
import { renderLiveState, renderLiveUpdate } from '../fragments/live-update.tsx';
import { sendHtml } from '../send-html.ts';
import { renderRows } from './order-table-frame.tsx';
import { updatesSince } from './updates-since.ts';

/** What the stream brings within this time needs no rescue: a poll may simply have been faster. */
const RESCUE_AFTER_MS = 2000;

/** Answers a table's poll: 204 when nothing happened, what happened in the form of the stream, or all of its rows. */
export type AnswerPoll = (c: Context<WebEnv>, view: View, listAll: () => Promise<OrderList>) => Promise<Response>;

export function answerPolls({ site, orders, registry }: WebDeps): AnswerPoll {
  const rescued = new Counter({
    name: 'poll_rescued_events_total',
    help: 'Events that a poll found and the stream should have brought before; the goal is 0',
    registers: [registry],
  });

  return async (c, view, listAll) => {
    const after = c.req.query('after');
    if (after !== undefined && parseCursor(after)) {
      // As the stream does it: rows of the view, and the page knows which of them its filter leaves.
      const since = await updatesSince(orders, c.var.admin.session, view, after);
      if (since.kind === 'nothing') return c.body(null, 204);
      if (since.kind === 'update') {
        const missed = since.events.filter(({ at }) => Date.now() - Date.parse(at) > RESCUE_AFTER_MS);
        rescued.inc(missed.length);
        return sendHtml(c, renderLiveUpdate({ ...since.update, rescued: missed.length }, site));
      }
    }
    const list = await listAll();
    // All rows of the page, when news alone no longer do. The body carries what the open page must know.
    return sendHtml(
      c,
      `<hx-partial hx-target="#order-rows" hx-swap="all-rows"><tbody data-cursor="${escapeHtml(list.cursor)}" data-next="${list.next ?? ''}">` +
        `${renderRows(list, view, site)}</tbody></hx-partial>${renderLiveState({ ...list, omitted: 0, placedElsewhere: [] }, site)}`,
    );
  };
}

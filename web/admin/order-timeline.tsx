import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { type HistoryEntry, type OrderDetail, UNDO_SECONDS } from '../../shared/contracts/order.ts';
import type { Status } from '../../shared/contracts/status.ts';
import type { Site } from '../deps.ts';
import { formatTime } from '../fragments/format.ts';
import { statusBadge } from '../fragments/order-row.ts';
import { deskWords } from '../locales/desk.ts';
import { teamworkWords } from '../locales/teamwork.ts';
import { UndoForm } from './undo-form.tsx';

interface OrderTimelineProps {
  site: Site;
  detail: Pick<OrderDetail, 'order' | 'history'>;
  adminName: string;
}

/** Everything that happened to an order, out of the event log: who, when, from where to where, and what was noted. */
export function OrderTimeline({ site, detail: { order, history }, adminName }: OrderTimelineProps) {
  return (
    <ol class="timeline" hx-ignore>
      {history.map((entry, i) => {
        const { what, who } = tell(site, entry, history.slice(0, i));
        return (
          <li>
            {what}
            <span class="small muted">
              <time datetime={entry.at}>{formatTime(site, entry.at, 'full')}</time>
              {who && <> · {who}</>}
            </span>
            {entry.type === 'order.noted' && <NoteText site={site} text={entry.note ?? ''} />}
            {i === history.length - 1 && isFreshSlip(entry, adminName) && (
              <UndoForm site={site} order={order} place={{ view: 'all', onOrderPage: true }} class="timeline-undo" />
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** A change of one's own that can still be taken back. The orders service decides; this only offers it. */
function isFreshSlip({ type, by, at }: HistoryEntry, adminName: string): boolean {
  return type === 'order.status_changed' && by === adminName && Date.now() - Date.parse(at) < UNDO_SECONDS * 1000;
}

/** @param before what happened earlier: a take-over does not say by itself from whom */
function tell(site: Site, entry: HistoryEntry, before: readonly HistoryEntry[]): { what: Child; who: Child } {
  const words = deskWords(site.locale).order;
  const { timeline } = teamworkWords(site.locale);
  const { type, previousStatus, status, by } = entry;
  const byWhom = by === null ? undefined : words.by(by);
  const badge = (of: Status) => raw(statusBadge(of, site));
  switch (type) {
    case 'order.placed':
      return { what: badge(status), who: words.placedEvent };
    case 'order.erased':
      return { what: badge(status), who: `${words.erasedEvent} ${byWhom ?? words.byRetention}` };
    case 'order.claimed':
      return { what: <b>{timeline.claimed}</b>, who: byWhom };
    case 'order.taken_over': {
      const from = before.findLast((earlier) => isClaim(earlier.type))?.by;
      return {
        what: <b>{timeline.takenOver}</b>,
        who: [byWhom, from && timeline.from(from)].filter(Boolean).join(' '),
      };
    }
    case 'order.released':
      return { what: <b>{timeline.released}</b>, who: byWhom ?? timeline.expired };
    case 'order.noted':
      return { what: <b>{timeline.noted}</b>, who: byWhom };
    default: {
      const undone = type === 'order.status_undone' ? `${timeline.undone} ` : '';
      return {
        what: (
          <span class="timeline-move">
            {previousStatus && previousStatus !== status && (
              <>
                {badge(previousStatus)} <span aria-hidden="true">→</span>{' '}
              </>
            )}
            {badge(status)}
          </span>
        ),
        who: `${undone}${byWhom ?? timeline.byShopper}`,
      };
    }
  }
}

const isClaim = (type: string) => type === 'order.claimed' || type === 'order.taken_over';

function NoteText({ site, text }: { site: Site; text: string }) {
  if (!text) return <p class="timeline-note muted">{teamworkWords(site.locale).notes.erased}</p>;
  return (
    <p class="timeline-note" dir="auto">
      {text}
    </p>
  );
}

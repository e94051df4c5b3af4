import type { AdminOrder } from '../../shared/contracts/order.ts';
import type { View } from '../../shared/contracts/status.ts';
import type { Site } from '../deps.ts';
import { deskWords } from '../locales/desk.ts';
import { ROW_WORDS } from '../locales/desk-row.ts';
import { teamworkWords } from '../locales/teamwork.ts';
import { DoorPage } from './door-page.tsx';

/** What became of one order of many. */
export interface BulkResult {
  number: string;
  kind: 'done' | 'failed';
  /** Its new status, or why it has none. */
  text: string;
  /** As it is now, as far as that is known. */
  order?: AdminOrder;
}

export function BulkResult({ number, kind, text, order }: BulkResult) {
  return (
    <li data-number={number} data-result={kind} data-version={order?.version}>
      <span aria-hidden="true">{kind === 'done' ? '✓' : '✗'}</span> <a href={`/admin/orders/${number}`}>{number}</a> :{' '}
      {text}
    </li>
  );
}

interface BulkConfirmPageProps {
  site: Site;
  change: { view: View; orders: readonly { number: string; version: number }[] };
}

/** The question before orders are cancelled, for browsers without JavaScript. */
export function BulkConfirmPage({ site, change }: BulkConfirmPageProps) {
  const words = teamworkWords(site.locale).bulk;
  return (
    <DoorPage site={site} home="/admin" title={words.confirmTitle}>
      <form class="card sign-in" method="post" action="/admin/orders/bulk">
        <h1>{words.confirmTitle}</h1>
        <p>{words.confirm(change.orders.length)}</p>
        <input type="hidden" name="view" value={change.view} />
        <input type="hidden" name="confirmed" value="1" />
        {change.orders.map(({ number, version }) => (
          <input type="hidden" name="order" value={`${number}:${version}`} />
        ))}
        <div class="dialog-steps">
          <a class="button" href={tablePath(change.view)}>
            {deskWords(site.locale).change.keep}
          </a>
          <button type="submit" name="status" value="annulee" class="button danger">
            {ROW_WORDS[site.locale].step.annulee}
          </button>
        </div>
      </form>
    </DoorPage>
  );
}

interface BulkResultPageProps {
  site: Site;
  view: View;
  results: readonly BulkResult[];
  /** Not what was undone itself. */
  canUndo: boolean;
}

/** What became of each, for browsers without JavaScript, and the way back for as long as there is one. */
export function BulkResultPage({ site, view, results, canUndo }: BulkResultPageProps) {
  const words = teamworkWords(site.locale).bulk;
  const done = results.filter(({ kind }) => kind === 'done');
  return (
    <DoorPage site={site} home="/admin" title={words.results}>
      <div class="card bulk-page">
        <h1>{words.results}</h1>
        <p>{words.summary(done.length, results.length - done.length)}</p>
        {canUndo && done.length > 0 && (
          <form method="post" action="/admin/orders/bulk">
            <input type="hidden" name="view" value={view} />
            {done.map(({ number, order }) => (
              <input type="hidden" name="order" value={`${number}:${order?.version}`} />
            ))}
            <button type="submit" name="undo" value="1" class="button small">
              {words.undo}
            </button>
          </form>
        )}
        <ul>
          {results.map((result) => (
            <BulkResult {...result} />
          ))}
        </ul>
        <p>
          <a class="button" href={tablePath(view)}>
            {words.back}
          </a>
        </p>
      </div>
    </DoorPage>
  );
}

export const tablePath = (view: View) => (view === 'all' ? '/admin/orders' : `/admin/orders?view=${view}`);

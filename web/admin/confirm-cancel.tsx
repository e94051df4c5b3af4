import type { Status, View } from '../../shared/contracts/status.ts';
import type { Site } from '../deps.ts';
import { deskWords } from '../locales/desk.ts';
import { DoorPage } from './door-page.tsx';

interface ConfirmCancelPageProps {
  site: Site;
  change: { number: string; status: Status; version: number; view: View; onOrderPage: boolean };
}

/** The question before an order is cancelled, for browsers without JavaScript; the others are asked in a dialog. */
export function ConfirmCancelPage({ site, change }: ConfirmCancelPageProps) {
  const words = deskWords(site.locale).change;
  const order = `/admin/orders/${encodeURIComponent(change.number)}`;
  return (
    <DoorPage site={site} home="/admin" title={words.confirmTitle}>
      <form class="card sign-in" method="post" action={`${order}/status`}>
        <h1>{words.confirmTitle}</h1>
        <p>{words.confirmText(change.number)}</p>
        <input type="hidden" name="version" value={String(change.version)} />
        <input type="hidden" name="view" value={change.view} />
        <input type="hidden" name="page" value={change.onOrderPage ? 'order' : 'table'} />
        <input type="hidden" name="confirmed" value="1" />
        <div class="dialog-steps">
          <a class="button" href={change.onOrderPage ? order : '/admin/orders'}>
            {words.keep}
          </a>
          <button type="submit" name="status" value="annulee" class="button danger">
            {words.confirm}
          </button>
        </div>
      </form>
    </DoorPage>
  );
}

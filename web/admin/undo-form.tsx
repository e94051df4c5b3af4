import type { AdminOrder } from '../../shared/contracts/order.ts';
import type { Site } from '../deps.ts';
import { statusWord } from '../locales/desk.ts';
import { teamworkWords } from '../locales/teamwork.ts';
import { type FormPlace, PlaceFields } from './order-steps.tsx';

interface UndoFormProps {
  site: Site;
  order: AdminOrder;
  place: FormPlace;
  class: 'toast-undo' | 'timeline-undo';
}

/** Takes the last change of an order's status back; it is too late for that ten seconds after. */
export function UndoForm({ site, order, place, class: className }: UndoFormProps) {
  const { undo } = teamworkWords(site.locale);
  const action = `/admin/orders/${order.number}/undo`;
  return (
    <form class={className} method="post" action={action} hx-post={action} hx-swap="none" hx-sync="this:drop">
      <input type="hidden" name="version" value={String(order.version)} />
      <PlaceFields place={place} />
      <button type="submit" class="button small">
        {undo.undo}
        <span class="visually-hidden"> {undo.what(order.number, statusWord(site.locale, order.status))}</span>
      </button>
    </form>
  );
}

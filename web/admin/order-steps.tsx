import type { AdminOrder } from '../../shared/contracts/order.ts';
import { TRANSITIONS, type View } from '../../shared/contracts/status.ts';
import type { Site } from '../deps.ts';
import { ROW_WORDS } from '../locales/desk-row.ts';

/** Where a form about one order stands: in a view of the table, or on the order's own page. */
export interface FormPlace {
  view: View;
  onOrderPage: boolean;
}

/** What can be done next with an order: a form with a button for each way on; nothing when there is none. */
export function OrderSteps({ site, order, place, small }: OrderStepsProps) {
  const words = ROW_WORDS[site.locale];
  const action = `/admin/orders/${order.number}/status`;
  const size = small ? ' small' : '';
  if (TRANSITIONS[order.status].length === 0) return null;
  return (
    <form class="order-steps" method="post" action={action} hx-post={action} hx-swap="none" hx-sync="this:drop">
      <input type="hidden" name="version" value={String(order.version)} />
      <PlaceFields place={place} />
      {TRANSITIONS[order.status].map((step) =>
        step === 'annulee' ? (
          <button
            type="submit"
            name="status"
            value={step}
            class={`button plain${size}`}
            data-confirm={words.confirmCancel(order.number)}
          >
            {words.step[step]}
          </button>
        ) : (
          <button type="submit" name="status" value={step} class={`button primary${size}`}>
            {words.step[step]}
          </button>
        ),
      )}
    </form>
  );
}

interface OrderStepsProps {
  site: Site;
  order: AdminOrder;
  place: FormPlace;
  small?: boolean;
}

export function PlaceFields({ place }: { place: FormPlace }) {
  return place.onOrderPage ? (
    <input type="hidden" name="page" value="order" />
  ) : (
    <input type="hidden" name="view" value={place.view} />
  );
}

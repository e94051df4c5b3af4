import type { AdminOrder } from '../../shared/contracts/order.ts';
import { TRANSITIONS } from '../../shared/contracts/status.ts';
import type { Site } from '../deps.ts';
import { formatTime } from '../fragments/format.ts';
import { teamworkWords } from '../locales/teamwork.ts';

/** Who is on an order, on its own page, and the way to be it or no longer to be it. */
export function OrderClaim({ site, order, adminId }: { site: Site; order: AdminOrder; adminId: number | undefined }) {
  const words = teamworkWords(site.locale).claim;
  const { claim } = order;
  if (TRANSITIONS[order.status].length === 0) return null;
  const isMine = claim !== undefined && claim.byId === adminId;
  const [value, word] = isMine ? ['release', words.release] : claim ? ['over', words.takeOver] : ['take', words.take];
  const action = `/admin/orders/${order.number}/status`;
  return (
    <form class="order-claimed" method="post" action={action} hx-post={action} hx-swap="none" hx-sync="this:drop">
      <input type="hidden" name="page" value="order" />
      <span hx-ignore>
        <span aria-hidden="true">👤</span>{' '}
        {claim ? (
          <>
            {isMine ? words.mine : words.someone(claim.by)}{' '}
            <span class="muted">{words.since(formatTime(site, claim.since, 'clock'))}</span>
          </>
        ) : (
          <span class="muted">{words.nobody}</span>
        )}
      </span>
      <button type="submit" name="claim" value={value} class="button small">
        {word}
      </button>
    </form>
  );
}

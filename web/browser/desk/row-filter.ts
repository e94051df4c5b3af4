import { matches, type OrderFacts, type OrderFilter } from '../../../shared/contracts/order-filter.ts';

/**
 * Whether an order belongs in the open table, by the filter that its page was asked for with. The stream is that of
 * all tabs and brings every order; what its page asks for is seen to here, by the facts that stand in the row.
 * A row that came because the whole page was asked for is what the tables themselves say.
 */
export function readRowFilter(body: HTMLElement): (row: HTMLElement) => boolean {
  const { view = 'all', filter: text, statuses, timeZone = 'UTC' } = body.dataset;
  if (statuses) return ({ dataset }) => statuses.split(' ').includes(dataset.status as string);
  if (view === 'all' && !text) return () => true;
  const filter = (text ? JSON.parse(text) : { status: view }) as OrderFilter;
  const adminId = Number(document.getElementById('live-state')?.dataset.admin);
  return (row) => row.dataset.asked !== undefined || matches(filter, factsOf(row), timeZone, adminId);
}

function factsOf(row: HTMLElement): OrderFacts {
  const text = (cell: string) => row.querySelector(`${cell} > bdi`)?.textContent ?? '';
  return {
    status: row.dataset.status as OrderFacts['status'],
    number: row.dataset.number as string,
    name: text('.order-customer'),
    email: text('.order-email'),
    phone: text('.order-phone') || null,
    placedAt: row.querySelector('time')?.dateTime as string,
    totalCents: Number(row.dataset.cents),
    lines: (row.dataset.products ?? '').split(' ').map((id) => ({ productId: Number(id) })),
    claim: row.dataset.claim ? { byId: Number(row.dataset.claim) } : undefined,
  };
}

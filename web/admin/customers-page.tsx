import type { CustomerSummary } from '../../shared/contracts/customer.ts';
import type { SignedIn, Site } from '../deps.ts';
import { formatTime } from '../fragments/format.ts';
import { deskWords } from '../locales/desk.ts';
import { QuietPage } from './desk-page.tsx';
import { Field } from './field.tsx';

interface CustomersPageProps {
  site: Site;
  admin: SignedIn;
  customer?: Customer;
  /** What was typed and is no e-mail. */
  invalid?: string;
  flash?: string | undefined;
}

interface Customer {
  email: string;
  found: CustomerSummary;
}

/** Looks a customer up by e-mail; shows what there is, with the two things that can be done about it. */
export function CustomersPage({ site, admin, customer, invalid, flash }: CustomersPageProps) {
  const words = deskWords(site.locale).customers;
  return (
    <QuietPage
      site={site}
      admin={admin}
      current="customers"
      title={words.title}
      flash={flash}
      refreshHref="/admin/customers"
    >
      <p class="muted">{words.intro}</p>
      <form class="card customer-search" method="post" action="/admin/customers">
        <Field
          id="email"
          label={words.email}
          type="email"
          autocomplete="off"
          maxlength={254}
          value={customer?.email ?? invalid ?? ''}
          error={invalid === undefined ? undefined : words.invalid}
        />
        <button type="submit" class="button primary">
          {words.find}
        </button>
      </form>
      {customer && <CustomerFound site={site} {...customer} />}
    </QuietPage>
  );
}

function CustomerFound({ site, email, found }: Customer & { site: Site }) {
  const words = deskWords(site.locale).customers;
  const { firstPlacedAt, unfinished } = found;
  if (firstPlacedAt === null) {
    return (
      <section class="card" role="status">
        <p>{words.none}</p>
      </section>
    );
  }
  return (
    <section class="card customer-found" aria-labelledby="customer-heading">
      <h2 id="customer-heading" hx-ignore>
        {email}
      </h2>
      <p>
        {words.count(found.orders)},{' '}
        <time datetime={firstPlacedAt}>{words.since(formatTime(site, firstPlacedAt, 'full'))}</time>
      </p>
      {unfinished.length > 0 && (
        <div class="alert warning" role="alert">
          <p>{words.unfinished}</p>
          <ul>
            {unfinished.map((number) => (
              <li>
                <a class="number" href={`/admin/orders/${number}`}>
                  {number}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="customer-steps">
        <form method="post" action="/admin/customers/export">
          <input type="hidden" name="email" value={email} />
          <button type="submit" class="button" aria-describedby="export-hint">
            {words.export}
          </button>
          <p id="export-hint" class="small muted">
            {words.exportHint}
          </p>
        </form>
        {unfinished.length === 0 && (
          <form method="post" action="/admin/customers/erase">
            <input type="hidden" name="email" value={email} />
            <button type="submit" class="button danger" aria-describedby="erase-hint">
              {words.erase}
            </button>
            <p id="erase-hint" class="small muted">
              {words.eraseHint}
            </p>
          </form>
        )}
      </div>
    </section>
  );
}

import type { CustomerSummary } from '../../shared/contracts/customer.ts';
import type { SignedIn, Site } from '../deps.ts';
import { formatTime } from '../fragments/format.ts';
import { Page } from '../layout.tsx';
import { deskWords } from '../locales/desk.ts';
import { pageWords } from '../locales/page.ts';
import { DeskFooter, DeskHeader } from './desk-page.tsx';

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
  const wrong =
    invalid === undefined ? {} : ({ 'aria-invalid': 'true', 'aria-describedby': 'customer-error' } as const);
  return (
    <Page
      site={site}
      face="desk"
      title={`${words.title} · ${pageWords(site.locale).shopName}`}
      noindex
      header={<DeskHeader site={site} adminName={admin.name} current="customers" />}
      footer={<DeskFooter site={site} current="customers" role={admin.role} />}
    >
      <div class="customers">
        <h1>{words.title}</h1>
        {flash && (
          <p class="alert info" role="alert">
            {flash}
          </p>
        )}
        <p class="muted">{words.intro}</p>
        <form class="card customer-search" method="post" action="/admin/customers">
          <div class="field">
            <label for="email">{words.email}</label>
            <input
              id="email"
              class="input"
              type="email"
              name="email"
              value={customer?.email ?? invalid ?? ''}
              autocomplete="off"
              maxlength={254}
              required
              {...wrong}
            />
            {invalid !== undefined && (
              <p id="customer-error" class="field-error" role="alert">
                {words.invalid}
              </p>
            )}
          </div>
          <button type="submit" class="button primary">
            {words.find}
          </button>
        </form>
        {customer && <CustomerFound site={site} {...customer} />}
      </div>
    </Page>
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

import type { SignedIn, Site } from '../deps.ts';
import { deskWords } from '../locales/desk.ts';
import { QuietPage } from './desk-page.tsx';

/** The question before a customer is erased, with or without JavaScript: it is asked once in a long while. */
export function ConfirmErasePage({ site, admin, email }: { site: Site; admin: SignedIn; email: string }) {
  const words = deskWords(site.locale).customers;
  return (
    <QuietPage site={site} admin={admin} current="customers" title={words.confirmTitle}>
      <form class="card" method="post" action="/admin/customers/erase">
        <p>{words.confirmText}</p>
        <p class="customer-email" hx-ignore>
          <strong>{email}</strong>
        </p>
        <p>{words.confirmFinal}</p>
        <input type="hidden" name="email" value={email} />
        <input type="hidden" name="confirmed" value="1" />
        <div class="dialog-steps">
          <a class="button" href="/admin/customers">
            {words.keep}
          </a>
          <button type="submit" class="button danger">
            {words.confirm}
          </button>
        </div>
      </form>
    </QuietPage>
  );
}

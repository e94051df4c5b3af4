import type { SignedIn, Site } from '../deps.ts';
import { Page } from '../layout.tsx';
import { deskWords } from '../locales/desk.ts';
import { pageWords } from '../locales/page.ts';
import { DeskFooter, DeskHeader } from './desk-page.tsx';

/** The question before a customer is erased, with or without JavaScript: it is asked once in a long while. */
export function ConfirmErasePage({ site, admin, email }: { site: Site; admin: SignedIn; email: string }) {
  const words = deskWords(site.locale).customers;
  return (
    <Page
      site={site}
      face="desk"
      title={`${words.confirmTitle} · ${pageWords(site.locale).shopName}`}
      noindex
      header={<DeskHeader site={site} adminName={admin.name} current="customers" />}
      footer={<DeskFooter site={site} current="customers" role={admin.role} />}
    >
      <form class="card sign-in" method="post" action="/admin/customers/erase">
        <h1>{words.confirmTitle}</h1>
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
    </Page>
  );
}

import { raw } from 'hono/html';
import { renderSVG } from 'uqr';
import type { TotpEnrolment } from '../../shared/contracts/account.ts';
import type { SignedIn, Site } from '../deps.ts';
import { teamWords } from '../locales/team.ts';
import { QuietPage } from './desk-page.tsx';
import { Field } from './field.tsx';

interface EnrolPageProps {
  site: Site;
  admin: SignedIn;
  /** Absent when a code was wrong: the app has the key by then, and it is not told twice. */
  enrolment?: TotpEnrolment;
  error?: string;
}

/** The key for an app, as a picture and to type in, and the first code of that app. */
export function EnrolPage({ site, admin, enrolment, error }: EnrolPageProps) {
  const words = teamWords(site.locale).enrol;
  return (
    <QuietPage site={site} admin={admin} current="account" title={words.title}>
      <form class="card enrol" method="post" action="/admin/account/totp/confirm">
        {enrolment ? (
          <>
            <p>{words.scan}</p>
            <div class="qr" role="img" aria-label={words.picture}>
              {raw(renderSVG(enrolment.uri, { ecc: 'M', border: 4 }))}
            </div>
            <p>
              {words.key} <code class="totp-key">{enrolment.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
            </p>
            <p>{words.afterwards}</p>
          </>
        ) : (
          <p>{words.again}</p>
        )}
        <Field
          id="code"
          label={words.code}
          autocomplete="one-time-code"
          inputmode="numeric"
          maxlength={12}
          error={error}
          autofocus={!enrolment}
        />
        <div class="card-steps">
          <button type="submit" class="button primary">
            {words.submit}
          </button>
          <a class="button" href="/admin/account">
            {words.cancel}
          </a>
        </div>
      </form>
    </QuietPage>
  );
}

/** Recovery codes, this once. */
export function RecoveryCodesPage({ site, admin, codes }: { site: Site; admin: SignedIn; codes: readonly string[] }) {
  const words = teamWords(site.locale).recovery;
  return (
    <QuietPage site={site} admin={admin} current="account" title={words.title} flash={words.on}>
      <section class="card">
        <p>{words.text}</p>
        <ul class="recovery-codes">
          {codes.map((code) => (
            <li>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <a class="button primary" href="/admin/account">
          {words.done}
        </a>
      </section>
    </QuietPage>
  );
}

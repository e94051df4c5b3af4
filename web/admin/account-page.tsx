import type { Account, OwnSession } from '../../shared/contracts/account.ts';
import type { SignedIn, Site } from '../deps.ts';
import { formatTime } from '../fragments/format.ts';
import { type TeamWords, teamWords } from '../locales/team.ts';
import { QuietPage } from './desk-page.tsx';
import { Field } from './field.tsx';

/** Which form was refused, and what for. */
export interface AccountError {
  form: 'password' | 'totp';
  field: 'password' | 'newPassword' | 'code' | undefined;
  text: string;
}

export interface AccountPageProps {
  site: Site;
  admin: SignedIn;
  account: Account;
  sessions: readonly OwnSession[];
  flash?: string | undefined;
  error?: AccountError | undefined;
}

/** Who one is, how one is protected, and where one is signed in. */
export function AccountPage({ site, admin, account, sessions, flash, error }: AccountPageProps) {
  const words = teamWords(site.locale);
  return (
    <QuietPage
      site={site}
      admin={admin}
      current="account"
      title={words.account.title}
      flash={flash}
      refreshHref="/admin/account"
    >
      <p class="account-who" hx-ignore>
        <strong>{account.name}</strong> <span class="muted">{account.email}</span>{' '}
        <span class="badge">{words.roles[account.role]}</span>
      </p>
      <div class="account-cards">
        <PasswordCard words={words} email={account.email} error={error?.form === 'password' ? error : undefined} />
        <SecondFactorCard words={words} account={account} error={error?.form === 'totp' ? error : undefined} />
      </div>
      <SessionsCard site={site} words={words} sessions={sessions} />
    </QuietPage>
  );
}

type Refused = AccountError | undefined;
const errorAt = (error: Refused, field: AccountError['field']) => (error?.field === field ? error?.text : undefined);

function PasswordCard({ words, email, error }: { words: TeamWords; email: string; error: Refused }) {
  const { account, field } = words;
  return (
    <form class="card" method="post" action="/admin/account/password" aria-labelledby="password-heading">
      <h2 id="password-heading">{account.passwordTitle}</h2>
      <p class="muted">{account.passwordText}</p>
      <WholeFormError error={error} />
      {/* For password managers. */}
      <input type="hidden" value={email} autocomplete="username" />
      <Field
        id="password"
        label={field.password}
        type="password"
        autocomplete="current-password"
        maxlength={1024}
        error={errorAt(error, 'password')}
      />
      <Field
        id="newPassword"
        label={field.newPassword}
        type="password"
        autocomplete="new-password"
        minlength={10}
        maxlength={1024}
        hint={field.newPasswordHint}
        error={errorAt(error, 'newPassword')}
      />
      <button type="submit" class="button primary">
        {account.passwordSubmit}
      </button>
    </form>
  );
}

function SecondFactorCard({ words, account, error }: { words: TeamWords; account: Account; error: Refused }) {
  const { account: own, field } = words;
  const password = (
    <Field
      id="totp-password"
      name="password"
      label={field.password}
      type="password"
      autocomplete="current-password"
      maxlength={1024}
      error={errorAt(error, 'password')}
    />
  );
  if (!account.secondFactor) {
    return (
      <form class="card" method="post" action="/admin/account/totp" aria-labelledby="totp-heading">
        <h2 id="totp-heading">{own.totpTitle}</h2>
        <p class="muted">{own.totpOff}</p>
        <WholeFormError error={error} />
        {password}
        <button type="submit" class="button">
          {own.totpBegin}
        </button>
      </form>
    );
  }
  return (
    <form class="card" method="post" action="/admin/account/recovery-codes" aria-labelledby="totp-heading">
      <h2 id="totp-heading">{own.totpTitle}</h2>
      <p>
        {own.totpOn}{' '}
        <span class={account.recoveryCodes < 3 ? 'low-codes' : undefined}>{own.totpLeft(account.recoveryCodes)}</span>
      </p>
      <WholeFormError error={error} />
      {password}
      <Field
        id="code"
        label={field.code}
        autocomplete="one-time-code"
        maxlength={40}
        hint={field.codeHint}
        error={errorAt(error, 'code')}
      />
      <div class="card-steps">
        <button type="submit" class="button">
          {own.renewCodes}
        </button>
        <button type="submit" class="button danger" formaction="/admin/account/totp/disable">
          {own.totpDisable}
        </button>
      </div>
    </form>
  );
}

function SessionsCard({ site, words, sessions }: { site: Site; words: TeamWords; sessions: readonly OwnSession[] }) {
  const { account } = words;
  const time = (at: string) => formatTime(site, at, 'full');
  return (
    <section class="card" aria-labelledby="sessions-heading">
      <h2 id="sessions-heading">{account.sessionsTitle}</h2>
      <p class="muted">{account.sessionsText}</p>
      <ul class="plain-list" hx-ignore>
        {sessions.map((session) => {
          const device = session.device ?? account.unknownDevice;
          return (
            <li>
              <div>
                <strong>{device}</strong> {session.current && <span class="badge">{account.thisOne}</span>}
                <br />
                <span class="small muted">
                  {[
                    account.opened(time(session.createdAt)),
                    account.seen(time(session.lastSeenAt)),
                    session.network && account.from(session.network),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </div>
              {!session.current && (
                <form method="post" action="/admin/account/sessions/end">
                  <input type="hidden" name="session" value={session.id} />
                  <button type="submit" class="button small" aria-label={account.endOf(device)}>
                    {account.end}
                  </button>
                </form>
              )}
            </li>
          );
        })}
      </ul>
      {sessions.length > 1 && (
        <form method="post" action="/admin/account/sessions/end-others">
          <button type="submit" class="button">
            {account.endOthers}
          </button>
        </form>
      )}
    </section>
  );
}

/** What is wrong with a form, and with none of its fields. */
function WholeFormError({ error }: { error: Refused }) {
  if (!error || error.field) return null;
  return (
    <p class="alert" role="alert">
      {error.text}
    </p>
  );
}

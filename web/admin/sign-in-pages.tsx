import type { Site } from '../deps.ts';
import { Page } from '../layout.tsx';
import { type DeskWords, deskWords } from '../locales/desk.ts';
import { pageWords } from '../locales/page.ts';
import { teamWords } from '../locales/team.ts';
import { DoorHeader } from './door-header.tsx';
import { Field } from './field.tsx';

export type SignInError = keyof Pick<DeskWords['signIn'], 'wrong' | 'missing' | 'tooMany'> | 'expired';

interface SignInPageProps {
  site: Site;
  next: string;
  email?: string;
  error?: SignInError;
  flash?: string | undefined;
}

export function SignInPage({ site, next, email, error, flash }: SignInPageProps) {
  const words = { ...deskWords(site.locale).signIn, expired: teamWords(site.locale).secondStep.expired };
  const wrong = error ? ({ 'aria-invalid': 'true', 'aria-describedby': 'sign-in-error' } as const) : {};
  return (
    <Page
      site={site}
      face="desk"
      title={`${words.title} · ${pageWords(site.locale).shopName}`}
      noindex
      header={<DoorHeader site={site} />}
    >
      <form class="card sign-in" method="post" action="/admin/login">
        <h1>{words.title}</h1>
        {flash && (
          <p class="alert info" role="alert">
            {flash}
          </p>
        )}
        <p class="muted">{words.intro}</p>
        {error && (
          <p id="sign-in-error" class="alert" role="alert">
            {words[error]}
          </p>
        )}
        <div class="field">
          <label for="email">{words.email}</label>
          <input
            id="email"
            class="input"
            type="email"
            name="email"
            value={email ?? ''}
            autocomplete="username"
            maxlength={254}
            required
            autofocus={!email}
            {...wrong}
          />
        </div>
        <div class="field">
          <label for="password">{words.password}</label>
          <input
            id="password"
            class="input"
            type="password"
            name="password"
            autocomplete="current-password"
            maxlength={1024}
            required
            autofocus={Boolean(email)}
            {...wrong}
          />
        </div>
        <input type="hidden" name="next" value={next} />
        <button type="submit" class="button primary">
          {words.submit}
        </button>
      </form>
    </Page>
  );
}

interface SecondStepPageProps {
  site: Site;
  next: string;
  /** Stands for the password, which is not sent to the browser again. */
  ticket: string;
  error?: 'code' | 'tooMany';
}

export function SecondStepPage({ site, next, ticket, error }: SecondStepPageProps) {
  const { secondStep: words, field, errors } = teamWords(site.locale);
  return (
    <Page
      site={site}
      face="desk"
      title={`${words.title} · ${pageWords(site.locale).shopName}`}
      noindex
      header={<DoorHeader site={site} />}
    >
      <form class="card sign-in" method="post" action="/admin/login">
        <h1>{words.title}</h1>
        <p class="muted">{words.intro}</p>
        <input type="hidden" name="ticket" value={ticket} />
        <input type="hidden" name="next" value={next} />
        <Field
          id="code"
          label={field.code}
          autocomplete="one-time-code"
          maxlength={40}
          hint={field.codeHint}
          error={error && errors[error]}
          autofocus
        />
        <button type="submit" class="button primary">
          {words.submit}
        </button>
        <p class="sign-in-other">
          <a href="/admin/login">{words.back}</a>
        </p>
      </form>
    </Page>
  );
}

import type { Site } from '../deps.ts';
import { type DeskWords, deskWords } from '../locales/desk.ts';
import { teamWords } from '../locales/team.ts';
import { DoorPage } from './door-page.tsx';
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
  const wrong = error ? { errorId: 'sign-in-error' } : {};
  return (
    <DoorPage site={site} title={words.title}>
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
        <Field
          id="email"
          label={words.email}
          type="email"
          autocomplete="username"
          maxlength={254}
          value={email ?? ''}
          autofocus={!email}
          {...wrong}
        />
        <Field
          id="password"
          label={words.password}
          type="password"
          autocomplete="current-password"
          maxlength={1024}
          autofocus={Boolean(email)}
          {...wrong}
        />
        <input type="hidden" name="next" value={next} />
        <button type="submit" class="button primary">
          {words.submit}
        </button>
      </form>
    </DoorPage>
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
    <DoorPage site={site} title={words.title}>
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
    </DoorPage>
  );
}

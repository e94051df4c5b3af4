import { Hono } from 'hono';
import {
  Credentials,
  DEVICE_COOKIE,
  DEVICE_SECONDS,
  SESSION_COOKIE,
  SESSION_SECONDS,
} from '../../shared/contracts/session.ts';
import { addressOf } from '../../shared/process/client-address.ts';
import { dropCookie, readCookie, writeCookie } from '../cookies.ts';
import type { Site, WebDeps, WebEnv } from '../deps.ts';
import { Page, sendPage } from '../layout.tsx';
import { type DeskWords, deskWords } from '../locales/desk.ts';
import { pageWords } from '../locales/page.ts';
import { readForm } from '../read-form.ts';
import { refusal } from './answers.ts';
import { readSession } from './require-session.ts';
import { deskPath } from './same-site-path.ts';

const MAX_DEVICE_CHARS = 1024;

/** `/admin/login` and `/admin/logout`. */
export function signInRoutes({ site, orders, trustsProxy }: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/admin/login', (c) => sendPage(c, <SignInPage site={site} next={deskPath(c.req.query('next'))} />))

    .post('/admin/login', async (c) => {
      const form = await readForm(c);
      const email = form.get('email') ?? '';
      const next = deskPath(form.get('next'));
      const again = (error: SignInError, status: 401 | 422 | 429) =>
        sendPage(c, <SignInPage site={site} next={next} email={email} error={error} />, status);
      const credentials = Credentials.pick({ email: true, password: true }).safeParse({
        email,
        password: form.get('password') ?? '',
      });
      if (!credentials.success) return again('missing', 422);
      const device = readCookie(c, DEVICE_COOKIE)?.slice(0, MAX_DEVICE_CHARS);
      const replaces = readSession(c);
      const answer = await orders.openSession(
        { ...credentials.data, ...(device && { device }), ...(replaces && { replaces }) },
        addressOf(c, trustsProxy),
      );
      if (answer.ok) {
        writeCookie(c, DEVICE_COOKIE, answer.data.device, DEVICE_SECONDS);
        // Not reckoned from `expiresAt`: this clock and that of orders may differ by more than a session lasts.
        writeCookie(c, SESSION_COOKIE, answer.data.token, SESSION_SECONDS);
        return c.redirect(next, 303);
      }
      if (answer.problem.status === 429) {
        if (answer.retryAfterSeconds) c.header('Retry-After', String(answer.retryAfterSeconds));
        return again('tooMany', 429);
      }
      if (answer.problem.code !== 'bad_credentials' && answer.problem.code !== 'validation')
        throw refusal(answer.problem);
      return again('wrong', 401);
    })

    .post('/admin/logout', async (c) => {
      const session = readSession(c);
      if (session) await orders.closeSession(session);
      dropCookie(c, SESSION_COOKIE);
      return c.redirect('/admin/login', 303);
    });
}

type SignInError = keyof Pick<DeskWords['signIn'], 'wrong' | 'missing' | 'tooMany'>;

function SignInPage({ site, next, email, error }: { site: Site; next: string; email?: string; error?: SignInError }) {
  const words = deskWords(site.locale).signIn;
  const { shopName } = pageWords(site.locale);
  const wrong = error ? ({ 'aria-invalid': 'true', 'aria-describedby': 'sign-in-error' } as const) : {};
  return (
    <Page
      site={site}
      face="desk"
      title={`${words.title} · ${shopName}`}
      noindex
      header={
        <header class="site-header">
          <div class="site-header-inner">
            <a class="brand" href="/">
              {shopName} <span class="brand-desk">{deskWords(site.locale).brand}</span>
            </a>
          </div>
        </header>
      }
    >
      <form class="card sign-in" method="post" action="/admin/login">
        <h1>{words.title}</h1>
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

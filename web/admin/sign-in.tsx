import { Hono } from 'hono';
import { Credentials, SESSION_COOKIE } from '../../shared/contracts/session.ts';
import { dropCookie, writeCookie } from '../cookies.ts';
import type { Site, WebDeps, WebEnv } from '../deps.ts';
import { Page, sendPage } from '../layout.tsx';
import { type DeskWords, deskWords } from '../locales/desk.ts';
import { pageWords } from '../locales/page.ts';
import { readForm } from '../read-form.ts';
import { refusal } from './answers.ts';
import { readSession } from './require-session.ts';
import { deskPath } from './same-site-path.ts';

/** `/admin/login` and `/admin/logout`. */
export function signInRoutes({ site, orders }: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/admin/login', (c) => sendPage(c, <SignInPage site={site} next={deskPath(c.req.query('next'))} />))

    .post('/admin/login', async (c) => {
      const form = await readForm(c);
      const email = form.get('email') ?? '';
      const next = deskPath(form.get('next'));
      const again = (error: SignInError, status: 401 | 422 | 429) =>
        sendPage(c, <SignInPage site={site} next={next} email={email} error={error} />, status);
      const credentials = Credentials.safeParse({ email, password: form.get('password') ?? '' });
      if (!credentials.success) return again('missing', 422);
      const answer = await orders.openSession(credentials.data);
      if (answer.ok) {
        const seconds = Math.floor((Date.parse(answer.data.expiresAt) - Date.now()) / 1000);
        writeCookie(c, SESSION_COOKIE, answer.data.token, seconds);
        return c.redirect(next, 303);
      }
      if (answer.problem.status === 429) return again('tooMany', 429);
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

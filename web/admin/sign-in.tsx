import { type Context, Hono } from 'hono';
import { Credentials, SESSION_COOKIE, SecondStep } from '../../shared/contracts/session.ts';
import { dropCookie } from '../cookies.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { readForm } from '../read-form.ts';
import { refusal } from './answers.ts';
import { enter, fromBrowser, visitor } from './enter.ts';
import { takeFlash } from './flash.ts';
import { readSession } from './require-session.ts';
import { deskPath } from './same-site-path.ts';
import { SecondStepPage, type SignInError, SignInPage } from './sign-in-pages.tsx';

/** `/admin/login`, in one step or two, and `/admin/logout`. */
export function signInRoutes({ site, orders, trustsProxy }: WebDeps): Hono<WebEnv> {
  async function takePassword(c: Context<WebEnv>, form: ReadonlyMap<string, string>, next: string) {
    const email = form.get('email') ?? '';
    const again = (error: SignInError, status: 401 | 422 | 429) =>
      sendPage(c, <SignInPage site={site} next={next} email={email} error={error} />, status);
    const credentials = Credentials.pick({ email: true, password: true }).safeParse({
      email,
      password: form.get('password') ?? '',
    });
    if (!credentials.success) return again('missing', 422);
    const answer = await orders.openSession({ ...credentials.data, ...fromBrowser(c) }, visitor(c, trustsProxy));
    if (answer.ok) return enter(c, answer.data, next);
    const { code, ticket, status } = answer.problem;
    if (code === 'totp_required' && ticket)
      return sendPage(c, <SecondStepPage site={site} next={next} ticket={ticket} />);
    if (status === 429) {
      if (answer.retryAfterSeconds) c.header('Retry-After', String(answer.retryAfterSeconds));
      return again('tooMany', 429);
    }
    if (code !== 'bad_credentials' && code !== 'validation') throw refusal(answer.problem);
    return again('wrong', 401);
  }

  async function takeCode(c: Context<WebEnv>, form: ReadonlyMap<string, string>, next: string) {
    const ticket = form.get('ticket') ?? '';
    const again = (error: 'code' | 'tooMany', status: 401 | 422 | 429) =>
      sendPage(c, <SecondStepPage site={site} next={next} ticket={ticket} error={error} />, status);
    const step = SecondStep.pick({ ticket: true, code: true }).safeParse({ ticket, code: form.get('code') ?? '' });
    if (!step.success) return again('code', 422);
    const answer = await orders.takeSecondStep({ ...step.data, ...fromBrowser(c) }, visitor(c, trustsProxy));
    if (answer.ok) return enter(c, answer.data, next);
    const { code, status } = answer.problem;
    if (status === 429) {
      if (answer.retryAfterSeconds) c.header('Retry-After', String(answer.retryAfterSeconds));
      return again('tooMany', 429);
    }
    if (code === 'bad_code') return again('code', 401);
    if (code !== 'bad_credentials') throw refusal(answer.problem);
    return sendPage(c, <SignInPage site={site} next={next} error="expired" />, 401);
  }

  return new Hono<WebEnv>()
    .get('/admin/login', (c) =>
      sendPage(c, <SignInPage site={site} next={deskPath(c.req.query('next'))} flash={takeFlash(c)} />),
    )

    .post('/admin/login', async (c) => {
      const form = await readForm(c);
      const next = deskPath(form.get('next'));
      return form.has('ticket') ? takeCode(c, form, next) : takePassword(c, form, next);
    })

    .post('/admin/logout', async (c) => {
      const session = readSession(c);
      if (session) await orders.closeSession(session);
      dropCookie(c, SESSION_COOKIE);
      return c.redirect('/admin/login', 303);
    });
}

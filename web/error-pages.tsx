import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { HttpProblem, toProblem } from '../shared/process/http-problem.ts';
import type { Logger } from '../shared/process/log.ts';
import { DoorPage } from './admin/door-page.tsx';
import type { Site, WebEnv } from './deps.ts';
import { Page, sendPage } from './layout.tsx';
import { pageWords } from './locales/page.ts';
import { sendHtml } from './send-html.ts';

/** Who asks: a person for a page, htmx for a part of one, or a program. */
export function asks(c: Context): 'page' | 'part' | 'program' {
  if (c.req.header('HX-Request') === 'true') return 'part';
  return c.req.header('Accept')?.includes('text/html') ? 'page' : 'program';
}

/** The one place where errors become answers. */
export function errorPages(site: Site, log: Logger): ErrorHandler<WebEnv> {
  return (error, c) => {
    const problem = toProblem(error);
    if (problem.status >= 500) log.error({ err: problem.cause ?? problem, code: problem.code }, 'request failed');
    return answerProblem(c, site, problem);
  };
}

export function notFoundPage(site: Site): NotFoundHandler<WebEnv> {
  return (c) => answerProblem(c, site, new HttpProblem(404, 'not_found'));
}

/** A problem in the form that suits who asked: a page, a toast, or problem details. */
export function answerProblem(c: Context<WebEnv>, site: Site, problem: HttpProblem): Response | Promise<Response> {
  const who = asks(c);
  if (who === 'program') return problem.toResponse();
  // Set once a session was found good: before that, 403 is about where the request comes from.
  const isAtDesk = c.get('admin') !== undefined;
  const { title, text } = wordsFor(site, problem.status, isAtDesk);
  const status = problem.status as ContentfulStatusCode;
  c.header('Cache-Control', 'no-store');
  if (problem.retryAfterSeconds !== undefined) c.header('Retry-After', String(problem.retryAfterSeconds));
  if (who === 'part') {
    return sendHtml(
      c,
      <hx-partial hx-target="#toasts" hx-swap="innerHTML">
        <p class="toast toast-error">{text}</p>
      </hx-partial>,
      status,
    );
  }
  const words = pageWords(site.locale);
  const notice = (
    <div class="notice">
      <p class="notice-code" aria-hidden="true">
        {status}
      </p>
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        <a class="button" href={isAtDesk ? '/admin/orders' : '/'}>
          {isAtDesk ? words.backToDesk : words.backToShop}
        </a>
      </p>
    </div>
  );
  if (isAtDesk) {
    return sendPage(
      c,
      <DoorPage site={site} title={title} home="/admin">
        {notice}
      </DoorPage>,
      status,
    );
  }
  return sendPage(
    c,
    <Page site={site} face="shop" title={`${title} · ${words.shopName}`} noindex header={<PlainHeader site={site} />}>
      {notice}
    </Page>,
    status,
  );
}

function wordsFor(site: Site, status: number, isAtDesk: boolean): { title: string; text: string } {
  const { errors } = pageWords(site.locale);
  if (isAtDesk && status === 403) return errors.ownersOnly;
  if (status in errors) return errors[status as keyof typeof errors];
  return status >= 500 ? errors[503] : errors[400];
}

/** An error page stands by itself: it reads no cart and asks no service. */
function PlainHeader({ site }: { site: Site }) {
  return (
    <header class="site-header">
      <div class="site-header-inner">
        <a class="brand" href="/">
          {pageWords(site.locale).shopName}
        </a>
      </div>
    </header>
  );
}

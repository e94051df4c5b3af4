import type { IncomingMessage } from 'node:http';
import { html } from 'hono/html';
import { HttpProblem } from '../shared/process/http-problem.ts';
import type { Refusal } from '../shared/process/shed-load.ts';
import type { Site } from './deps.ts';
import { pageWords } from './locales/page.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/**
 * What a visitor is told who is turned away because too many are here: made once, because then there is no time for
 * making pages. It says that nothing was done, for whoever has just confirmed an order; what they typed is still in
 * their form, or comes back when they reload.
 */
export function overloadPage(site: Site): (request: IncomingMessage) => Refusal {
  const { shopName, errors } = pageWords(site.locale);
  const { title, text } = errors.overloaded;
  const page = html`<!doctype html>
<html lang="${site.locale}">
  <head>
    <meta charset="utf-8">
    <title>${title} · ${shopName}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <link rel="stylesheet" href="${site.asset('shop.css')}">
  </head>
  <body class="shop">
    <main id="main">
      <div class="notice">
        <p class="notice-code" aria-hidden="true">503</p>
        <h1>${title}</h1>
        <p>${text}</p>
      </div>
    </main>
  </body>
</html>`;
  const part = html`<hx-partial hx-target="#toasts" hx-swap="innerHTML"><p class="toast toast-error">${text}</p></hx-partial>`;
  const inHtml = (body: unknown): Refusal => ({
    headers: { ...SECURITY_HEADERS, 'Content-Type': 'text/html; charset=UTF-8' },
    body: String(body),
  });
  const toPeople = inHtml(page);
  const toHtmx = inHtml(part);
  const toPrograms: Refusal = {
    headers: { ...SECURITY_HEADERS, 'Content-Type': 'application/problem+json' },
    body: JSON.stringify(new HttpProblem(503, 'overloaded').body()),
  };
  return ({ headers }) => {
    if (headers['hx-request'] === 'true') return toHtmx;
    return headers.accept?.includes('text/html') ? toPeople : toPrograms;
  };
}

import type { Context } from 'hono';
import type { Child, PropsWithChildren } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Site } from './deps.ts';
import { pageWords } from './locales/page.ts';
import { sendHtml } from './send-html.ts';

/**
 * htmx without what a strict page cannot have: no style sheet of its own, and no history of its own either,
 * because every address here is a page that the server renders whole.
 */
const HTMX_CONFIG = JSON.stringify({ includeIndicatorCSS: false, history: false, defaultTimeout: 15_000 });

export interface PageProps {
  site: Site;
  /** Which bundle the page gets: `shop.js` and `shop.css`, or `desk.js` and `desk.css`. */
  face: 'shop' | 'desk';
  title: string;
  description?: string;
  /** Not for search engines: everything but the catalogue. */
  noindex?: boolean;
  /** The address of what a browser needs to install the page. */
  manifest?: string | undefined;
  header: Child;
  footer?: Child;
}

/**
 * The frame around every page. `#toasts` of the desk and `#announce` are where fragments put what passes by:
 * the first is seen, the second is only heard.
 */
export function Page(props: PropsWithChildren<PageProps>) {
  const { site, face } = props;
  const words = pageWords(site.locale);
  return (
    <html lang={site.locale}>
      <head>
        <meta charset="utf-8" />
        <title>{props.title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
        <meta name="color-scheme" content="light dark" />
        {props.description && <meta name="description" content={props.description} />}
        {props.noindex && <meta name="robots" content="noindex" />}
        <meta name="htmx-config" content={HTMX_CONFIG} />
        <link rel="icon" href="/static/icon.svg" type="image/svg+xml" />
        {props.manifest && <link rel="manifest" href={props.manifest} />}
        <link rel="stylesheet" href={site.asset(`${face}.css`)} />
        <script type="module" src={site.asset(`${face}.js`)} />
      </head>
      <body class={face}>
        <a class="skip-link" href="#main">
          {words.skipToContent}
        </a>
        {props.header}
        <main id="main" tabindex={-1}>
          {props.children}
        </main>
        {props.footer}
        {face === 'desk' && <div id="toasts" class="toasts" role="status" />}
        <p id="announce" class="visually-hidden" role="status" />
      </body>
    </html>
  );
}

/** Answers with a whole page. */
export function sendPage(c: Context, page: Child, status: ContentfulStatusCode = 200) {
  return sendHtml(c, `<!doctype html>${page}`, status);
}

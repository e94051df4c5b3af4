import type { Child, PropsWithChildren } from 'hono/jsx';
import type { Site } from '../deps.ts';
import { formatTime } from '../fragments/format.ts';
import { Page } from '../layout.tsx';
import { deskWords } from '../locales/desk.ts';
import { pageWords } from '../locales/page.ts';

export interface DeskPageProps {
  site: Site;
  adminName: string;
  title: string;
  current: 'dashboard' | 'orders' | 'order';
  /** What the heading says; a sign in front is hidden from screen readers. */
  heading: Child;
  /** How often this page asks for news, in seconds. */
  pollSeconds: number;
  /** The page's own address: where «Actualiser» leads without JavaScript. */
  refreshHref: string;
  /** What «Actualiser» asks for with it. */
  refreshAttributes: Record<string, string>;
  /** Where the log stood when this page was read, so that the stream goes on exactly there. */
  cursor: string;
  streamUrl: string;
  flash?: string | undefined;
}

/** The frame of every page behind the sign-in: where one is, how current it is, and a way to ask again. */
export function DeskPage(props: PropsWithChildren<DeskPageProps>) {
  const { site } = props;
  const words = deskWords(site.locale);
  const now = new Date();
  return (
    <Page
      site={site}
      face="desk"
      title={`${props.title} · ${pageWords(site.locale).shopName}`}
      noindex
      header={<DeskHeader {...props} />}
      footer={<DeskFooter site={site} />}
    >
      <div class="desk-bar">
        <h1>{props.heading}</h1>
        <div class="desk-tools">
          <p
            id="freshness"
            class="freshness"
            data-state="connecting"
            data-poll-seconds={props.pollSeconds}
            data-time-zone={site.timeZone}
          >
            <span class="freshness-dot" aria-hidden="true" />
            <span>
              {words.lastUpdate}{' '}
              <time id="freshness-age" datetime={now.toISOString()}>
                {formatTime(site, now, 'clock')}
              </time>
            </span>
            <span id="freshness-state" class="freshness-state" />
          </p>
          <a id="refresh" class="button small" href={props.refreshHref} {...props.refreshAttributes}>
            <span aria-hidden="true">🔄</span> {words.refresh}
          </a>
        </div>
      </div>
      {props.flash && (
        <p class="alert info" role="alert">
          {props.flash}
        </p>
      )}
      {props.children}
      <p id="live-state" hidden data-cursor={props.cursor} data-stream={props.streamUrl} />
    </Page>
  );
}

interface DeskHeaderProps {
  site: Site;
  adminName: string;
  current: DeskPageProps['current'] | 'customers';
}

export function DeskHeader({ site, adminName, current }: DeskHeaderProps) {
  const words = deskWords(site.locale);
  const here = (name: string) => (current === name ? ({ 'aria-current': 'page' } as const) : {});
  return (
    <header class="site-header">
      <div class="site-header-inner desk-header">
        <a class="brand" href="/admin">
          {pageWords(site.locale).shopName} <span class="brand-desk">{words.brand}</span>
        </a>
        <nav class="desk-nav" aria-label={words.nav.label}>
          <a href="/admin" {...here('dashboard')}>
            {words.nav.dashboard}
          </a>
          <a href="/admin/orders" {...here('orders')}>
            {words.nav.orders}
          </a>
        </nav>
        <form class="desk-who" method="post" action="/admin/logout">
          <span class="desk-name" hx-ignore>
            {adminName}
          </span>
          <button type="submit" class="button small plain">
            {words.signOut}
          </button>
        </form>
      </div>
    </header>
  );
}

/** What is needed once a year, and then has to be found. */
export function DeskFooter({ site, current }: { site: Site; current?: 'customers' }) {
  return (
    <footer class="site-footer desk-footer">
      <a href="/admin/customers" {...(current ? { 'aria-current': 'page' as const } : {})}>
        {deskWords(site.locale).customers.title}
      </a>
    </footer>
  );
}

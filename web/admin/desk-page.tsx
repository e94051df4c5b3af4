import type { Child, PropsWithChildren } from 'hono/jsx';
import { may, type Right, type Role } from '../../shared/contracts/role.ts';
import type { SignedIn, Site } from '../deps.ts';
import { drawnOnce } from '../drawn-once.ts';
import { formatTime } from '../fragments/format.ts';
import { Page } from '../layout.tsx';
import { counterWords } from '../locales/counter.ts';
import { deskWords } from '../locales/desk.ts';
import { pageWords } from '../locales/page.ts';
import { teamWords } from '../locales/team.ts';
import { AlertNotes, AlertsMenu, ShortcutsDialog } from './desk-alerts.tsx';
import { LiveProof } from './live-proof.tsx';

export interface DeskPageProps {
  site: Site;
  /** Whoever is signed in; the page's script knows by it which orders are theirs. */
  admin: SignedIn;
  title: string;
  current: 'dashboard' | 'orders' | 'order' | 'counter';
  /** Of a page that browsers can install. */
  manifest?: string | undefined;
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
  const { site, admin } = props;
  const words = deskWords(site.locale);
  const now = new Date();
  return (
    <Page
      site={site}
      face="desk"
      title={`${props.title} · ${pageWords(site.locale).shopName}`}
      noindex
      manifest={props.manifest}
      header={<DeskHeader site={site} adminName={admin.name} current={props.current} />}
      footer={
        <>
          <AlertNotes site={site} />
          <DeskFooter site={site} role={admin.role} />
        </>
      }
    >
      <div class="desk-bar">
        <h1>{props.heading}</h1>
        <div class="desk-tools">
          <details id="proof" class="table-menu proof" name="table-menu">
            <summary
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
            </summary>
            <LiveProof site={site} />
          </details>
          <RefreshLink site={site} href={props.refreshHref} attributes={props.refreshAttributes} />
          <AlertsMenu site={site} />
        </div>
      </div>
      {props.flash && (
        <p class="alert info" role="alert">
          {props.flash}
        </p>
      )}
      {props.children}
      <ShortcutsDialog site={site} />
      <p id="live-state" hidden data-cursor={props.cursor} data-stream={props.streamUrl} data-admin={admin.id} />
    </Page>
  );
}

interface RefreshLinkProps {
  site: Site;
  href: string;
  attributes?: Record<string, string>;
}

function RefreshLink({ site, href, attributes }: RefreshLinkProps) {
  return (
    <a id="refresh" class="button small tool" href={href} {...attributes}>
      <span aria-hidden="true">🔄</span> <span class="tool-word">{deskWords(site.locale).refresh}</span>
    </a>
  );
}

interface DeskHeaderProps {
  site: Site;
  adminName: string;
  current: DeskPageProps['current'] | FooterPage | 'products';
}

function DeskHeader({ site, adminName, current }: DeskHeaderProps) {
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
          <a href="/admin/products" {...here('products')}>
            {words.nav.products}
          </a>
        </nav>
        <form class="desk-who" method="post" action="/admin/logout">
          <a class="desk-name" href="/admin/account" hx-ignore {...here('account')}>
            {adminName}
          </a>
          <button type="submit" class="button small plain">
            {words.signOut}
          </button>
        </form>
      </div>
    </header>
  );
}

type FooterPage = 'counter' | 'account' | 'team' | 'audit' | 'customers';

/** What is needed once in a while, and then has to be found. Owners' pages are shown to owners. */
const DeskFooter = drawnOnce<{ current?: FooterPage; role?: Role | undefined }>(({ site, current, role }) => {
  const words = teamWords(site.locale);
  const mayRead = (right: Right) => role !== undefined && may(role, right);
  const links: [page: FooterPage, href: string, word: string, isShown: boolean][] = [
    ['counter', '/admin/counter', counterWords(site.locale).title, true],
    ['account', '/admin/account', words.account.title, true],
    ['team', '/admin/admins', words.team.title, mayRead('manage_admins')],
    ['audit', '/admin/audit', words.audit.title, mayRead('read_audit')],
    ['customers', '/admin/customers', deskWords(site.locale).customers.title, mayRead('manage_customers')],
  ];
  return (
    <footer class="site-footer desk-footer">
      {links
        .filter(([, , , isShown]) => isShown)
        .map(([page, href, word]) => (
          <a href={href} {...(current === page ? { 'aria-current': 'page' as const } : {})}>
            {word}
          </a>
        ))}
    </footer>
  );
});

interface QuietPageProps {
  site: Site;
  admin: SignedIn;
  current: FooterPage | 'products' | 'orders';
  title: string;
  /** The page's own address, for «Actualiser»; none for what is shown once, or asks a question. */
  refreshHref?: string | undefined;
  flash?: string | undefined;
}

/** A page of the desk that shows no orders, and so need not be live. */
export function QuietPage(props: PropsWithChildren<QuietPageProps>) {
  const { site, admin, current, title, refreshHref, flash, children } = props;
  return (
    <Page
      site={site}
      face="desk"
      title={`${title} · ${pageWords(site.locale).shopName}`}
      noindex
      header={<DeskHeader site={site} adminName={admin.name} current={current} />}
      footer={
        <DeskFooter
          site={site}
          {...(current === 'products' || current === 'orders' ? {} : { current })}
          role={admin.role}
        />
      }
    >
      <div class="quiet-page">
        {refreshHref ? (
          <div class="desk-bar">
            <h1>{title}</h1>
            <RefreshLink site={site} href={refreshHref} />
          </div>
        ) : (
          <h1>{title}</h1>
        )}
        {flash && (
          <p class="alert info" role="alert">
            {flash}
          </p>
        )}
        {children}
      </div>
    </Page>
  );
}

import type { Child } from 'hono/jsx';
import type { AuditAction, AuditEntry, AuditPage, OrderChange, OrderChangePage } from '../../shared/contracts/audit.ts';
import { Status } from '../../shared/contracts/status.ts';
import type { SignedIn, Site } from '../deps.ts';
import { formatTime } from '../fragments/format.ts';
import { statusWord } from '../locales/desk.ts';
import { type TeamWords, teamWords } from '../locales/team.ts';
import { QuietPage } from './desk-page.tsx';

interface AuditPageProps {
  site: Site;
  admin: SignedIn;
  /** Absent on the newest page. */
  before: string | undefined;
  shown: { view: 'access'; page: AuditPage } | { view: 'orders'; page: OrderChangePage };
}

/** Who of the team did what, and when; a page at a time, newest first. */
export function AuditLogPage({ site, admin, before, shown }: AuditPageProps) {
  const words = teamWords(site.locale).audit;
  const { view, page } = shown;
  const address = (query: Record<string, string>) => {
    const all = { ...(view === 'orders' ? { view } : {}), ...query };
    return `/admin/audit${Object.keys(all).length > 0 ? `?${new URLSearchParams(all)}` : ''}`;
  };
  const here = (name: typeof view) => (view === name ? ({ 'aria-current': 'page' } as const) : {});
  return (
    <QuietPage
      site={site}
      admin={admin}
      current="audit"
      title={words.title}
      refreshHref={address(before ? { before } : {})}
    >
      <nav class="tabs" aria-label={words.views}>
        <a href="/admin/audit" {...here('access')}>
          {words.access}
        </a>
        <a href="/admin/audit?view=orders" {...here('orders')}>
          {words.orders}
        </a>
      </nav>
      <p class="muted">{view === 'access' ? words.intro : words.ordersIntro}</p>
      {shown.view === 'access' ? (
        <Entries site={site} entries={shown.page.entries} />
      ) : (
        <OrderChanges site={site} changes={shown.page.changes} />
      )}
      <p class="card-steps">
        {before !== undefined && (
          <a class="button" href={address({})}>
            {words.newest}
          </a>
        )}
        {page.next !== null && (
          <a class="button" href={address({ before: String(page.next) })} rel="next">
            {words.older}
          </a>
        )}
      </p>
    </QuietPage>
  );
}

function Entries({ site, entries }: { site: Site; entries: readonly AuditEntry[] }) {
  const { audit: words } = teamWords(site.locale);
  if (entries.length === 0) return <p class="card">{words.empty}</p>;
  return (
    <AuditTable words={words} last={words.columns.from}>
      {entries.map((entry) => (
        <Line site={site} words={words} at={entry.at} by={entry.by} last={[words.columns.from, entry.network ?? '–']}>
          {told(site, entry)}
        </Line>
      ))}
    </AuditTable>
  );
}

/** Such as: «A changé le rôle de marie@msp.example (Équipe)». */
function told(site: Site, { action, subject, detail }: AuditEntry): string {
  const { audit: words, roles } = teamWords(site.locale);
  const role = roles[detail as keyof typeof roles];
  const more = detail === null ? '' : ` (${role ?? words.counted(action, detail)})`;
  const word = words.actions[action as AuditAction] ?? words.other;
  return `${word}${subject === null ? '' : ` ${subject}`}${more}`;
}

function OrderChanges({ site, changes }: { site: Site; changes: readonly OrderChange[] }) {
  const { audit: words } = teamWords(site.locale);
  if (changes.length === 0) return <p class="card">{words.emptyPart}</p>;
  return (
    <AuditTable words={words} last={words.columns.order}>
      {changes.map(({ at, by, number, ...change }) => (
        <Line
          site={site}
          words={words}
          at={at}
          by={by}
          last={[
            words.columns.order,
            <a class="number" href={`/admin/orders/${number}`}>
              {number}
            </a>,
          ]}
        >
          {moved(site, change)}
        </Line>
      ))}
    </AuditTable>
  );
}

function moved(site: Site, { type, status, previousStatus }: Omit<OrderChange, 'at' | 'by' | 'number'>): string {
  const { audit: words } = teamWords(site.locale);
  if (type === 'order.erased') return words.erased;
  const named = (text: string | null) => {
    const known = Status.safeParse(text);
    return known.success ? statusWord(site.locale, known.data) : (text ?? '');
  };
  return previousStatus === null || previousStatus === status
    ? words.other
    : `${named(previousStatus)} → ${named(status)}`;
}

function AuditTable({ words, last, children }: { words: TeamWords['audit']; last: string; children: Child }) {
  return (
    <table class="card audit-table">
      <caption class="visually-hidden">{words.title}</caption>
      <thead>
        <tr>
          <th scope="col">{words.columns.at}</th>
          <th scope="col">{words.columns.by}</th>
          <th scope="col">{words.columns.what}</th>
          <th scope="col">{last}</th>
        </tr>
      </thead>
      <tbody hx-ignore>{children}</tbody>
    </table>
  );
}

interface LineProps {
  site: Site;
  words: TeamWords['audit'];
  at: string;
  by: string | null;
  last: [label: string, value: Child];
  children: Child;
}

function Line({ site, words, at, by, last, children }: LineProps) {
  return (
    <tr>
      <td>
        <time datetime={at}>{formatTime(site, at, 'full')}</time>
      </td>
      <td>
        <bdi>{by ?? words.nobody}</bdi>
      </td>
      <td class="audit-what">{children}</td>
      <td class="small" data-label={last[0]}>
        {last[1]}
      </td>
    </tr>
  );
}

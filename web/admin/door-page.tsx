import type { PropsWithChildren } from 'hono/jsx';
import type { Site } from '../deps.ts';
import { Page } from '../layout.tsx';
import { deskWords } from '../locales/desk.ts';
import { pageWords } from '../locales/page.ts';

/** The frame of the pages before the desk, where nobody is signed in yet. */
export function DoorPage({ site, title, children }: PropsWithChildren<{ site: Site; title: string }>) {
  const { shopName } = pageWords(site.locale);
  return (
    <Page
      site={site}
      face="desk"
      title={`${title} · ${shopName}`}
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
      {children}
    </Page>
  );
}

import type { PropsWithChildren } from 'hono/jsx';
import type { Site } from '../deps.ts';
import { Page } from '../layout.tsx';
import { deskWords } from '../locales/desk.ts';
import { pageWords } from '../locales/page.ts';

interface DoorPageProps {
  site: Site;
  title: string;
  /** Where the name of the shop leads: back to the shop, unless somebody is signed in. */
  home?: '/' | '/admin';
}

/** The frame of a page that is one card: before the desk, where nobody is signed in yet, and of its plain questions. */
export function DoorPage({ site, title, home = '/', children }: PropsWithChildren<DoorPageProps>) {
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
            <a class="brand" href={home}>
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

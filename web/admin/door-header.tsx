import type { Site } from '../deps.ts';
import { deskWords } from '../locales/desk.ts';
import { pageWords } from '../locales/page.ts';

/** The header of the pages before the desk, where nobody is signed in yet. */
export function DoorHeader({ site }: { site: Site }) {
  return (
    <header class="site-header">
      <div class="site-header-inner">
        <a class="brand" href="/">
          {pageWords(site.locale).shopName} <span class="brand-desk">{deskWords(site.locale).brand}</span>
        </a>
      </div>
    </header>
  );
}

import type { Context } from 'hono';
import { Hono } from 'hono';
import { readCookie, writeCookie } from '../cookies.ts';
import type { Site, WebDeps, WebEnv } from '../deps.ts';
import { asks } from '../error-pages.tsx';
import { deskWords } from '../locales/desk.ts';
import { orderFilterWords } from '../locales/order-filter.ts';
import { readForm } from '../read-form.ts';
import { deskPath } from './same-site-path.ts';

/** Columns that may be left out; the others are what a row is there for. */
const OPTIONAL = ['time', 'customer', 'email', 'phone', 'lines', 'total'] as const;
type Column = (typeof OPTIONAL)[number];
/** Until somebody chooses. */
const USUAL: readonly Column[] = ['time', 'customer', 'lines', 'total'];

const COOKIE = 'msp_columns';
const REMEMBERED_SECONDS = 365 * 24 * 3600;

/** Which of the columns this browser shows. */
export function readColumns(c: Context<WebEnv>): ReadonlySet<Column> {
  const text = readCookie(c, COOKIE);
  if (text === undefined) return new Set(USUAL);
  const names = new Set(text.split('.'));
  return new Set(OPTIONAL.filter((column) => names.has(column)));
}

/** Classes of the table: rows carry every cell, also those that the stream brings, and the style leaves cells out. */
export function columnClasses(shown: ReadonlySet<Column>): string {
  return OPTIONAL.filter((column) => !shown.has(column))
    .map((column) => `without-${column}`)
    .join(' ');
}

/** `POST /admin/orders/columns` — remembers them. */
export function tableColumnRoutes(_deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().post('/admin/orders/columns', async (c) => {
    const form = await readForm(c);
    const shown = OPTIONAL.filter((column) => form.has(column));
    writeCookie(c, COOKIE, shown.join('.'), REMEMBERED_SECONDS);
    if (asks(c) === 'part') return c.body(null, 204);
    return c.redirect(deskPath(form.get('back')), 303);
  });
}

/** @param back the page's own address, for browsers without JavaScript */
export function ColumnPicker({ site, shown, back }: { site: Site; shown: ReadonlySet<Column>; back: string }) {
  const words = orderFilterWords(site.locale);
  const { columns } = deskWords(site.locale).orders;
  return (
    <details class="table-menu" name="table-menu">
      <summary class="button small">{words.columns}</summary>
      <form
        id="columns"
        class="table-menu-panel"
        method="post"
        action="/admin/orders/columns"
        hx-post="/admin/orders/columns"
        hx-trigger="change"
        hx-swap="none"
      >
        <input type="hidden" name="back" value={back} />
        <fieldset class="choices">
          <legend class="visually-hidden">{words.columns}</legend>
          {OPTIONAL.map((column) => (
            <label class="choice">
              <input type="checkbox" name={column} value="1" checked={shown.has(column)} /> {columns[column]}
            </label>
          ))}
        </fieldset>
        <p class="muted small">{words.columnsHint}</p>
        <button type="submit" class="button small without-script">
          {words.applyColumns}
        </button>
      </form>
    </details>
  );
}

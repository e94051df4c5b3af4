import type { Context } from 'hono';
import { Hono } from 'hono';
import {
  MAX_VIEW_NAME_CHARS,
  MAX_VIEW_QUERY_CHARS,
  type SavedView,
  SavedViewInput,
} from '../../shared/contracts/saved-view.ts';
import type { Site, WebDeps, WebEnv } from '../deps.ts';
import { orderFilterWords } from '../locales/order-filter.ts';
import { readForm } from '../read-form.ts';
import { refusal } from './answers.ts';
import { readFilter, writeFilter } from './filter-in-url.ts';
import { leaveFlash } from './flash.ts';

/** `POST /admin/orders/views` and `/admin/orders/views/forget`: «Mes vues», filters under names of an admin's own. */
export function savedViewRoutes({ site, orders }: WebDeps): Hono<WebEnv> {
  const words = orderFilterWords(site.locale);

  const backTo = (c: Context<WebEnv>, query: string, said: string) => {
    leaveFlash(c, said);
    return c.redirect(query ? `/admin/orders?${query}` : '/admin/orders', 303);
  };

  return new Hono<WebEnv>()
    .post('/admin/orders/views', async (c) => {
      const form = await readForm(c);
      const query = tidy(form.get('query'));
      const view = SavedViewInput.safeParse({ name: form.get('name'), query });
      if (!view.success) {
        const isNamed = view.error.issues.every(({ path }) => path[0] === 'query');
        return backTo(
          c,
          query,
          !isNamed ? words.viewNameMissing : query === '' ? words.saveNothing : words.viewTooLong,
        );
      }
      const answer = await orders.saveView(c.var.admin.session, view.data);
      if (answer.ok) return backTo(c, query, words.saved(view.data.name));
      if (answer.problem.errors?.some(({ message }) => message === 'too_many'))
        return backTo(c, query, words.tooManyViews);
      throw refusal(answer.problem);
    })

    .post('/admin/orders/views/forget', async (c) => {
      const form = await readForm(c);
      const id = form.get('id') ?? '';
      if (/^[1-9][0-9]{0,8}$/.test(id)) {
        const answer = await orders.forgetView(c.var.admin.session, Number(id));
        if (!answer.ok) throw refusal(answer.problem);
      }
      return backTo(c, tidy(form.get('query')), words.forgotten);
    });
}

/** What a filter's address says, and nothing else that stood in it. */
export function tidy(query: string | undefined): string {
  return writeFilter(readFilter(new URLSearchParams(query ?? '')).filter).toString();
}

interface SavedViewsProps {
  site: Site;
  views: readonly SavedView[];
  /** Of the table's address as it is. */
  query: string;
}

/** As further tabs. */
export function SavedViewTabs({ views, query }: Omit<SavedViewsProps, 'site'>) {
  return (
    <>
      {views.map((view) => (
        <a
          class="saved-view"
          href={`/admin/orders?${view.query}`}
          hx-ignore
          {...(view.query === query ? { 'aria-current': 'page' as const } : {})}
        >
          <span aria-hidden="true">★</span>
          <bdi>{view.name}</bdi>
        </a>
      ))}
    </>
  );
}

/** Where they are made and taken away. */
export function SavedViewsMenu({ site, views, query }: SavedViewsProps) {
  const words = orderFilterWords(site.locale);
  const canSave = query !== '' && query.length <= MAX_VIEW_QUERY_CHARS;
  return (
    <details class="table-menu" name="table-menu">
      <summary class="button small">{words.views}</summary>
      <div class="table-menu-panel">
        {views.length > 0 && (
          <ul class="saved-views">
            {views.map((view) => (
              <li hx-ignore>
                <a href={`/admin/orders?${view.query}`}>
                  <bdi>{view.name}</bdi>
                </a>
                <form method="post" action="/admin/orders/views/forget">
                  <input type="hidden" name="id" value={String(view.id)} />
                  <input type="hidden" name="query" value={view.query === query ? '' : query} />
                  <button type="submit" class="button plain small" aria-label={words.forgetView(view.name)}>
                    <span aria-hidden="true">✕</span>
                  </button>
                </form>
              </li>
            ))}
          </ul>
        )}
        {views.length === 0 && <p class="muted small">{words.noViews}</p>}
        {canSave ? (
          <form class="save-view" method="post" action="/admin/orders/views">
            <input type="hidden" name="query" value={query} />
            <div class="field">
              <label for="view-name">{words.viewName}</label>
              <input
                id="view-name"
                class="input"
                name="name"
                required
                maxlength={MAX_VIEW_NAME_CHARS}
                autocomplete="off"
              />
            </div>
            <button type="submit" class="button primary small">
              {words.saveView}
            </button>
          </form>
        ) : (
          <p class="muted small">{query === '' ? words.saveNothing : words.viewTooLong}</p>
        )}
      </div>
    </details>
  );
}

import { MAX_SEARCH_CHARS, STAGE_NAMES } from '../../shared/contracts/order-filter.ts';
import type { Site } from '../deps.ts';
import { currencySign } from '../fragments/format.ts';
import { orderFilterWords } from '../locales/order-filter.ts';
import type { FilterField, FilterInUrl } from './filter-in-url.ts';
import { placePath } from './order-place.ts';

const NARROWING = ['from', 'to', 'min', 'max', 'stage'] as const satisfies FilterField[];

/** Drawn, because no character for it is the same in every font. */
const SearchSign = () => (
  <svg aria-hidden="true" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2">
    <circle cx="8.5" cy="8.5" r="5.5" />
    <path d="m13 13 5 5" stroke-linecap="round" />
  </svg>
);

interface OrderFilterFormProps extends FilterInUrl {
  site: Site;
  /** Of the product that is filtered by; absent where there is none, or nobody knows it. */
  productName: string | undefined;
}

/** The search, and the filters behind a button: one form, whose address is the filtered table. */
export function OrderFilterForm({ site, filter, wrong, typed, productName }: OrderFilterFormProps) {
  const words = orderFilterWords(site.locale);
  const active = NARROWING.filter((name) => typed[name] !== '').length;
  const isNarrowed = active > 0 || typed.q !== '' || typed.product !== '';
  const currency = currencySign(site, site.currency);
  const described = (name: FilterField) =>
    wrong.has(name) ? { 'aria-invalid': 'true' as const, 'aria-describedby': `filter-${name}-error` } : {};
  const error = (name: FilterField) =>
    wrong.has(name) && (
      <p id={`filter-${name}-error`} class="field-error">
        {words.wrong[name]}
      </p>
    );
  const field = (name: FilterField, label: string, attributes: Record<string, string>) => (
    <div class="field">
      <label for={`filter-${name}`}>{label}</label>
      <input
        id={`filter-${name}`}
        class="input"
        name={name}
        value={typed[name]}
        autocomplete="off"
        {...attributes}
        {...described(name)}
      />
      {error(name)}
    </div>
  );
  const money = { type: 'text', inputmode: 'decimal', maxlength: '16' };
  return (
    <search>
      <form id="order-filter" class="order-filter" action="/admin/orders">
        {filter.status && <input type="hidden" name="view" value={filter.status} />}
        {filter.claim && <input type="hidden" name="claim" value={filter.claim} />}
        <label class="visually-hidden" for="filter-q">
          {words.search}
        </label>
        <input
          id="filter-q"
          class="input order-search"
          type="search"
          name="q"
          value={typed.q}
          placeholder={words.searchHint}
          maxlength={MAX_SEARCH_CHARS}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="search"
          {...described('q')}
        />
        <button type="submit" class="button icon-button" aria-label={words.find} title={words.find}>
          <SearchSign />
        </button>
        <details class="table-menu" name="table-menu" open={NARROWING.some((name) => wrong.has(name))}>
          <summary class="button">
            {words.filters}
            {active > 0 && <span class="badge">{words.active(active)}</span>}
          </summary>
          <div class="table-menu-panel filter-fields">
            {field('from', words.from, { type: 'date' })}
            {field('to', words.to, { type: 'date' })}
            {field('min', `${words.min} (${currency})`, money)}
            {field('max', `${words.max} (${currency})`, money)}
            <div class="field">
              <label for="filter-stage">{words.stage}</label>
              <select id="filter-stage" class="input" name="stage" autocomplete="off" {...described('stage')}>
                <option value="">—</option>
                {STAGE_NAMES.map((stage) => (
                  <option value={stage} selected={stage === filter.stage}>
                    {words.stages[stage]}
                  </option>
                ))}
              </select>
              {error('stage')}
            </div>
            <button type="submit" class="button primary">
              {words.apply}
            </button>
          </div>
        </details>
        {filter.product !== undefined && (
          <>
            <input type="hidden" name="product" value={String(filter.product)} />
            <a
              class="button plain filter-product"
              href={placePath('/admin/orders', { filter: { ...filter, product: undefined }, before: undefined })}
              title={words.withoutProduct}
              hx-ignore
            >
              <bdi>{productName ?? words.product(filter.product)}</bdi> <span aria-hidden="true">×</span>
              <span class="visually-hidden">{words.withoutProduct}</span>
            </a>
          </>
        )}
        {isNarrowed && (
          <a
            class="button plain"
            href={placePath('/admin/orders', {
              filter: { status: filter.status, claim: filter.claim },
              before: undefined,
            })}
          >
            {words.clear}
          </a>
        )}
        {error('q')}
        {error('product')}
      </form>
    </search>
  );
}

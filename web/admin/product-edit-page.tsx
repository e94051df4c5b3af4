import type { Child } from 'hono/jsx';
import {
  type AdminProduct,
  MAX_CATEGORY_CHARS,
  MAX_DESCRIPTION_CHARS,
  MAX_PICTURE_BYTES,
  MAX_PRODUCT_NAME_CHARS,
} from '../../shared/contracts/product.ts';
import { may } from '../../shared/contracts/role.ts';
import type { SignedIn, Site } from '../deps.ts';
import { formatTime } from '../fragments/format.ts';
import { type ProductWords, productWords } from '../locales/products.ts';
import { ProductPicture } from '../shop/product-picture.tsx';
import { QuietPage } from './desk-page.tsx';
import {
  PRODUCT_FIELDS,
  type ProductField,
  type ProductFieldProblem,
  type ProductProblems,
  type TypedProduct,
  typedOf,
  writeStock,
} from './product-form.ts';

export interface ProductEditProps {
  site: Site;
  admin: SignedIn;
  /** As it was read; undefined for one that is to be. */
  product?: AdminProduct;
  typed: TypedProduct;
  /** Those that there are, to choose from. */
  categories: readonly string[];
  problems?: ProductProblems;
  /** Why nothing was saved: somebody was faster, or there is no room. */
  alert?: string;
  pictureError?: string;
  flash?: string | undefined;
}

/** One product, or a new one: its words, its price, its stock; and its picture, once there is a product to have it. */
export function ProductEditPage(props: ProductEditProps) {
  const { site, admin, product, flash } = props;
  const words = productWords(site.locale);
  const mayAll = may(admin.role, 'manage_catalogue');
  return (
    <QuietPage
      site={site}
      admin={admin}
      current="products"
      title={product ? product.name : words.create}
      refreshHref={product && `/admin/products/${product.id}`}
      flash={flash}
    >
      <p class="product-links">
        <a href="/admin/products">{words.all}</a>
        {product && !product.hidden && <a href={`/products/${product.slug}`}>{words.seeInShop}</a>}
      </p>
      <div class="product-edit">
        <ProductForm {...props} mayAll={mayAll} />
        {product && mayAll && <PictureForms {...props} product={product} />}
      </div>
      {product?.changedAt && product.changedBy && (
        <p class="small muted" hx-ignore>
          {words.lastChange(product.changedBy, formatTime(site, product.changedAt, 'full'))}
        </p>
      )}
    </QuietPage>
  );
}

function ProductForm(props: ProductEditProps & { mayAll: boolean }) {
  const { site, product, typed, categories, problems = {}, alert, mayAll } = props;
  const words = productWords(site.locale);
  const field = (name: ProductField, hint?: string) => ({ name, words, problem: problems[name], hint });
  return (
    <form
      class="card product-form"
      method="post"
      action={product ? `/admin/products/${product.id}` : '/admin/products'}
      // The server says what is wrong, in the shop's words and in one place.
      novalidate
      hx-ignore
    >
      {product && (
        <>
          <input type="hidden" name="version" value={String(product.version)} />
          <input type="hidden" name="stockSeen" value={writeStock(product.stock)} />
        </>
      )}
      {alert && <Alert site={site} text={alert} typed={typed} product={product} />}
      <Problems words={words} problems={problems} />
      {mayAll && (
        <>
          <Field {...field('name')}>
            <input
              {...inputOf(field('name'))}
              type="text"
              value={typed.name}
              maxlength={MAX_PRODUCT_NAME_CHARS}
              autocomplete="off"
              required
            />
          </Field>
          <Field {...field('category', words.categoryHint)}>
            <input
              {...inputOf(field('category', words.categoryHint))}
              type="text"
              value={typed.category}
              maxlength={MAX_CATEGORY_CHARS}
              list="categories"
              autocomplete="off"
            />
            <datalist id="categories">
              {categories.map((one) => (
                <option value={one} />
              ))}
            </datalist>
          </Field>
        </>
      )}
      <div class="product-numbers">
        {mayAll && (
          <Field {...field('price', words.priceHint)}>
            <input
              {...inputOf(field('price', words.priceHint))}
              type="text"
              value={typed.price}
              inputmode="decimal"
              maxlength={12}
              autocomplete="off"
              required
            />
          </Field>
        )}
        <Field {...field('stock', words.stockHint)}>
          <input
            {...inputOf(field('stock', words.stockHint))}
            type="text"
            value={typed.stock}
            inputmode="numeric"
            maxlength={7}
            autocomplete="off"
          />
        </Field>
      </div>
      {mayAll && (
        <>
          <Field {...field('description')}>
            <textarea {...inputOf(field('description'))} rows={5} maxlength={MAX_DESCRIPTION_CHARS} autocomplete="off">
              {typed.description}
            </textarea>
          </Field>
          <p class="product-sold">
            <input id="product-sold" type="checkbox" name="sold" value="1" checked={!typed.hidden} />
            <label for="product-sold">{words.sold}</label>
          </p>
        </>
      )}
      <button type="submit" class="button primary">
        {product ? words.save : words.createIt}
      </button>
    </form>
  );
}

interface FieldProps {
  name: ProductField;
  words: ProductWords;
  problem: ProductFieldProblem | undefined;
  hint?: string | undefined;
}

const errorText = (words: ProductWords, name: ProductField, problem: ProductFieldProblem) =>
  (words.errors[name] as Partial<Record<ProductFieldProblem, string>>)[problem] ?? words.errors[name].invalid;

function Field({ name, words, problem, hint, children }: FieldProps & { children?: Child }) {
  return (
    <div class="field">
      <label for={`product-${name}`}>{words[name]}</label>
      {hint && (
        <p class="hint" id={`product-${name}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {problem && (
        <p class="field-error" id={`product-${name}-error`}>
          {errorText(words, name, problem)}
        </p>
      )}
    </div>
  );
}

function inputOf({ name, problem, hint }: FieldProps) {
  const described = [hint && `product-${name}-hint`, problem && `product-${name}-error`].filter(Boolean).join(' ');
  return {
    id: `product-${name}`,
    name,
    class: 'input',
    ...(described ? { 'aria-describedby': described } : {}),
    ...(problem ? { 'aria-invalid': 'true' as const } : {}),
  };
}

function Problems({ words, problems }: { words: ProductWords; problems: ProductProblems }) {
  const wrong = PRODUCT_FIELDS.flatMap((name) => (problems[name] ? [{ name, problem: problems[name] }] : []));
  if (wrong.length === 0) return null;
  return (
    <div class="alert" role="alert" tabindex={-1} autofocus>
      <p class="alert-heading">{words.wrong}</p>
      <ul>
        {wrong.map(({ name, problem }) => (
          <li>
            <a href={`#product-${name}`}>{errorText(words, name, problem)}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Nothing was saved: why, and where what is saved now is another thing than what was typed. */
function Alert({
  site,
  text,
  typed,
  product,
}: {
  site: Site;
  text: string;
  typed: TypedProduct;
  product: AdminProduct | undefined;
}) {
  const words = productWords(site.locale);
  const now = product && typedOf(product, site.locale);
  const different = PRODUCT_FIELDS.filter((name) => now && now[name] !== typed[name]);
  return (
    <div class="alert warning" role="alert" tabindex={-1} autofocus>
      <p class="alert-heading">{text}</p>
      {now && different.length > 0 && (
        <>
          <p>{words.staleNow}</p>
          <ul>
            {different.map((name) => (
              <li>
                {words.staleField(words[name])} <strong>{now[name] || '—'}</strong>
              </li>
            ))}
          </ul>
        </>
      )}
      {now && <p>{words.staleAgain}</p>}
    </div>
  );
}

function PictureForms({ site, product, pictureError }: ProductEditProps & { product: AdminProduct }) {
  const words = productWords(site.locale);
  const action = `/admin/products/${product.id}/picture`;
  const version = <input type="hidden" name="version" value={String(product.version)} />;
  return (
    <section class="card product-picture" aria-labelledby="picture-heading">
      <h2 id="picture-heading">{words.picture}</h2>
      <ProductPicture product={product} site={site} eager />
      {!product.picture && <p class="small muted">{words.noPicture}</p>}
      <form method="post" action={action} enctype="multipart/form-data">
        {version}
        <div class="field">
          <label for="picture">{words.pictureFile}</label>
          <p class="hint" id="picture-hint">
            {words.pictureHint}
          </p>
          <input
            id="picture"
            class="input"
            type="file"
            name="picture"
            accept="image/jpeg,image/png,image/webp"
            data-max-bytes={MAX_PICTURE_BYTES}
            data-too-large={words.pictureErrors.too_large}
            aria-describedby={pictureError ? 'picture-hint picture-error' : 'picture-hint'}
            aria-invalid={pictureError ? 'true' : undefined}
          />
          {pictureError && (
            <p class="field-error" id="picture-error" role="alert">
              {pictureError}
            </p>
          )}
        </div>
        <button type="submit" class="button">
          {words.upload}
        </button>
      </form>
      {product.picture && (
        <form method="post" action={`${action}/remove`}>
          {version}
          <button type="submit" class="button danger">
            {words.removePicture}
          </button>
        </form>
      )}
    </section>
  );
}

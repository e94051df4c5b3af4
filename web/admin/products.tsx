import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type AdminProduct, MAX_PICTURE_BYTES } from '../../shared/contracts/product.ts';
import { may } from '../../shared/contracts/role.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { productWords } from '../locales/products.ts';
import { timeAgo } from '../locales/time-ago.ts';
import type { Answer } from '../orders-client.ts';
import { readForm } from '../read-form.ts';
import { readUpload } from '../read-upload.ts';
import { findProducts, MAX_SEARCH_CHARS } from '../shop/find-products.ts';
import { expectData, refusal } from './answers.ts';
import { leaveFlash, takeFlash } from './flash.ts';
import { ProductEditPage, type ProductEditProps } from './product-edit-page.tsx';
import { changeOf, checkTyped, NEW_PRODUCT, readStock, readTyped, typedOf } from './product-form.ts';
import { ProductsPage } from './products-page.tsx';

const ID = ':id{[1-9][0-9]{0,9}}';

/**
 * `/admin/products`: the catalogue as admins see and change it. Each form names the version that its page showed; when
 * somebody was faster, nothing is saved, and what was typed stays in the form beside what is saved now.
 */
export function productRoutes({ site, orders }: WebDeps): Hono<WebEnv> {
  const words = productWords(site.locale);

  async function allProducts(c: Context<WebEnv>): Promise<AdminProduct[]> {
    return expectData(await orders.allProducts(c.var.admin.session)).products;
  }

  async function sendEdit(
    c: Context<WebEnv>,
    shown: Pick<ProductEditProps, 'product' | 'typed' | 'problems' | 'alert' | 'pictureError'>,
    status: ContentfulStatusCode = 200,
  ): Promise<Response> {
    const categories = [...new Set((await allProducts(c)).map(({ category }) => category))].filter(Boolean);
    const flash = status === 200 ? takeFlash(c) : undefined;
    return sendPage(
      c,
      <ProductEditPage site={site} admin={c.var.admin} categories={categories} flash={flash} {...shown} />,
      status,
    );
  }

  async function readProduct(c: Context<WebEnv>): Promise<AdminProduct> {
    return expectData(await orders.productById(c.var.admin.session, idOf(c)));
  }

  /** Who was faster, and when. */
  function whoWasFaster({ changedBy, changedAt }: AdminProduct): string {
    if (!changedBy || !changedAt) return words.staleUnknown;
    return words.stale(changedBy, timeAgo(site.locale, Date.now() - Date.parse(changedAt)));
  }

  async function sendBack(
    c: Context<WebEnv>,
    path: string,
    answer: Answer<AdminProduct>,
    done: (name: string) => string,
  ) {
    if (answer.ok) leaveFlash(c, done(answer.data.name));
    else if (answer.problem.code === 'stale_version') leaveFlash(c, whoWasFaster(await readProduct(c)));
    else throw refusal(answer.problem);
    return c.redirect(path, 303);
  }

  return new Hono<WebEnv>()
    .get('/admin/products', async (c) => {
      const typed = (c.req.query('q') ?? '').slice(0, MAX_SEARCH_CHARS).toWellFormed().trim();
      const products = await allProducts(c);
      const found = findProducts(products, typed);
      return sendPage(
        c,
        <ProductsPage
          site={site}
          admin={c.var.admin}
          products={products}
          found={found}
          typed={typed}
          flash={takeFlash(c)}
        />,
      );
    })

    .get('/admin/products/new', (c) => sendEdit(c, { typed: NEW_PRODUCT }))

    .post('/admin/products', async (c) => {
      const typed = readTyped(await readForm(c));
      const checked = checkTyped(typed);
      if (!checked.ok) return sendEdit(c, { typed, problems: checked.problems }, 422);
      const answer = await orders.createProduct(c.var.admin.session, checked.product);
      if (answer.ok) {
        leaveFlash(c, words.created(answer.data.name));
        return c.redirect(`/admin/products/${answer.data.id}`, 303);
      }
      const { code } = answer.problem;
      if (code === 'name_taken') return sendEdit(c, { typed, problems: { name: 'taken' } }, 409);
      if (code === 'catalogue_full') return sendEdit(c, { typed, alert: words.full }, 409);
      throw refusal(answer.problem);
    })

    .get(`/admin/products/${ID}`, async (c) => {
      const product = await readProduct(c);
      return sendEdit(c, { product, typed: typedOf(product, site.locale) });
    })

    .post(`/admin/products/${ID}`, async (c) => {
      const form = await readForm(c);
      const seen = { version: readVersion(form), stock: readSeenStock(form) };
      const before = await readProduct(c);
      const mayAll = may(c.var.admin.role, 'manage_catalogue');
      const typed = mayAll ? readTyped(form) : { ...typedOf(before, site.locale), stock: form.get('stock') ?? '' };
      const checked = checkTyped(typed);
      // The version stays the one that was seen: what somebody else has saved meanwhile is told when this is saved.
      const shown = { product: { ...before, ...seen }, typed };
      if (!checked.ok) return sendEdit(c, { ...shown, problems: checked.problems }, 422);
      const change = changeOf(checked.product, seen);
      const { version, stock } = change;
      const answer = await orders.changeProduct(
        c.var.admin.session,
        before.id,
        mayAll ? change : { version, ...(stock && { stock }) },
      );
      if (answer.ok) {
        leaveFlash(c, words.saved(answer.data.name));
        return c.redirect(`/admin/products/${before.id}`, 303);
      }
      const { code } = answer.problem;
      if (code === 'name_taken') return sendEdit(c, { ...shown, problems: { name: 'taken' } }, 409);
      if (code !== 'stale_version') throw refusal(answer.problem);
      const product = await readProduct(c);
      return sendEdit(c, { product, typed, alert: whoWasFaster(product) }, 409);
    })

    .post(`/admin/products/${ID}/hidden`, async (c) => {
      const form = await readForm(c);
      const hidden = { '1': true, '0': false }[form.get('hidden') ?? ''];
      if (hidden === undefined) throw new HttpProblem(400, 'validation', { detail: 'Neither hidden nor shown.' });
      const answer = await orders.changeProduct(c.var.admin.session, idOf(c), { version: readVersion(form), hidden });
      return sendBack(c, '/admin/products', answer, hidden ? words.nowHidden : words.nowShown);
    })

    .post(`/admin/products/${ID}/picture`, async (c) => {
      const product = await readProduct(c);
      const again = (problem: keyof typeof words.pictureErrors, status: ContentfulStatusCode) =>
        sendEdit(
          c,
          { product, typed: typedOf(product, site.locale), pictureError: words.pictureErrors[problem] },
          status,
        );
      const upload = await readUpload(c, 'picture', MAX_PICTURE_BYTES).catch((error: unknown) => {
        if (error instanceof HttpProblem && error.status === 413) return undefined;
        throw error;
      });
      if (!upload) return again('too_large', 413);
      if (!upload.file) return again('missing', 422);
      const version = readVersion(upload.fields);
      const answer = await orders.setPicture(c.var.admin.session, product.id, version, upload.file).catch((error) => {
        if (error instanceof HttpProblem && error.status === 503) return undefined;
        throw error;
      });
      if (!answer) return again('busy', 503);
      const message = answer.ok ? undefined : answer.problem.errors?.find(({ path }) => path === 'picture')?.message;
      if (message) return again(message === 'too_big' ? 'too_big' : 'invalid', 422);
      return sendBack(c, `/admin/products/${product.id}`, answer, () => words.pictureSaved);
    })

    .post(`/admin/products/${ID}/picture/remove`, async (c) => {
      const id = idOf(c);
      const answer = await orders.setPicture(c.var.admin.session, id, readVersion(await readForm(c)), null);
      return sendBack(c, `/admin/products/${id}`, answer, () => words.pictureRemoved);
    });
}

function idOf(c: Context<WebEnv>): number {
  return Number(c.req.param('id'));
}

/** @throws {HttpProblem} 400 when it is none of ours */
function readVersion(form: ReadonlyMap<string, string>): number {
  const text = form.get('version') ?? '';
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new HttpProblem(400, 'validation', { detail: 'This is no version.' });
  return Number(text);
}

function readSeenStock(form: ReadonlyMap<string, string>): number | null {
  const seen = readStock(form.get('stockSeen') ?? '');
  if (seen.problem) throw new HttpProblem(400, 'validation', { detail: 'This form is not one of ours.' });
  return seen.value ?? null;
}

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import type { FieldProblem } from '../../shared/contracts/customer-rules.ts';
import { CustomerInput, type PlacedOrder } from '../../shared/contracts/order.ts';
import type { Problem } from '../../shared/contracts/problem.ts';
import { addressOf, type TrustsProxy } from '../../shared/process/client-address.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Site, WebEnv } from '../deps.ts';
import { asks } from '../error-pages.tsx';
import { sendPage } from '../layout.tsx';
import { shopWords } from '../locales/shop.ts';
import type { Answer, OrdersClient } from '../orders-client.ts';
import { readForm } from '../read-form.ts';
import { sendHtml } from '../send-html.ts';
import { type Cart, withoutOrdered, withQuantity } from './cart.ts';
import { EmptyCart } from './cart-page.tsx';
import {
  type Attempt,
  isTrapped,
  NOTHING_TYPED,
  readAttempt,
  readTyped,
  seenLines,
  seenTotalCents,
  TYPED_FIELDS,
  type TypedField,
} from './checkout-attempt.ts';
import { CheckoutForm, type CheckoutFormProps } from './checkout-form.tsx';
import { compareLines } from './compare-lines.ts';
import { judgeCart } from './judge-cart.ts';
import type { OrderLimit } from './order-limit.ts';
import type { Products, ReadProducts } from './products.ts';
import {
  dropPendingKey,
  newPendingKey,
  readCart,
  readPendingKey,
  recentOrders,
  rememberOrder,
  writeCart,
} from './shop-cookies.ts';
import { ShopPage } from './shop-page.tsx';

export interface CheckoutDeps {
  site: Site;
  orders: Pick<OrdersClient, 'placeOrder'>;
  products: ReadProducts;
  trustsProxy: TrustsProxy;
  limit: OrderLimit;
}

/**
 * `/checkout`: one form, one order.
 *
 * The form brings its key, its lines and their prices back with it, and the orders service alone decides what a
 * key has already come to. So a double click, a reload, a form out of the back button's past and a second try
 * after a lost answer all end on the same order's page.
 *
 * Against junk there is a field that only robots fill in, and a limit for each address; no riddles for people.
 */
export function checkoutRoutes({ site, orders, products, trustsProxy, limit }: CheckoutDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/checkout', async (c) => {
      const judged = judgeCart(readCart(c), await products());
      if (judged.units === 0) return sendEmpty(c, site);
      const attempt = { key: readPendingKey(c) ?? newPendingKey(c), lines: seenLines(judged) };
      return sendForm(c, { site, attempt, typed: NOTHING_TYPED }, 200);
    })
    .post('/checkout', async (c) => {
      const form = await readForm(c);
      const attempt = readAttempt(form);
      const typed = readTyped(form);
      const again = (why: 'trapped' | 'busy' | 'no_answer', status: ContentfulStatusCode) =>
        sendForm(c, { site, attempt, typed, notice: { why } }, status);
      if (isTrapped(form)) return again('trapped', 422);
      const customer = CustomerInput.safeParse(typed);
      if (!customer.success) {
        const problems = fieldProblems(
          customer.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
        );
        return sendForm(c, { site, attempt, typed, problems }, 400);
      }
      const taken = limit.take(addressOf(c, trustsProxy));
      if ('waitSeconds' in taken) {
        c.header('Retry-After', String(taken.waitSeconds));
        return again('busy', 429);
      }
      const answer = await place(orders, attempt, customer.data);
      if (answer?.ok) return sendToOrder(c, attempt, answer.data);
      taken.giveBack();
      if (answer === undefined) return again('no_answer', 503);
      return sendRefusal(c, { site, attempt, typed }, answer.problem, products);
    });
}

/** Undefined when there was no answer: then nobody knows yet, and only the same key may be tried again. */
async function place(
  orders: CheckoutDeps['orders'],
  attempt: Attempt,
  customer: z.infer<typeof CustomerInput>,
): Promise<Answer<PlacedOrder> | undefined> {
  try {
    return await orders.placeOrder(attempt.key, {
      ...customer,
      lines: attempt.lines.map(({ productId, quantity }) => ({ productId, quantity })),
      expectedTotalCents: seenTotalCents(attempt.lines),
    });
  } catch (error) {
    if (error instanceof HttpProblem) return undefined;
    throw error;
  }
}

function sendToOrder(c: Context<WebEnv>, attempt: Attempt, order: PlacedOrder) {
  // A form posted once more, out of the past: what is in the cart now has nothing to do with it.
  const isRepeat = recentOrders(c).some(({ key }) => key === attempt.key);
  if (!isRepeat) writeCart(c, withoutOrdered(readCart(c), attempt.lines));
  if (readPendingKey(c) === attempt.key) dropPendingKey(c);
  rememberOrder(c, { key: attempt.key, token: order.token });
  const url = `/orders/${order.token}`;
  c.header('Cache-Control', 'no-store');
  if (asks(c) !== 'part') return c.redirect(url, 303);
  c.header('HX-Redirect', url);
  return c.body(null, 204);
}

type Filled = Pick<CheckoutFormProps, 'site' | 'attempt' | 'typed'>;

async function sendRefusal(c: Context<WebEnv>, filled: Filled, problem: Problem, products: CheckoutDeps['products']) {
  const { site, attempt, typed } = filled;
  const catalogue: Products = await products(0).catch(() => new Map());
  const compared = compareLines(attempt.lines, problem, catalogue);
  if (compared) {
    const { lines, differences } = compared;
    writeCart(c, adjustCart(readCart(c), attempt, lines));
    if (lines.length === 0) return sendEmpty(c, site, shopWords(site.locale).checkout.allGone, 409);
    const notice = {
      why: 'changed' as const,
      differences,
      beforeCents: seenTotalCents(attempt.lines),
      products: catalogue,
    };
    return sendForm(c, { site, attempt: { key: newPendingKey(c), lines }, typed, notice }, 409);
  }
  if (problem.code === 'key_reused') {
    const token = recentOrders(c).find(({ key }) => key === attempt.key)?.token;
    const fresh = { key: newPendingKey(c), lines: attempt.lines };
    return sendForm(c, { site, attempt: fresh, typed, notice: { why: 'reused', token } }, 422);
  }
  const problems = fieldProblems(problem.errors ?? []);
  if (Object.keys(problems).length > 0) return sendForm(c, { site, attempt, typed, problems }, 400);
  return sendForm(c, { site, attempt, typed, notice: { why: 'refused' } }, problem.status as ContentfulStatusCode);
}

/** The cart as the shop could serve it: so that it does not ask again for what was just refused. */
function adjustCart(cart: Cart, attempt: Attempt, lines: Attempt['lines']): Cart {
  return attempt.lines.reduce<Cart>((rest, { productId, quantity }) => {
    const left = lines.find((line) => line.productId === productId)?.quantity ?? 0;
    return left < quantity && rest.has(productId) ? withQuantity(rest, productId, left) : rest;
  }, cart);
}

function fieldProblems(
  errors: readonly { path: string; message: string }[],
): Partial<Record<TypedField, FieldProblem>> {
  const problems: Partial<Record<TypedField, FieldProblem>> = {};
  for (const { path, message } of errors) {
    const field = TYPED_FIELDS.find((name) => name === path);
    if (field) problems[field] ??= message === 'required' || message === 'too_long' ? message : 'invalid';
  }
  return problems;
}

function sendForm(c: Context<WebEnv>, props: CheckoutFormProps, status: ContentfulStatusCode) {
  const form = <CheckoutForm {...props} />;
  return sendCheckout(c, props.site, form, status);
}

function sendEmpty(c: Context<WebEnv>, site: Site, text?: string, status: ContentfulStatusCode = 200) {
  const words = shopWords(site.locale);
  const content = (
    <div data-cart-changed="true">
      {text && (
        <p class="alert warning" role="alert">
          {text}
        </p>
      )}
      <EmptyCart words={words} lastOrder={recentOrders(c)[0]?.token} />
    </div>
  );
  return sendCheckout(c, site, content, status);
}

/** As a page; or for the dialog, with its heading and its way out; or the form alone, where the form stood. */
function sendCheckout(c: Context<WebEnv>, site: Site, content: Child, status: ContentfulStatusCode) {
  const words = shopWords(site.locale).checkout;
  c.header('Cache-Control', 'no-store');
  if (asks(c) === 'part') {
    if (c.req.header('HX-Target') === 'form#checkout-form') return sendHtml(c, html`${content}`, status);
    return sendHtml(
      c,
      <>
        <div class="dialog-head">
          <h2 id="checkout-heading">{words.heading}</h2>
          <form method="dialog">
            <button class="button plain" type="submit" aria-label={words.close}>
              ✕
            </button>
          </form>
        </div>
        {content}
      </>,
      status,
    );
  }
  return sendPage(
    c,
    <ShopPage site={site} title={words.heading} cart={readCart(c)}>
      <div class="checkout-page card">
        <h1>{words.heading}</h1>
        {content}
        <p>
          <a href="/cart">{words.backToCart}</a>
        </p>
      </div>
    </ShopPage>,
    status,
  );
}

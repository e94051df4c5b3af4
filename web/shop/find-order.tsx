import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type FieldProblem, MAX_EMAIL_CHARS } from '../../shared/contracts/customer-rules.ts';
import { FindOrderInput, readOrderNumber } from '../../shared/contracts/shopper-order.ts';
import { addressOf, type TrustsProxy } from '../../shared/process/client-address.ts';
import type { Site, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { shopWords } from '../locales/shop.ts';
import type { OrdersClient } from '../orders-client.ts';
import { readForm } from '../read-form.ts';
import { readCart } from './shop-cookies.ts';
import { ShopPage } from './shop-page.tsx';

const MAX_NUMBER_CHARS = 40;

export interface FindOrderDeps {
  site: Site;
  orders: Pick<OrdersClient, 'findOrder'>;
  trustsProxy: TrustsProxy;
}

/**
 * `/find-order`: who knows an order's number and its e-mail is led to its page. Whatever of the two is wrong, the
 * answer is one and the same.
 */
export function findOrderRoutes({ site, orders, trustsProxy }: FindOrderDeps): Hono<WebEnv> {
  const words = shopWords(site.locale).findOrder;

  return new Hono<WebEnv>()
    .get('/find-order', (c) => send(c, 200, { number: '', email: '' }))
    .post('/find-order', async (c) => {
      const form = await readForm(c);
      const typed = { number: form.get('number') ?? '', email: form.get('email') ?? '' };
      const input = FindOrderInput.safeParse({ number: readOrderNumber(typed.number), email: typed.email });
      const emailProblem = input.error?.issues.find(({ path }) => path[0] === 'email')?.message as FieldProblem;
      const isNumberMissing = typed.number.trim() === '';
      if (!input.success || isNumberMissing) return send(c, 400, { ...typed, emailProblem, isNumberMissing });
      const answer = await orders.findOrder(input.data, addressOf(c, trustsProxy));
      if (answer.ok) {
        c.header('Cache-Control', 'no-store');
        return c.redirect(`/orders/${answer.data.token}`, 303);
      }
      if (answer.problem.code === 'too_many_requests') {
        if (answer.retryAfterSeconds) c.header('Retry-After', String(answer.retryAfterSeconds));
        return send(c, 429, { ...typed, notice: [words.tooManyHeading, words.tooMany] });
      }
      return send(c, 404, { ...typed, notice: [words.unknownHeading, words.unknown] });
    });

  function send(c: Context<WebEnv>, status: ContentfulStatusCode, props: Omit<FindFormProps, 'site'>) {
    c.header('Cache-Control', 'no-store');
    return sendPage(
      c,
      <ShopPage site={site} title={words.heading} cart={readCart(c)}>
        <FindForm site={site} {...props} />
      </ShopPage>,
      status,
    );
  }
}

interface FindFormProps {
  site: Site;
  number: string;
  email: string;
  isNumberMissing?: boolean;
  emailProblem?: FieldProblem | undefined;
  notice?: readonly [heading: string, text: string];
}

function FindForm({ site, number, email, isNumberMissing = false, emailProblem, notice }: FindFormProps) {
  const words = shopWords(site.locale).findOrder;
  const { errors } = shopWords(site.locale).checkout;
  return (
    <form class="single-card card" method="post" action="/find-order" novalidate>
      <h1>{words.heading}</h1>
      <p class="muted">{words.lead}</p>
      {notice && (
        <div class="alert warning" role="alert" tabindex={-1} autofocus>
          <p class="alert-heading">{notice[0]}</p>
          <p>{notice[1]}</p>
        </div>
      )}
      <div class="field">
        <label for="find-number">{words.number}</label>
        <p class="hint" id="find-number-hint">
          {words.numberHint}
        </p>
        <input
          id="find-number"
          class="input"
          name="number"
          type="text"
          value={number}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          enterkeyhint="next"
          maxlength={MAX_NUMBER_CHARS}
          required
          autofocus={!notice && (isNumberMissing || !emailProblem)}
          {...described('find-number', isNumberMissing, 'find-number-hint')}
        />
        {isNumberMissing && (
          <p class="field-error" id="find-number-error">
            {words.numberRequired}
          </p>
        )}
      </div>
      <div class="field">
        <label for="find-email">{words.email}</label>
        <input
          id="find-email"
          class="input"
          name="email"
          type="email"
          value={email}
          inputmode="email"
          autocomplete="email"
          autocapitalize="none"
          spellcheck={false}
          enterkeyhint="search"
          maxlength={MAX_EMAIL_CHARS}
          required
          autofocus={!isNumberMissing && emailProblem !== undefined}
          {...described('find-email', emailProblem !== undefined)}
        />
        {emailProblem && (
          <p class="field-error" id="find-email-error">
            {errors.email[emailProblem]}
          </p>
        )}
      </div>
      <button class="button primary wide" type="submit">
        {words.submit}
      </button>
    </form>
  );
}

function described(id: string, isWrong: boolean, hint?: string) {
  const ids = [hint, isWrong && `${id}-error`].filter(Boolean).join(' ');
  return {
    ...(isWrong ? { 'aria-invalid': 'true' as const } : {}),
    ...(ids ? { 'aria-describedby': ids } : {}),
  };
}

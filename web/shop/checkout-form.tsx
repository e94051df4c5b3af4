import type { Child } from 'hono/jsx';
import {
  type FieldProblem,
  MAX_EMAIL_CHARS,
  MAX_NAME_CHARS,
  MAX_NOTES_CHARS,
  MAX_PHONE_CHARS,
} from '../../shared/contracts/customer-rules.ts';
import type { Site } from '../deps.ts';
import { formatMoney } from '../fragments/format.ts';
import { type ShopWords, shopWords } from '../locales/shop.ts';
import {
  type Attempt,
  formatLines,
  seenTotalCents,
  TRAP_FIELD,
  TYPED_FIELDS,
  type Typed,
  type TypedField,
} from './checkout-attempt.ts';
import type { Difference } from './compare-lines.ts';
import type { Products } from './products.ts';

/** Why the form is shown once more. */
export type Notice =
  | { why: 'no_answer' | 'busy' | 'refused' | 'trapped' }
  | { why: 'changed'; differences: readonly Difference[]; beforeCents: number; products: Products }
  | { why: 'reused'; token: string | undefined };

export interface CheckoutFormProps {
  site: Site;
  attempt: Attempt;
  typed: Typed;
  problems?: Partial<Record<TypedField, FieldProblem>>;
  notice?: Notice | undefined;
}

/**
 * «Finaliser la commande», the same as a page and inside the dialog. What is wrong is said in the shop's words, by
 * the server and, while somebody types, by our own script with the server's rules; so the browser's own checks stay
 * off. `[data-checking]` is where the script says how it goes on when no answer came: see verify-order.ts.
 */
export function CheckoutForm({ site, attempt, typed, problems = {}, notice }: CheckoutFormProps) {
  const words = shopWords(site.locale).checkout;
  const total = formatMoney(site, seenTotalCents(attempt.lines), site.currency);
  const units = attempt.lines.reduce((sum, line) => sum + line.quantity, 0);
  // Shown again, the message on top takes the focus.
  const isShownAgain = notice !== undefined || Object.keys(problems).length > 0;
  const field = (name: TypedField) => ({ name, words, value: typed[name], problem: problems[name] });
  return (
    <form
      id="checkout-form"
      class="checkout-form"
      method="post"
      action="/checkout"
      hx-post="/checkout"
      hx-target="this"
      hx-swap="outerHTML"
      hx-sync="this:drop"
      hx-disable="find button[type=submit]"
      novalidate
      data-cart-changed={notice?.why === 'changed' ? 'true' : undefined}
    >
      <input type="hidden" name="key" value={attempt.key} />
      <input type="hidden" name="lines" value={formatLines(attempt.lines)} />
      <FieldProblems problems={problems} words={words} />
      {notice && <NoticeText notice={notice} site={site} attempt={attempt} />}
      <div class="alert info checking" data-checking tabindex={-1} hidden />
      <p class="visually-hidden" role="status" data-say />
      <div data-fields>
        <Field {...field('name')}>
          <input
            {...inputProps(field('name'))}
            type="text"
            autocomplete="name"
            autocapitalize="words"
            enterkeyhint="next"
            maxlength={MAX_NAME_CHARS}
            required
            autofocus={!isShownAgain}
          />
        </Field>
        <Field {...field('email')} hint={words.emailHint}>
          <input
            {...inputProps(field('email'), true)}
            type="email"
            inputmode="email"
            autocomplete="email"
            autocapitalize="none"
            spellcheck={false}
            enterkeyhint="next"
            maxlength={MAX_EMAIL_CHARS}
            required
          />
        </Field>
        <Field {...field('phone')} optional>
          <input
            {...inputProps(field('phone'))}
            type="tel"
            inputmode="tel"
            autocomplete="tel"
            enterkeyhint="next"
            maxlength={MAX_PHONE_CHARS}
          />
        </Field>
        <Field {...field('notes')} optional>
          <textarea
            {...inputProps(field('notes'))}
            rows={3}
            maxlength={MAX_NOTES_CHARS}
            autocomplete="off"
            enterkeyhint="enter"
          >
            {typed.notes}
          </textarea>
        </Field>
        {notice?.why !== 'trapped' && <Trap words={words} />}
        <p class="small muted checkout-summary">{words.summary(units)}</p>
        <button class="button primary wide" type="submit">
          {confirmText(notice, total, words)}
        </button>
      </div>
    </form>
  );
}

function confirmText(notice: Notice | undefined, total: string, words: ShopWords['checkout']): string {
  // Whose order may have gone through already must not be asked to order.
  if (notice?.why === 'no_answer' || notice?.why === 'busy') return words.verify;
  return notice?.why === 'reused' ? words.confirmAgain(total) : words.confirm(total);
}

/** A field for robots alone; see `isTrapped`. Shown again it is left out, for people whose autofill falls into it. */
function Trap({ words }: { words: ShopWords['checkout'] }) {
  return (
    <div class="visually-hidden" aria-hidden="true">
      <label for="checkout-website">{words.trap}</label>
      <input id="checkout-website" name={TRAP_FIELD} type="text" tabindex={-1} autocomplete="off" />
    </div>
  );
}

interface FieldProps {
  name: TypedField;
  words: ShopWords['checkout'];
  value: string;
  problem: FieldProblem | undefined;
}

interface LabelledProps extends FieldProps {
  hint?: string;
  optional?: boolean;
  children?: Child;
}

function Field({ name, words, problem, hint, optional = false, children }: LabelledProps) {
  return (
    <div class="field">
      <label for={`checkout-${name}`}>
        {words[name]} {optional && <span class="optional">{words.optional}</span>}
      </label>
      {hint && (
        <p class="hint" id={`checkout-${name}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {problem && (
        <p class="field-error" id={`checkout-${name}-error`}>
          {words.errors[name][problem]}
        </p>
      )}
    </div>
  );
}

function inputProps({ name, value, problem }: FieldProps, hasHint = false) {
  const described = [hasHint && `checkout-${name}-hint`, problem && `checkout-${name}-error`].filter(Boolean).join(' ');
  return {
    id: `checkout-${name}`,
    name,
    class: 'input',
    // A textarea holds its text as its content instead.
    ...(name === 'notes' ? {} : { value }),
    ...(problem ? { 'aria-invalid': 'true' as const } : {}),
    ...(described ? { 'aria-describedby': described } : {}),
  };
}

function FieldProblems({
  problems,
  words,
}: {
  problems: Partial<Record<TypedField, FieldProblem>>;
  words: ShopWords['checkout'];
}) {
  const wrong = TYPED_FIELDS.flatMap((name) => (problems[name] ? [{ name, problem: problems[name] }] : []));
  if (wrong.length === 0) return null;
  return (
    <div class="alert" role="alert" tabindex={-1} autofocus>
      <p class="alert-heading">{words.errorsHeading}</p>
      <ul>
        {wrong.map(({ name, problem }) => (
          <li>
            <a href={`#checkout-${name}`}>{words.errors[name][problem]}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function NoticeText({ notice, site, attempt }: { notice: Notice; site: Site; attempt: Attempt }) {
  const words = shopWords(site.locale).checkout;
  const money = (cents: number) => formatMoney(site, cents, site.currency);
  if (notice.why === 'changed') {
    return (
      <div class="alert warning" role="alert" tabindex={-1} autofocus>
        <p class="alert-heading">{words.changedHeading}</p>
        <ul hx-ignore>
          {notice.differences.map((difference) => (
            <li>{differenceText(difference, words, money, notice.products)}</li>
          ))}
          <li>
            <strong>{words.totalNow(money(notice.beforeCents), money(seenTotalCents(attempt.lines)))}</strong>
          </li>
        </ul>
        <p>{words.changedText}</p>
      </div>
    );
  }
  if (notice.why === 'reused') {
    return (
      <div class="alert info" role="alert" tabindex={-1} autofocus>
        <p class="alert-heading">{words.reusedHeading}</p>
        <p>{words.reusedText}</p>
        {notice.token && (
          <p>
            <a href={`/orders/${notice.token}`}>{words.seeOrder}</a>
          </p>
        )}
      </div>
    );
  }
  const [heading, text] = {
    no_answer: [words.noAnswerHeading, words.noAnswer],
    busy: [words.busyHeading, words.busy],
    refused: [words.refusedHeading, words.refused],
    trapped: [words.trappedHeading, words.trapped],
  }[notice.why];
  return (
    <div class="alert warning" role="alert" tabindex={-1} autofocus>
      <p class="alert-heading">{heading}</p>
      <p>{text}</p>
    </div>
  );
}

function differenceText(
  difference: Difference,
  words: ShopWords['checkout'],
  money: (cents: number) => string,
  products: Products,
): string {
  const name = products.get(difference.productId)?.name ?? words.someProduct;
  if (difference.what === 'sold_out') return words.soldOut(name);
  if (difference.what === 'quantity') return words.quantityNow(name, difference.wanted, difference.left);
  return words.priceNow(name, money(difference.beforeCents), money(difference.nowCents));
}

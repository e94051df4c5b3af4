import { fieldsOf, onCheckoutForm, say } from './checkout-form.ts';
import { forgetTyped, store } from './keep-typed.ts';
import { words } from './words.ts';

/*
 * Between «Confirmer la commande» and its answer.
 *
 * An answer that is lost, or that says that nobody knows, leaves open whether the order was placed. The same form with
 * the same key finds out, and places it if it was not. So the page asks again by itself, and the shopper is asked for
 * nothing: fields are locked meanwhile, because another text under the same key would be another order. What was sent
 * stays in the tab's storage until it is answered, so a reload, or Esc and a new dialog, go on with it.
 */

const KEY = 'msp-sent';
/** An answer that takes longer than this is worth a word. */
const SLOW_MS = 4_000;
const PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 8_000;
/** After so long the shopper is told that nobody knows yet, and may ask whenever they like. */
const GIVE_UP_MS = 120_000;

interface Sent {
  key: string;
  /** All fields as they were sent, by name. */
  fields: Record<string, string>;
  untilMs: number;
}
type Why = 'waiting' | 'retrying' | 'busy' | 'offline';

onCheckoutForm((form) => {
  const panel = form.querySelector<HTMLElement>('[data-checking]') as HTMLElement;
  const locked = form.querySelector<HTMLElement>('[data-fields]') as HTMLElement;
  let sent = recall(form);
  let pauses = 0;
  let slow: ReturnType<typeof setTimeout> | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;

  form.addEventListener('htmx:before:request', () => {
    isAsking = true;
    sent ??= { key: keyOf(form), fields: valuesOf(form), untilMs: Date.now() + GIVE_UP_MS };
    remember(sent);
    slow = setTimeout(() => tell('waiting'), SLOW_MS);
  });

  form.addEventListener('htmx:before:response', (event) => {
    const { status, headers } = event.detail.ctx.response as { status: number; headers: Headers };
    // Answered, and cut off since: the order's page could not be opened. Asked again, the same answer leads there.
    const isCutOff = headers.has('HX-Redirect') && !navigator.onLine;
    if (!leavesOpen(status) && !isCutOff) return;
    event.preventDefault();
    askAgain(status === 429 ? 'busy' : 'retrying', 1000 * (Number(headers.get('Retry-After')) || 0));
  });

  form.addEventListener('htmx:error', () => askAgain('retrying'));

  form.addEventListener('htmx:after:request', (event) => {
    sent = undefined;
    forget();
    if (event.detail.ctx.response?.headers.has('HX-Redirect')) {
      forgetTyped();
      return;
    }
    unlock();
  });

  form.addEventListener('htmx:finally:request', () => {
    isAsking = false;
    clearTimeout(slow);
  });

  addEventListener('online', () => {
    if (!sent || isAsking || !form.isConnected) return;
    sent.untilMs = Math.max(sent.untilMs, Date.now() + GIVE_UP_MS);
    ask();
  });

  function askAgain(why: Why, leastMs = 0): void {
    if (!sent || !form.isConnected) return;
    if (!navigator.onLine) tell('offline');
    else if (Date.now() >= sent.untilMs) giveUp();
    else {
      tell(why);
      const pauseMs = Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** pauses) * (0.5 + Math.random());
      pauses += 1;
      clearTimeout(pause);
      pause = setTimeout(ask, Math.max(leastMs, pauseMs));
    }
  }

  function ask(): void {
    clearTimeout(pause);
    if (form.isConnected) form.requestSubmit();
  }

  function tell(why: Why): void {
    show(words.checking.heading, words.checking[why]);
  }

  function giveUp(): void {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button primary wide';
    button.textContent = words.checking.verify;
    button.addEventListener('click', () => {
      if (sent) sent.untilMs = Date.now() + GIVE_UP_MS;
      pauses = 0;
      tell('waiting');
      ask();
    });
    show(words.checking.unsureHeading, words.checking.unsure, button);
  }

  function show(heading: string, text: string, button?: HTMLElement): void {
    const title = document.createElement('p');
    title.className = 'alert-heading';
    title.textContent = heading;
    const sentence = document.createElement('p');
    sentence.textContent = text;
    const hadFocus = !panel.hidden || form.contains(document.activeElement) || document.activeElement === document.body;
    panel.replaceChildren(title, sentence, ...(button ? [button] : []));
    panel.classList.toggle('unsure', button !== undefined);
    panel.hidden = false;
    locked.inert = true;
    // Where the focus stood, nothing can be typed now.
    if (hadFocus) panel.focus();
    say(form, `${heading} ${text}`);
  }

  function unlock(): void {
    panel.hidden = true;
    locked.inert = false;
  }

  if (!sent) return;
  for (const [name, value] of Object.entries(sent.fields)) {
    const field = form.elements.namedItem(name);
    if (field && 'value' in field) field.value = value;
  }
  if (Date.now() < sent.untilMs) askAgain('retrying');
  else giveUp();
});

/** Neither placed nor refused for good: it may have been placed, or will be once there is room. */
const leavesOpen = (status: number) => status >= 500 || status === 408 || status === 429;

const keyOf = (form: HTMLFormElement) => (form.elements.namedItem('key') as HTMLInputElement).value;

function valuesOf(form: HTMLFormElement): Record<string, string> {
  const { value } = form.elements.namedItem('lines') as HTMLInputElement;
  return { lines: value, ...Object.fromEntries(fieldsOf(form).map((field) => [field.name, field.value])) };
}

function remember(sent: Sent): void {
  store((storage) => storage.setItem(KEY, JSON.stringify(sent)));
}

/** What was sent with the key of this form and is not answered yet. */
function recall(form: HTMLFormElement): Sent | undefined {
  const sent = JSON.parse(store((storage) => storage.getItem(KEY)) ?? 'null') as Sent | null;
  if (sent?.key === keyOf(form)) return sent;
  forget();
  return undefined;
}

function forget(): void {
  store((storage) => storage.removeItem(KEY));
}

import { type Browser, click, fillIn, type Tab, type, until } from './tab.ts';

export interface Shop {
  url: string;
  admin: { email: string; password: string };
}

export interface WalkOptions {
  /** Told what was seen on the way, a sentence each. */
  saw(what: string): void;
}

/**
 * The main way through shop and desk, in windows of one browser: an order is placed by its form, seen to arrive, treated
 * and taken back, and each side sees at once what the other one does.
 *
 * @returns the windows, as they are at the end
 * @throws at the first thing that is not as it should be, or when the console complained
 */
export async function walk(browser: Browser, shop: Shop, { saw }: WalkOptions): Promise<Record<string, Tab>> {
  const [desk, shopper] = [await browser.newTab(), await browser.newTab()];
  await signIn(desk, shop);
  saw('signed in, and the table is live');
  const number = await order(shopper, shop.url);
  saw('found by a search, put into the cart, an e-mail set right, the order placed');
  await until(desk, `${row(number)}?.matches('[data-unseen]') && document.title.startsWith('(')`);
  saw('the row came by the stream, and the title counts it');
  await treat(desk, shopper, number);
  saw('taken, moved on and undone, and the shopper’s page followed');
  const other = await shareStream(browser, desk, shop.url);
  saw('two windows of the desk, live by one stream');
  await cancel(desk, shopper, number);
  saw('cancelled by the shopper, and the row says so');
  const [complaint] = browser.complaints();
  if (complaint) throw new Error(`The console says: ${complaint}`);
  return { desk, shopper, other };
}

async function signIn(desk: Tab, { url, admin }: Shop): Promise<void> {
  await desk.open(`${url}/admin/orders`);
  await fillIn(desk, '#email', admin.email);
  await fillIn(desk, '#password', admin.password);
  await click(desk, '.sign-in [type=submit]');
  await isLive(desk);
}

const isLive = (desk: Tab) => until(desk, `document.querySelector('#freshness')?.dataset.state === 'live'`);

/** @returns the order's number */
async function order(shopper: Tab, url: string): Promise<string> {
  await shopper.open(`${url}/`);
  await fillIn(shopper, '#search-words', 'abricot');
  await until(shopper, `location.search === '?q=abricot' && document.querySelectorAll('.product').length === 1`);
  await click(shopper, '[data-add]');
  await until(shopper, `document.querySelector('#cart-drawer').open`);
  await click(shopper, '[id^=more-]');
  await until(shopper, `document.querySelector('[name=quantity]').value === '2'`);
  await click(shopper, '#cart-drawer #place-order');
  await until(shopper, `document.activeElement.id === 'checkout-name'`);
  await type(shopper, 'Jeanne');
  await fillIn(shopper, '#checkout-email', 'jeanne@gmial');
  await click(shopper, '#checkout-phone');
  await until(shopper, `document.querySelector('#checkout-email').getAttribute('aria-invalid') === 'true'`);
  await shopper.evaluate(`document.querySelector('#checkout-email').select()`);
  await fillIn(shopper, '#checkout-email', '.com');
  await click(shopper, '#checkout-phone');
  await click(shopper, '.email-offer button');
  await until(shopper, `document.querySelector('#checkout-email').value === 'jeanne@gmail.com'`);
  await click(shopper, '#checkout-form [type=submit]');
  await until(shopper, `!!document.querySelector('#order-live .step.en_attente [data-state=current]')`);
  return (await shopper.evaluate(`document.querySelector('h1 .number').textContent.trim()`)) as string;
}

async function treat(desk: Tab, shopper: Tab, number: string): Promise<void> {
  const inRow = (part: string) => `tr[data-number="${number}"] ${part}`;
  const statusIs = (status: string) =>
    Promise.all([
      until(desk, `${row(number)}.dataset.status === '${status}'`),
      until(shopper, `!!document.querySelector('.step.${status} [data-state=current]')`),
    ]);
  await click(desk, inRow('[data-part=claim]'));
  await until(desk, `${row(number)}.dataset.mine === ''`);
  await click(desk, inRow('[data-part=next]:not([aria-disabled])'));
  await statusIs('en_cours');
  await click(desk, '.toast-undo button');
  await statusIs('en_attente');
}

/** The lock is held by whichever reads the stream; the other one waits for it. */
async function shareStream(browser: Browser, desk: Tab, url: string): Promise<Tab> {
  const other = await browser.newTab();
  await other.open(`${url}/admin/orders`);
  await isLive(other);
  const count = (state: string) =>
    `(await navigator.locks.query()).${state}.filter(({ name }) => name === 'msp /live/orders?view=all').length`;
  await until(desk, `(async () => ${count('held')} === 1 && ${count('pending')} === 1)()`);
  return other;
}

async function cancel(desk: Tab, shopper: Tab, number: string): Promise<void> {
  await click(shopper, '.order-cancel');
  await click(shopper, 'main form [type=submit]');
  await until(shopper, `!!document.querySelector('.step.annulee [data-state=current]')`);
  await until(desk, `${row(number)}.dataset.status === 'annulee'`);
}

const row = (number: string) => `document.querySelector('tr[data-number="${number}"]')`;

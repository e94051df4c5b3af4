import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestSystem } from '../../scripts/testing/system.ts';
import {
  changeStatus,
  LONG,
  openDesk,
  placeOrder,
  row,
  signedIn,
  startDesk,
  tableMatchesDatabase,
} from './desk-window.ts';

let system: TestSystem;
let browser: Browser;
let session: string;
let context: BrowserContext;

beforeAll(async () => {
  // Polls have no part in this: what comes, comes by the stream.
  ({ system, browser, session } = await startDesk(600));
});

afterEach(() => context?.close());

/** The tab that asked for the stream last. */
async function watchLeader(): Promise<{ leader(): Page }> {
  context = await signedIn(browser, system, {}, session);
  let leader: Page | undefined;
  context.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/live/')) leader = request.frame().page();
  });
  return { leader: () => leader as Page };
}

async function openStreams(): Promise<number> {
  const text = await (await fetch(`${system.webUrl}/metrics`)).text();
  return Number(/^live_streams_forwarded\S* (\d+)/m.exec(text)?.[1]);
}

async function reaches(pages: readonly Page[], number: string): Promise<void> {
  await Promise.all(pages.map((page) => page.waitForSelector(row(number), { state: 'attached' })));
}

/** As the browser does to tabs that nobody looks at; a page that is driven by a test counts as looked at. */
const lifecycle = (page: Page, event: 'freeze' | 'resume') =>
  page.evaluate(`document.dispatchEvent(new Event('${event}'))`);

describe('ten tabs over HTTP/1.1', () => {
  test('are all live by one stream, each with its own filter, and still are when the tab that reads it is gone', async () => {
    const { leader } = await watchLeader();
    const pages = await Promise.all(Array.from({ length: 7 }, () => openDesk(context, system)));
    const doing = await openDesk(context, system, '/admin/orders?view=en_cours');
    const filtered = await openDesk(context, system, '/admin/orders?q=zo%C3%A9');
    const { number: own } = await placeOrder(system);
    const detail = await openDesk(context, system, `/admin/orders/${own}`);
    await expect.poll(openStreams, LONG).toBe(1);

    await reaches(pages, (await placeOrder(system)).number);
    await changeStatus(system, session, own, 'en_cours');
    await doing.waitForSelector(row(own));
    expect(await doing.locator('#order-rows > tr').count()).toBe(1);
    expect(await doing.inputValue(`${row(own)} input[name="view"]`)).toBe('en_cours');
    await expect.poll(() => detail.textContent('.order-now'), LONG).toContain('En cours');
    await filtered.locator('#waiting-pill >> text=+2 hors filtre').waitFor();

    // Closed; then crashed without a word.
    const first = leader();
    await first.close();
    await expect.poll(() => leader() !== first, LONG).toBe(true);
    const second = leader();
    const crashed = new Set<Page>();
    for (const page of context.pages()) page.on('crash', () => crashed.add(page));
    const devtools = await context.newCDPSession(second);
    const crash = second.waitForEvent('crash');
    // Whoever crashes does not answer.
    devtools.send('Page.crash').catch(() => {});
    await crash;
    const left = pages.filter((page) => page !== first && !crashed.has(page));
    expect(left.length).toBeGreaterThan(1);
    const next = await placeOrder(system, 'Zoé Martin');
    await reaches(left, next.number);
    await reaches([filtered], next.number);
    for (const page of left) await tableMatchesDatabase(page, system);
    await expect.poll(openStreams, LONG).toBe(1);
  });

  test('lose nothing while one is frozen, whether it reads the stream or not', async () => {
    const { leader } = await watchLeader();
    const pages = await Promise.all([openDesk(context, system), openDesk(context, system), openDesk(context, system)]);
    const frozen = leader();
    const others = pages.filter((page) => page !== frozen);
    await lifecycle(frozen, 'freeze');
    await expect.poll(() => leader() !== frozen, LONG).toBe(true);
    const other = others.find((page) => page !== leader()) as Page;
    await lifecycle(other, 'freeze');
    const missed = [await placeOrder(system), await placeOrder(system)];
    await reaches([leader()], missed[1]!.number);
    await changeStatus(system, session, missed[0]!.number, 'annulee');
    await lifecycle(frozen, 'resume');
    await lifecycle(other, 'resume');
    for (const page of pages) {
      await page.waitForSelector(`${row(missed[0]!.number)}[data-status="annulee"]`, { state: 'attached' });
      await tableMatchesDatabase(page, system);
    }
    await expect.poll(openStreams, LONG).toBe(1);
  });

  test('take the stream from a tab that hangs', async () => {
    const { leader } = await watchLeader();
    const pages = [await openDesk(context, system), await openDesk(context, system)];
    const hung = leader();
    const other = pages.find((page) => page !== hung) as Page;
    const hanging = hung.evaluate('const until = Date.now() + 6000; while (Date.now() < until);');
    // Asked before it hangs it still answers, and keeps the stream.
    const look = () => other.evaluate(`dispatchEvent(new Event('online'))`);
    await expect.poll(() => look().then(() => leader() === other), LONG).toBe(true);
    await reaches([other], (await placeOrder(system)).number);
    await hanging;
    await tableMatchesDatabase(hung, system);
    await expect.poll(openStreams, LONG).toBe(1);
    expect(leader()).toBe(other);
  });
});

describe('a shopper’s tabs', () => {
  test('share a stream of what can be had, and one of their order', async () => {
    context = await browser.newContext({ baseURL: system.webUrl });
    const { number, token } = await placeOrder(system);
    const pages = await Promise.all(Array.from({ length: 6 }, () => context.newPage()));
    await Promise.all(pages.map((page, index) => page.goto(index < 3 ? '/' : `/orders/${token}`)));
    await expect.poll(openStreams, LONG).toBe(2);
    await changeStatus(system, session, number, 'en_cours');
    for (const page of pages.slice(3)) await page.waitForSelector('.step.en_cours > [data-state="current"]');
  });
});

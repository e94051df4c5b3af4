import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { openDesk, placeOrder, signedIn, tableMatchesDatabase, tableOf } from './desk-window.ts';

/** For conditions that a loaded machine takes its time to reach. */
const LONG = { timeout: 30_000, interval: 50 };

let system: TestSystem;
let browser: Browser;
let session: string;
let context: BrowserContext;

beforeAll(async () => {
  // Polls have no part in this unless a test asks for one.
  [system, browser] = await Promise.all([
    startSystem({ env: { web: { ORDERS_POLL_SECONDS: '600' } } }),
    launchBrowser(),
  ]);
  session = await system.signIn();
});

afterEach(() => context?.close());

async function open(options?: Parameters<typeof signedIn>[2], path?: string): Promise<Page> {
  context = await signedIn(browser, system, options, session);
  return openDesk(context, system, path);
}

const head = async () => (await system.db.query<{ head: number }>('select head from event_head'))[0]!.head;
const row = (number: string) => `#order-rows > tr[data-number="${number}"]`;
const gaps = (page: Page) => page.textContent('#proof-gaps');

describe('the panel behind the badge', () => {
  test('says where the page is in the log, and how long a trial took that is counted nowhere', async () => {
    const page = await open();
    const other = await openDesk(context, system);
    await page.waitForSelector(row((await placeOrder(system)).number));
    await page.click('#freshness');
    await expect.poll(() => page.textContent('#proof-place'), LONG).toBe(`${await head()} / ${await head()}`);
    expect(await page.textContent('#proof-checked')).toMatch(/^vérifié (à l’instant|il y a \d+\ss)$/);
    expect(await page.textContent('#proof-since')).toMatch(/^\d\d:\d\d:\d\d$/);

    const shown = async () => [
      await tableOf(other),
      await other.textContent('.view-tabs'),
      await other.textContent('#toasts'),
    ];
    const before = await shown();
    await page.click('#trial button');
    await page.locator('#trial-legs').waitFor();
    expect(await page.textContent('#trial-result')).toMatch(
      /^CMD-\d{8}-\w{6} : arrivée \d+\sms après le clic. S’efface dans 20 s.$/,
    );
    const [stored, carried, total] = (await page.locator('#trial-legs dd').allTextContents()).map(Number.parseFloat);
    expect(stored! + carried!).toBeGreaterThanOrEqual(total! - 1);
    await expect.poll(() => page.textContent('#proof-place'), LONG).toBe(`${await head()} / ${await head()}`);
    expect([await page.textContent('#proof-rescued'), await gaps(page)]).toEqual(['0', '0']);

    // One more at once is too many.
    await page.click('#trial button');
    await expect.poll(() => page.textContent('#trial-result'), LONG).toContain('Un essai toutes les 3 s');

    // The other desk has gone as far in the log, and shows nothing of it.
    await other.click('#freshness');
    await expect.poll(() => other.textContent('#proof-place'), LONG).toBe(`${await head()} / ${await head()}`);
    expect(await shown()).toEqual(before);
    await other.keyboard.press('Escape');
    expect(await other.isVisible('.proof-panel')).toBe(false);
    await tableMatchesDatabase(page, system);
  });

  test('turns red over a gap, and heals by itself', async () => {
    const page = await open();
    await page.click('#freshness');
    await tableMatchesDatabase(page, system);
    // What happens while the line is cut is left out by the stream that comes after it, and the polls are slow.
    await context.setOffline(true);
    await page.locator('#freshness:not([data-state="live"])').waitFor();
    const { number } = await placeOrder(system);
    const [log] = await system.db.query<{ epoch: string; head: number }>('select epoch, head from event_head');
    const cursor = `${log!.epoch}.${log!.head}`;
    await context.route('**/live/orders**', (route) =>
      route.fulfill({
        contentType: 'text/event-stream',
        body: `event: head\nid: ${cursor}\ndata: ${JSON.stringify({ cursor })}\n\n`,
      }),
    );
    let letPolls = () => {};
    const slow = new Promise<void>((resolve) => {
      letPolls = resolve;
    });
    await context.route('**/admin/orders/rows**', async (route) => {
      await slow;
      await route.continue();
    });
    await context.setOffline(false);
    await page.locator('#proof[data-gap]').waitFor();
    expect(await page.textContent('#freshness-state')).toBe('Rattrapage…');
    expect(await page.textContent('#proof-place')).toBe(`${log!.head - 1} / ${log!.head}`);

    letPolls();
    await page.waitForSelector(row(number));
    await page.locator('#proof:not([data-gap])').waitFor();
    expect(await gaps(page)).toBe('1');
    await tableMatchesDatabase(page, system);
  });
});

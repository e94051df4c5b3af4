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
  tableOf,
} from './desk-window.ts';

let system: TestSystem;
let browser: Browser;
let session: string;
let context: BrowserContext;

beforeAll(async () => {
  // Polls have no part in this unless a test asks for one.
  ({ system, browser, session } = await startDesk(600));
});

afterEach(() => context?.close());

async function open(path?: string, options?: Parameters<typeof signedIn>[2]): Promise<Page> {
  context = await signedIn(browser, system, options, session);
  return openDesk(context, system, path);
}

const head = async () => (await system.db.query<{ head: number }>('select head from event_head'))[0]!.head;
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

describe('mode comptoir', () => {
  test('shows what is to be done, follows it, and lets go of what is done', async () => {
    await system.db.query("update order_events set at = at - interval 1 minute where type = 'order.tested'");
    const done = await placeOrder(system, 'Déjà Servie');
    await changeStatus(system, session, done.number, 'en_cours');
    await changeStatus(system, session, done.number, 'terminee');
    context = await signedIn(browser, system, { viewport: { width: 1024, height: 768 }, hasTouch: true }, session);
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`${system.webUrl}/admin/counter`);
    await page.locator('#freshness[data-state="live"]').waitFor();
    expect(await page.locator(row(done.number)).count()).toBe(0);

    const { number } = await placeOrder(system, 'Zoé Martin');
    await page.waitForSelector(row(number));
    await page.click(`${row(number)} [data-part="next"]:not([aria-disabled])`);
    await page.waitForSelector(`${row(number)}[data-status="en_cours"]:not([data-left])`);
    await page.click(`${row(number)} [data-part="next"]:not([aria-disabled])`);
    await page.waitForSelector(`${row(number)}[data-left]`);
    await page.clock.fastForward(30_000);
    await page.locator(row(number)).waitFor({ state: 'detached' });
    const open = await system.db.query<{ number: string }>(
      "select number from orders where status in ('en_attente', 'en_cours') order by id desc",
    );
    expect((await tableOf(page)).map(({ number }) => number)).toEqual(open.map(({ number }) => number));
    // «Actualiser» reads the same rows from the tables.
    const answer = page.waitForResponse((response) => response.url().endsWith('/admin/counter/rows'));
    await page.click('#refresh');
    expect((await answer).status()).toBe(200);
    expect((await tableOf(page)).map(({ number }) => number)).toEqual(open.map(({ number }) => number));
  });

  test('takes the whole screen, sound, and a screen that stays on upon one touch, and that again upon return', async () => {
    context = await signedIn(browser, system, {}, session);
    await context.addInitScript(`{
      const request = navigator.wakeLock.request.bind(navigator.wakeLock);
      navigator.wakeLock.request = async (type) => (window.lastLock = await request(type));
    }`);
    const page = await openDesk(context, system, '/admin/counter');
    await page.click('#counter-start');
    await page.locator('#counter-leave').waitFor();
    expect(await page.evaluate('document.fullscreenElement === document.documentElement')).toBe(true);
    await expect.poll(() => page.textContent('#sound'), LONG).toBe('Couper le son');
    await expect.poll(() => page.textContent('#counter-awake'), LONG).toBe('Écran maintenu allumé');
    // As browsers do when the page is hidden.
    await page.evaluate('lastLock.release()');
    await expect.poll(() => page.textContent('#counter-awake'), LONG).toBe('L’écran peut s’éteindre');
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await expect.poll(() => page.textContent('#counter-awake'), LONG).toBe('Écran maintenu allumé');
    await page.click('#counter-leave');
    await page.locator('#counter-start').waitFor();
  });

  test('can be installed, and without a service worker', async () => {
    const page = await open('/admin/counter');
    const cdp = await context.newCDPSession(page);
    const { errors, data } = await cdp.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const manifest = JSON.parse(data ?? '{}') as { icons: { src: string; sizes: string; purpose?: string }[] };
    expect(manifest).toMatchObject({ start_url: '/admin/counter', lang: 'fr', display: 'fullscreen' });
    expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
    for (const { src, sizes } of manifest.icons) {
      const size = await page.evaluate<string>(`(async () => {
        const icon = Object.assign(new Image(), { src: ${JSON.stringify(src)} });
        await icon.decode();
        return icon.naturalWidth + 'x' + icon.naturalHeight;
      })()`);
      if (sizes !== 'any') expect(size, src).toBe(sizes);
    }
    // Every context of a test is a private window, and nothing is installed from those.
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
    expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
  });
});

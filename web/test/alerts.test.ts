import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAdmin, type TestSystem } from '../../scripts/testing/system.ts';
import {
  changeStatus,
  freshnessIs,
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
  ({ system, browser, session } = await startDesk(30));
});

afterEach(() => context?.close());

/** Two notes are one ring. */
async function ringsOf(pages: readonly Page[]): Promise<number> {
  const notes = await Promise.all(pages.map((page) => page.evaluate('window.notes ?? 0')));
  return notes.reduce((sum: number, one) => sum + (one as number), 0) / 2;
}

/** A browser whose notes are counted, and whose notifications are kept. `window.mute` is what it does before a click. */
async function listening(options: { mute?: boolean } = {}): Promise<void> {
  context = await signedIn(browser, system, {}, session);
  await context.addInitScript(`{
    window.notes = 0;
    window.notified = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) { window.notes += 1; return start.apply(this, when); };
    window.Notification = class extends EventTarget {
      static permission = localStorage.getItem('permission') ?? 'default';
      static async requestPermission() { return (this.permission = localStorage.getItem('permission') ?? 'denied'); }
      constructor(title, { body }) { super(); window.notified.push(title + ' ' + body); }
    };
    if (${options.mute ?? false}) {
      let clicked = false;
      addEventListener('pointerdown', () => { clicked = true; }, { capture: true });
      const { get } = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'state');
      Object.defineProperty(BaseAudioContext.prototype, 'state', { get() { return clicked ? get.call(this) : 'suspended'; } });
      const { resume } = AudioContext.prototype;
      AudioContext.prototype.resume = async function () {
        await resume.call(this);
        if (clicked) this.dispatchEvent(new Event('statechange'));
      };
    }
  }`);
}

async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${isHidden ? 'hidden' : 'visible'}' });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

async function turnSoundOn(page: Page): Promise<void> {
  const before = await ringsOf([page]);
  await page.click('#alerts summary');
  await page.click('#sound');
  // It is heard at once.
  await expect.poll(() => ringsOf([page]), LONG).toBe(before + 1);
  await page.keyboard.press('Escape');
}

describe('the sound of a new order', () => {
  test('is off until asked for, and then comes once for a burst, from one tab', async () => {
    await listening();
    const pages = [
      await openDesk(context, system),
      await openDesk(context, system),
      await openDesk(context, system, '/admin'),
    ];
    const [first, second] = pages as [Page, Page];
    await first.waitForSelector(row((await placeOrder(system)).number));
    expect(await ringsOf(pages)).toBe(0);
    await turnSoundOn(second);
    for (const page of pages) await expect.poll(() => page.textContent('#sound'), LONG).toBe('Couper le son');
    const before = await ringsOf(pages);
    // Again, while the test tone is part of the burst.
    await expect
      .poll(async () => {
        const burst = await Promise.all([placeOrder(system), placeOrder(system), placeOrder(system)]);
        for (const page of [first, second])
          await Promise.all(burst.map(({ number }) => page.waitForSelector(row(number))));
        return ringsOf(pages);
      }, LONG)
      .toBe(before + 1);
  });

  test('repeats until somebody opens the order or passes it on, unless that is not wanted', async () => {
    await listening();
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`${system.webUrl}/admin/orders`);
    await freshnessIs(page, 'live');
    await turnSoundOn(page);
    await page.clock.fastForward(4_000);
    const [one, other] = [await placeOrder(system), await placeOrder(system)];
    await page.waitForSelector(row(one.number));
    await page.waitForSelector(row(other.number));
    const ringsIn = async (ms: number) => {
      const before = await ringsOf([page]);
      await page.clock.fastForward(ms);
      return (await ringsOf([page])) - before;
    };
    expect(await ringsIn(16_000)).toBe(1);
    await changeStatus(system, session, one.number, 'en_cours');
    await page.waitForSelector(`${row(one.number)}[data-status="en_cours"]`);
    expect(await ringsIn(16_000)).toBe(1);
    await page.evaluate(`document.getElementById('sound-repeat').click()`);
    expect(await ringsIn(16_000)).toBe(0);
    await page.evaluate(`document.getElementById('sound-repeat').click()`);
    expect(await ringsIn(16_000)).toBe(1);
    const opened = await openDesk(context, system, `/admin/orders/${other.number}`);
    await expect.poll(() => ringsIn(16_000), LONG).toBe(0);
    await opened.close();
    expect(await ringsIn(16_000)).toBe(0);
  });

  test('that the browser blocks is said to be, until a click or another tab lets it be heard', async () => {
    await listening({ mute: true });
    const page = await openDesk(context, system);
    await turnSoundOn(page);
    const other = await openDesk(context, system);
    const warning = other.locator('#sound-blocked');
    expect(await warning.isVisible()).toBe(false);
    await page.close();
    await warning.waitFor();
    expect(await warning.textContent()).toContain('Le navigateur bloque le son');
    await other.click('h1');
    await warning.waitFor({ state: 'hidden' });
    await placeOrder(system);
    await expect.poll(() => ringsOf([other]), LONG).toBe(1);
  });

  test('is not said to be blocked by a page that learns late that no other tab rings, and rings itself by then', async () => {
    await listening();
    const page = await openDesk(context, system);
    await page.evaluate(`{
      window.answers = [];
      const { query } = LockManager.prototype;
      LockManager.prototype.query = async function () {
        const told = await query.call(this);
        await new Promise((answer) => window.answers.push(answer));
        return told;
      };
      Object.defineProperty(BaseAudioContext.prototype, 'state', {
        get() { window.audio = this; return window.begun ? 'running' : 'suspended'; },
      });
    }`);
    await page.click('#alerts summary');
    await page.click('#sound');
    await expect.poll(() => page.evaluate('window.answers.length'), LONG).toBeGreaterThan(0);
    await page.evaluate(`window.begun = true; window.audio.dispatchEvent(new Event('statechange'));`);
    await page.evaluate('for (const answer of window.answers) answer(); new Promise((done) => setTimeout(done))');
    expect(await page.locator('#sound-blocked').isVisible()).toBe(false);
  });
});

describe('notifications of the computer', () => {
  test('are asked for on a click, and come once, when no tab is visible', async () => {
    await listening();
    const pages = [await openDesk(context, system), await openDesk(context, system)];
    const [first, second] = pages as [Page, Page];
    await first.click('#alerts summary');
    await first.click('#notify');
    await expect.poll(() => first.textContent('#notify-hint'), LONG).toContain('Bloquées par le navigateur');
    for (const page of pages)
      await page.evaluate(`localStorage.setItem('permission', 'granted'); Notification.permission = 'granted'`);
    await first.click('#notify');
    await expect.poll(() => second.textContent('#notify'), LONG).toBe('Couper les notifications');

    const notified = async () => (await Promise.all(pages.map((page) => page.evaluate('window.notified')))).flat();
    await hide(first, true);
    await first.waitForSelector(row((await placeOrder(system)).number), { state: 'attached' });
    await hide(second, true);
    const { number } = await placeOrder(system);
    await expect.poll(notified, LONG).toHaveLength(1);
    expect(await notified()).toEqual([expect.stringMatching(`^Nouvelle commande ! ${number}`)]);
  });
});

describe('what an admin has not seen', () => {
  test('stays so over a reload and in every tab, until it is looked at in one; and is that admin’s alone', async () => {
    context = await signedIn(browser, system, {}, session);
    const page = await openDesk(context, system);
    const dashboard = await openDesk(context, system, '/admin');
    const { number } = await placeOrder(system);
    await page.waitForSelector(`${row(number)}[data-unseen]`);
    await expect.poll(() => dashboard.title(), LONG).toMatch(/^\(1\)/);
    await page.reload();
    await page.waitForSelector(`${row(number)}[data-unseen]`);
    expect(await page.title()).toMatch(/^\(1\) Commandes/);
    await page.close();
    const missed = await placeOrder(system);

    const marie = { email: 'marie@msp.example', password: 'a password of Marie’s' };
    await createAdmin(system.db, { ...marie, name: 'Marie' });
    const [cookie] = await context.cookies();
    await context.addCookies([{ ...cookie!, value: await system.signIn(marie) }]);
    const hers = await openDesk(context, system);
    expect(await hers.locator('[data-unseen]').count()).toBe(0);
    await hers.close();
    await context.addCookies([cookie!]);

    const again = await openDesk(context, system);
    for (const one of [number, missed.number]) await again.waitForSelector(`${row(one)}[data-unseen]`);
    await expect
      .poll(async () => {
        await again.mouse.move(Math.random() * 300, 5);
        return [await again.title(), await dashboard.title()].filter((title) => title.startsWith('('));
      }, LONG)
      .toEqual([]);
  });
});

describe('after an absence', () => {
  test('the table, marked and readable while offline, catches up by itself and says what was missed', async () => {
    context = await signedIn(browser, system, {}, session);
    const page = await context.newPage();
    await page.clock.install();
    const { number } = await placeOrder(system);
    await page.goto(`${system.webUrl}/admin/orders`);
    await freshnessIs(page, 'live');
    await page.evaluate('window.neverReloaded = true');
    await context.setOffline(true);
    await freshnessIs(page, 'offline');
    expect(await page.textContent('#offline-note')).toMatch(/^Hors ligne : voici ce qui était connu à \d\d:\d\d/);
    expect(await page.isVisible(row(number))).toBe(true);
    for (let count = 0; count < 3; count += 1) await placeOrder(system);
    await changeStatus(system, session, number, 'annulee');
    await page.clock.fastForward(90_000);
    expect(await page.getAttribute(row(number), 'data-status')).toBe('en_attente');
    await context.setOffline(false);
    await page.waitForSelector(`${row(number)}[data-status="annulee"]`);
    await tableMatchesDatabase(page, system);
    await page.locator('.toast-absence').waitFor();
    expect(await page.textContent('.toast-absence')).toContain('3 nouvelles, 1 annulée pendant votre absence');
    await freshnessIs(page, 'live');
    expect(await page.isVisible('#offline-note')).toBe(false);
    expect(await page.evaluate('window.neverReloaded')).toBe(true);
    await page.click('.toast-absence button');
    await page.locator('.toast-absence').waitFor({ state: 'detached' });
  });

  test('of the machine itself, which nothing tells of, the stream is made anew from where the page stands', async () => {
    context = await signedIn(browser, system, {}, session);
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`${system.webUrl}/admin/orders`);
    await freshnessIs(page, 'live');
    const cursor = await page.getAttribute('#live-state', 'data-cursor');
    const again = page.waitForRequest('**/live/orders?**');
    // Timers take up where they stood; only the clock on the wall has gone on.
    await page.clock.setSystemTime(Date.now() + 3_600_000);
    expect((await again).url()).toContain(`after=${cursor}`);
    await freshnessIs(page, 'live');
  });
});

describe('the desk by keyboard', () => {
  test('searches, moves, picks, shows, refreshes, goes and helps; and keeps quiet in fields and when told to', async () => {
    context = await signedIn(browser, system, {}, session);
    for (let count = 0; count < 3; count += 1) await placeOrder(system);
    const page = await openDesk(context, system);
    const press = (...keys: string[]) =>
      keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    const focused = () => page.evaluate(`document.activeElement.closest('tr')?.dataset.number`);
    const [first, second] = (await tableOf(page)).map(({ number }) => number);

    await press('j');
    expect(await focused()).toBe(first);
    await press('j');
    expect(await focused()).toBe(second);
    await press('x');
    expect(await page.isChecked(`${row(second!)} [data-part="pick"]`)).toBe(true);
    await press('k', 'Control+j');
    expect(await focused()).toBe(first);
    const { number } = await placeOrder(system);
    await page.waitForSelector('#waiting-pill:not([hidden])');
    await press('n');
    await page.waitForSelector(row(number));
    const asked = page.waitForRequest((request) => request.url() === `${system.webUrl}/admin/orders/rows`);
    await press('r');
    await asked;
    await press('/');
    await page.keyboard.type('j?gd');
    expect(await page.inputValue('#order-filter [name="q"]')).toBe('j?gd');
    await page.evaluate('document.activeElement.blur()');

    await press('?');
    await page.waitForSelector('#shortcuts-help[open]');
    await press('g', 'd', 'Escape');
    await page.locator('#shortcuts-help').waitFor({ state: 'hidden' });
    expect(page.url()).toContain('/admin/orders');
    await press('g', 'd');
    await page.waitForURL(/\/admin$/);
    await freshnessIs(page, 'live');
    await press('g', 'o');
    await page.waitForURL(/\/admin\/orders$/);
    await freshnessIs(page, 'live');
    await press('j', 'Enter');
    await page.waitForURL(`**/admin/orders/${number}`);

    await freshnessIs(page, 'live');
    await page.click('#alerts summary');
    await page.uncheck('#shortcuts');
    await page.reload();
    await freshnessIs(page, 'live');
    await press('?', 'g', 'd');
    expect(await page.isVisible('#shortcuts-help')).toBe(false);
    await page.click('#alerts summary');
    expect(await page.isChecked('#shortcuts')).toBe(false);
    await page.click('#show-shortcuts');
    await page.waitForSelector('#shortcuts-help[open]');
  });
});

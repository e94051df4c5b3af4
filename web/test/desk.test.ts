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
  tableOf,
} from './desk-window.ts';

let system: TestSystem;
let browser: Browser;
let session: string;
let marie: string;
let context: BrowserContext;

beforeAll(async () => {
  ({ system, browser, session } = await startDesk(3));
  const credentials = { email: 'marie@msp.example', password: 'a password of Marie’s' };
  await createAdmin(system.db, { ...credentials, name: 'Marie' });
  marie = await system.signIn(credentials);
});

afterEach(() => context?.close());

async function open(path?: string, options?: Parameters<typeof signedIn>[2]): Promise<Page> {
  context = await signedIn(browser, system, options, session);
  return openDesk(context, system, path);
}

const step = (number: string) => `${row(number)} [data-part="next"]:not([aria-disabled])`;

describe('the order table', () => {
  test('takes in a new order live, with badge, toast, title and count, and calms down once somebody has looked', async () => {
    const page = await open();
    const count = Number(await page.textContent('[data-count="en_attente"]'));
    const { number } = await placeOrder(system, 'Zoé <b>Martin</b>');
    await page.waitForSelector(row(number));
    expect((await tableOf(page))[0]).toEqual({ number, status: 'en_attente' });
    expect(await page.textContent(`${row(number)} .order-customer`)).toBe('Zoé <b>Martin</b>');
    expect(await page.isVisible(`${row(number)} .order-new`)).toBe(true);
    expect(await page.textContent('.toast-arrival')).toContain(number);
    expect(await page.title()).toMatch(/^\(1\) Commandes/);
    await expect.poll(() => page.textContent('[data-count="en_attente"]'), LONG).toBe(String(count + 1));
    await expect.poll(() => page.textContent('#announce'), LONG).toBe(`Nouvelle commande ${number}`);
    // In view for a moment, and then a sign of life.
    await expect
      .poll(async () => {
        await page.mouse.move(Math.random() * 300, 5);
        return page.title();
      }, LONG)
      .toMatch(/^Commandes/);
    expect(await page.isVisible(`${row(number)} .order-new`)).toBe(false);
  });

  test('passes an order on by one click, and every open table follows', async () => {
    const page = await open();
    const other = await openDesk(context, system);
    const { number } = await placeOrder(system);
    await page.waitForSelector(row(number));
    await page.click(step(number));
    await page.waitForSelector(`${row(number)}[data-status="en_cours"]`);
    await other.waitForSelector(`${row(number)}[data-status="en_cours"]`);
    await page.click(step(number));
    await other.waitForSelector(`${row(number)}[data-status="terminee"]`);
    expect(await other.locator(`${row(number)} button`).count()).toBe(0);
  });

  test('finishes no order by the second half of a double click', async () => {
    const page = await open();
    const { number } = await placeOrder(system);
    await page.waitForSelector(row(number));
    await page.dblclick(step(number));
    await page.waitForSelector(`${row(number)}[data-status="en_cours"]`);
    const [stored] = await system.db.query('select status from orders where number = ?', [number]);
    expect(stored).toEqual({ status: 'en_cours' });
  });

  test('asks before it cancels, and a no changes nothing', async () => {
    const page = await open();
    const { number } = await placeOrder(system);
    await page.waitForSelector(row(number));
    await page.click(`${row(number)} [data-part="cancel"]`);
    expect(await page.textContent('dialog[open]')).toContain(number);
    await page.click('dialog >> text=Ne rien changer');
    expect(await page.getAttribute(row(number), 'data-status')).toBe('en_attente');
    await page.click(`${row(number)} [data-part="cancel"]`);
    await page.click('dialog button[value="yes"]');
    await page.waitForSelector(`${row(number)}[data-status="annulee"]`);
  });

  test('says who was faster, and shows the order as it is', async () => {
    const { number } = await placeOrder(system);
    context = await signedIn(browser, system, {}, session);
    const page = await context.newPage();
    // This window hears of nothing after it was opened, as if it were behind a bad line.
    await page.route('**/live/**', (route) => route.abort());
    await page.route('**/orders/rows?*', (route) => route.abort());
    await page.goto(`${system.webUrl}/admin/orders`);
    await changeStatus(system, marie, number, 'en_cours');
    await page.click(step(number));
    await expect
      .poll(() => page.textContent('.toast-error'), LONG)
      .toMatch(/^Marie a passé cette commande En cours (il y a \d+\ss|à l’instant)\./);
    expect(await page.getAttribute(row(number), 'data-status')).toBe('en_cours');
  });

  test('marks what leaves the filter, and takes in what enters it', async () => {
    const { number } = await placeOrder(system);
    const page = await open('/admin/orders?view=en_attente');
    const doing = await openDesk(context, system, '/admin/orders?view=en_cours');
    await page.waitForSelector(row(number));
    await changeStatus(system, marie, number, 'en_cours');
    await doing.waitForSelector(row(number));
    expect(await doing.title()).not.toContain('(');
    await page.waitForSelector(`${row(number)}[data-left]`);
    expect(await page.isVisible(`${row(number)} .order-left`)).toBe(true);
    await page.click('#refresh');
    await page.waitForSelector(row(number), { state: 'detached' });
  });

  test('shows older orders on their own page, from the last of the first one on', async () => {
    for (let index = 0; index < 52; index += 1) await placeOrder(system);
    const page = await open();
    const first = await tableOf(page);
    expect(first).toHaveLength(50);
    await page.click('#older-orders');
    await page.waitForURL('**before=*');
    const second = await tableOf(page);
    const all = await system.db.query<{ number: string }>('select number from orders order by id desc limit 60');
    expect([...first, ...second].slice(0, all.length).map(({ number }) => number)).toEqual(
      all.map(({ number }) => number).slice(0, first.length + second.length),
    );
  });

  test('is answered 204 by a poll while nothing changed, and with the same rows as a frame when something did', async () => {
    const headers = { Cookie: `msp_session=${session}`, 'HX-Request': 'true' };
    const html = await (await fetch(`${system.webUrl}/admin/orders`, { headers })).text();
    const cursor = /data-cursor="([^"]+)"/.exec(html)?.[1] as string;
    const poll = (after: string) =>
      fetch(`${system.webUrl}/admin/orders/rows?view=en_attente&after=${after}`, { headers });
    expect((await poll(cursor)).status).toBe(204);
    const { number } = await placeOrder(system);
    const answer = await poll(cursor);
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain(`data-number="${number}"`);
    expect(text).toContain('hx-swap="rows"');
    expect(text.match(/<tr /g)).toHaveLength(1);
    // Too old, or of another log: all rows.
    for (const lost of ['zzzz.1', `${cursor.split('.')[0]}.999999`]) {
      expect(await (await poll(lost)).text()).toContain('hx-swap="all-rows"');
    }
  });

  test('works without JavaScript, also the question before a cancellation', async () => {
    const { number } = await placeOrder(system);
    context = await signedIn(browser, system, { javaScriptEnabled: false }, session);
    const page = await context.newPage();
    await page.goto(`${system.webUrl}/admin/orders?view=en_attente`);
    await page.click(`${row(number)} [data-part="next"]`);
    expect(page.url()).toBe(`${system.webUrl}/admin/orders?view=en_attente`);
    expect(await page.textContent('[role="alert"]')).toBe(`${number} : En cours`);
    await page.click('.view-tabs >> text=En cours');
    await page.click(`${row(number)} [data-part="cancel"]`);
    expect(await page.textContent('h1')).toBe('Annuler cette commande ?');
    await page.click('button[value="annulee"]');
    expect(await page.textContent('[role="alert"]')).toBe(`${number} : Annulée`);
    await page.reload();
    expect(await page.locator('[role="alert"]').count()).toBe(0);
  });

  test('moves nothing under the mouse when an order comes, and lets it in once the mouse has gone', async () => {
    const { number } = await placeOrder(system);
    const page = await open();
    await page.hover(`${row(number)} .order-customer`);
    const before = await page.locator(row(number)).boundingBox();
    const next = await placeOrder(system);
    await page.waitForSelector('#waiting-pill:not([hidden])');
    expect(await page.textContent('#waiting-pill')).toBe('1 nouvelle commande ↑');
    expect(await page.title()).toMatch(/^\(1\)/);
    expect(await page.locator(row(number)).boundingBox()).toEqual(before);
    expect(await page.locator(row(next.number)).count()).toBe(0);
    await page.mouse.move(5, 5);
    await page.waitForSelector(row(next.number));
    expect(await page.isVisible('#waiting-pill')).toBe(false);
  });

  test('can be worked through by keyboard', async () => {
    const { number } = await placeOrder(system);
    const page = await open();
    await page.focus(`${row(number)} [data-part="number"]`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.dataset.part')).toBe('claim');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector(`${row(number)}[data-status="en_cours"]`);
    expect(await page.evaluate('document.activeElement.dataset.part')).toBe('next');
    await page.focus(`${row(number)} [data-part="number"]`);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/admin/orders/${number}`);
  });
});

describe('the badge of the last update', () => {
  test('ticks, and says by which way the page is current: live, fallback, offline and back', async () => {
    const page = await open();
    expect(await page.textContent('#freshness-state')).toBe('En direct');
    await expect.poll(() => page.textContent('#freshness-age'), LONG).toMatch(/^il y a \d\ss$/);

    await page.route('**/live/**', (route) => route.abort());
    await system.processes.notifiers[0]?.restart();
    await freshnessIs(page, 'backup');
    expect(await page.textContent('#freshness-state')).toBe('Secours 3 s');
    const { number } = await placeOrder(system);
    await page.waitForSelector(row(number));

    await page.route('**/orders/rows?*', (route) => route.abort());
    await freshnessIs(page, 'offline');
    expect(await page.textContent('#freshness-state')).toMatch(/^Hors ligne depuis \d\d:\d\d$/);
    await expect.poll(() => page.textContent('#announce'), LONG).toMatch(/^Hors ligne/);

    await page.unrouteAll();
    await freshnessIs(page, 'live');
  });

  test('sends a browser whose session has ended to the sign-in', async () => {
    const session = await system.signIn();
    context = await signedIn(browser, system, {}, session);
    const page = await openDesk(context, system);
    await fetch(`${system.ordersUrls[0]}/sessions/current`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${session}` },
    });
    await page.waitForURL('**/admin/login?next=%2Fadmin%2Forders');
  });
});

describe('the dashboard', () => {
  test('follows the orders, and asks for nothing that it already shows', async () => {
    const page = await open('/admin');
    const tile = page.locator('.tile dd').first();
    const before = Number(await tile.textContent());
    await placeOrder(system);
    await expect.poll(async () => Number(await tile.textContent()), LONG).toBe(before + 1);
    expect(await page.locator('.week tbody tr').count()).toBe(7);
    const [poll] = await Promise.all([
      page.waitForResponse((response) => response.url().includes('/admin/figures') && response.status() === 204),
    ]);
    expect(poll.url()).toContain('after=');
    await Promise.all([
      page.waitForResponse((response) => response.url().includes('/admin/figures') && response.status() === 200),
      page.click('#refresh'),
    ]);
  });
});

describe('the page of an order', () => {
  test('shows what is known of it, follows it, and passes it on', async () => {
    const { number } = await placeOrder(system, 'Ali Ben Salah');
    const page = await open(`/admin/orders/${number}`);
    expect(await page.textContent('h1')).toBe(`Commande ${number}`);
    expect(await page.textContent('.facts')).toContain('Ali Ben Salah');
    await changeStatus(system, marie, number, 'en_cours');
    await expect.poll(() => page.textContent('.timeline'), LONG).toContain('par Marie');
    await page.click('#order-detail button >> text=Terminer');
    await expect.poll(() => page.textContent('.order-now'), LONG).toContain('Terminée');
    expect(await page.textContent('.order-summary')).toContain('Cette commande est close.');
  });

  test('is a page not found for a number that no order has', async () => {
    context = await signedIn(browser, system, {}, session);
    const page = await context.newPage();
    const response = await page.goto(`${system.webUrl}/admin/orders/CMD-20200101-ZZZZZZ`);
    expect(response?.status()).toBe(404);
  });
});

describe('every page of the desk', () => {
  test('fits at every width from the smallest phone to a desk', async () => {
    const { number } = await placeOrder(system, 'Camille de la Rochefoucauld-Montmorency');
    context = await signedIn(browser, system, {}, session);
    for (const path of ['/admin', '/admin/orders', `/admin/orders/${number}`]) {
      const page = await openDesk(context, system, path);
      for (let width = 320; width <= 1300; width += 20) {
        await page.setViewportSize({ width, height: 740 });
        const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        expect([path, width, overflow]).toEqual([path, width, 0]);
      }
      await page.close();
    }
  });

  test('offers to ask anew at once, with and without JavaScript', async () => {
    const { number } = await placeOrder(system);
    context = await signedIn(browser, system, { javaScriptEnabled: false }, session);
    const page = await context.newPage();
    const live = ['/admin', '/admin/counter', '/admin/orders?view=en_cours', `/admin/orders/${number}`];
    const quiet = ['products?q=miel', 'products/1', 'account', 'admins', 'audit?view=orders', 'customers'];
    for (const path of [...live, ...quiet.map((page) => `/admin/${page}`)]) {
      await page.goto(system.webUrl + path);
      expect(await page.textContent('#refresh')).toContain('🔄');
      await page.click('#refresh');
      expect(page.url()).toBe(system.webUrl + path);
    }
  });
});

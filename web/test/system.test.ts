import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import {
  databaseTable,
  freshnessIs,
  openDesk,
  placeOrder,
  signedIn,
  tableMatchesDatabase,
  tableOf,
} from './desk-window.ts';

/** Browsers, two orders processes and a busy machine: conditions may take their time. */
const LONG = { timeout: 60_000, interval: 100 };

let system: TestSystem;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([
    startSystem({ orders: 2, env: { web: { ORDERS_POLL_SECONDS: '3' } } }),
    launchBrowser(),
  ]);
});

/** Every row that is ever put into the table is counted, so that one which came twice would be seen. */
async function openWatched(prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const context = await signedIn(browser, system);
  const page = await context.newPage();
  await page.addInitScript(`
    window.inserted = {};
    document.addEventListener('DOMContentLoaded', () => new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const row of addedNodes) {
        const number = row.dataset?.number;
        const twins = number && document.querySelectorAll('#order-rows > tr[data-number="' + number + '"]').length;
        if (number) window.inserted[number] = Math.max(window.inserted[number] ?? 0, twins);
      }
    }).observe(document.getElementById('order-rows'), { childList: true }));
  `);
  await prepare?.(page);
  await page.goto(`${system.webUrl}/admin/orders`);
  return page;
}

async function noRowTwice(page: Page): Promise<void> {
  const numbers = (await tableOf(page)).map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  const twins = (await page.evaluate('Math.max(0, ...Object.values(window.inserted))')) as number;
  expect(twins).toBeLessThanOrEqual(1);
}

async function placeMany(count: number, pauseMs = 0): Promise<string[]> {
  const numbers: string[] = [];
  for (let index = 0; index < count; index += 1) {
    numbers.push((await placeOrder(system, 'Jeanne Test', index % 2)).number);
    if (pauseMs) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return numbers;
}

async function rescued(): Promise<number> {
  const text = await (await fetch(`${system.webUrl}/metrics`)).text();
  return Number(/^poll_rescued_events_total\S* (\d+)/m.exec(text)?.[1]);
}

test('the two windows of the seed: a shopper confirms, and the row stands on the admin’s screen', async () => {
  const admin = await openDesk(await signedIn(browser, system), system);
  await placeOrder(system);
  await tableMatchesDatabase(admin, system);
  const shopper = await (await browser.newContext({ viewport: { width: 390, height: 800 } })).newPage();
  // A toast goes by itself, so what is told is noted as it comes.
  await admin.evaluate(`new MutationObserver(() => { window.told += document.getElementById('toasts').textContent; })
    .observe(document.getElementById('toasts'), { childList: true, subtree: true })`);
  const legs: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const name = `Jeanne Deux-Fenêtres ${round}`;
    await shopper.goto(system.webUrl);
    await Promise.all([
      shopper.waitForResponse((response) => response.url().endsWith('/cart/lines')),
      shopper
        .getByRole('button', { name: /Ajouter au panier/ })
        .first()
        .click(),
    ]);
    await shopper.goto(`${system.webUrl}/cart`);
    await shopper.getByRole('link', { name: /Passer commande/ }).click();
    const form = shopper.getByRole('dialog', { name: 'Finaliser la commande' });
    await form.getByLabel('Nom complet').fill(name);
    await form.getByLabel('Email').fill('jeanne@test.example');
    const arrived = admin.waitForSelector(`#order-rows > tr:has(.order-customer :text-is("${name}"))`);
    // Each page notes the moment by itself, so that nothing of the test is measured.
    await shopper.evaluate(`addEventListener('click', () => sessionStorage.setItem('clicked', Date.now()), true)`);
    await admin.evaluate(`window.told = ''; new MutationObserver((_, rows) => { window.arrivedAt = Date.now(); rows.disconnect(); })
      .observe(document.getElementById('order-rows'), { childList: true })`);
    await form.getByRole('button', { name: /Confirmer la commande/ }).click();
    const row = await arrived;
    const number = await row.getAttribute('data-number');
    await shopper.waitForURL('**/orders/*');
    const clickedAt = Number(await shopper.evaluate(`sessionStorage.getItem('clicked')`));
    legs.push(Number(await admin.evaluate('window.arrivedAt')) - clickedAt);
    expect(await shopper.textContent('main')).toContain(number);
    // Several in a short time are told as one.
    await expect.poll(() => admin.evaluate('window.told'), LONG).toMatch(/Nouvelle commande|nouvelles commandes/);
  }
  const sorted = legs.toSorted((a, b) => a - b);
  console.info(`click to row: median ${sorted[2]} ms, worst ${sorted.at(-1)} ms`);
  await tableMatchesDatabase(admin, system);
  await shopper.context().close();
  await admin.context().close();
});

describe('whatever breaks, the open table ends equal to the database and shows no row twice', () => {
  test('polling alone, the stream blocked: and the polls count what they had to rescue', async () => {
    const before = await rescued();
    const page = await openWatched((blocked) => blocked.route('**/live/**', (route) => route.abort()));
    await freshnessIs(page, 'backup');
    await placeMany(5);
    await tableMatchesDatabase(page, system);
    await noRowTwice(page);
    // A poll may come sooner than an event counts as late; further ones will not all.
    await expect
      .poll(async () => {
        await placeMany(1);
        return rescued();
      }, LONG)
      .toBeGreaterThan(before);
    await page.context().close();
  });

  test('the stream alone, polling blocked', async () => {
    const page = await openWatched((blocked) => blocked.route('**/admin/orders/rows?*', (route) => route.abort()));
    await freshnessIs(page, 'live');
    await placeMany(5);
    await tableMatchesDatabase(page, system);
    await noRowTwice(page);
    expect(await page.getAttribute('#freshness', 'data-state')).toBe('live');
    await page.context().close();
  });

  test('orders placed while the page loads fall into no gap between page and stream', async () => {
    const context = await signedIn(browser, system);
    const page = await context.newPage();
    // Only the stream may close the gap here.
    await page.route('**/admin/orders/rows?*', (route) => route.abort());
    let placing = true;
    const placed = (async () => {
      while (placing) await placeMany(1, 10);
    })();
    for (let round = 0; round < 3; round += 1) {
      await page.goto(`${system.webUrl}/admin/orders`);
      await freshnessIs(page, 'live');
    }
    placing = false;
    await placed;
    await tableMatchesDatabase(page, system);
    await context.close();
  });

  test('the notifier killed and restarted, with orders placed meanwhile', async () => {
    const page = await openWatched();
    await freshnessIs(page, 'live');
    const [notifier] = system.processes.notifiers;
    notifier?.signal('SIGKILL');
    await notifier?.exited();
    await freshnessIs(page, 'backup');
    await placeMany(5);
    await notifier?.restart();
    await placeMany(3);
    await page.locator('#freshness[data-state="live"]').waitFor({ timeout: 60_000 });
    await placeMany(2);
    await tableMatchesDatabase(page, system);
    await noRowTwice(page);
    await page.context().close();
  });

  test('a notifier that freezes without closing anything is noticed by its silence', async () => {
    const page = await openWatched((watched) => watched.clock.install());
    await freshnessIs(page, 'live');
    const [notifier] = system.processes.notifiers;
    notifier?.signal('SIGSTOP');
    try {
      // The watchdog waits 40 s; only time is made to pass.
      await page.clock.fastForward(41_000);
      await page.locator('#freshness:not([data-state="live"])').waitFor();
      await placeMany(3);
    } finally {
      notifier?.signal('SIGCONT');
    }
    await page.locator('#freshness[data-state="live"]').waitFor({ timeout: 60_000 });
    await tableMatchesDatabase(page, system);
    await noRowTwice(page);
    await page.context().close();
  });

  test('Redis killed and restarted, with orders placed meanwhile, and no poll to help', async () => {
    const page = await openWatched((blocked) => blocked.route('**/admin/orders/rows?*', (route) => route.abort()));
    await freshnessIs(page, 'live');
    await system.redis.stop();
    await placeMany(5);
    await tableMatchesDatabase(page, system);
    await system.redis.restart();
    await placeMany(5);
    await tableMatchesDatabase(page, system);
    await noRowTwice(page);
    await page.context().close();
  });

  test('a burst of more orders than a page shows', async () => {
    const page = await openWatched();
    await freshnessIs(page, 'live');
    await Promise.all(Array.from({ length: 8 }, () => placeMany(10)));
    await tableMatchesDatabase(page, system);
    await noRowTwice(page);
    const [{ count }] = (await system.db.query<{ count: number }>('select count(*) as count from orders')) as [
      { count: number },
    ];
    await expect
      .poll(async () => (await page.textContent('[data-count="all"]'))?.replace(/\s/g, ''), LONG)
      .toBe(String(count));
    expect(await databaseTable(system)).toHaveLength(50);
    await page.context().close();
  });
});

import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { SESSION_COOKIE } from '../../shared/contracts/session.ts';

/** For conditions that a loaded machine takes its time to reach. */
export const LONG = { timeout: 30_000, interval: 50 };

/**
 * MSP, a browser, and the first admin's session, for all tests of a file.
 * @param pollSeconds how often open pages ask by themselves; with 600 they never do while a test runs
 */
export async function startDesk(pollSeconds = 30) {
  const seconds = String(pollSeconds);
  const [system, browser] = await Promise.all([
    startSystem({ env: { web: { ORDERS_POLL_SECONDS: seconds, DASHBOARD_POLL_SECONDS: seconds } } }),
    launchBrowser(),
  ]);
  return { system, browser, session: await system.signIn() };
}

export interface Placed {
  number: string;
  token: string;
}

let productId: number | undefined;

/** One order, as a shopper's form would place it, of a product that never runs out. */
export async function placeOrder(
  system: TestSystem,
  name = 'Jeanne Test',
  orders = 0,
  email = 'jeanne@test.example',
): Promise<Placed> {
  const base = system.ordersUrls[orders] as string;
  if (productId === undefined) {
    await system.db.query('update products set stock = null');
    const { products } = (await (await fetch(`${base}/products`)).json()) as { products: { id: number }[] };
    productId = products[0]?.id as number;
  }
  const response = await fetch(`${base}/orders`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    body: JSON.stringify({ name, email, lines: [{ productId, quantity: 2 }] }),
  });
  expect(response.status).toBe(201);
  return (await response.json()) as Placed;
}

/** Changes an order's status as another admin's program would. */
export async function changeStatus(system: TestSystem, session: string, number: string, status: string) {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${session}` };
  const base = `${system.ordersUrls[0]}/orders/${number}`;
  const { order } = (await (await fetch(base, { headers })).json()) as { order: { version: number } };
  const response = await fetch(base, {
    method: 'PATCH',
    headers,
    body: JSON.stringify({ status, version: order.version }),
  });
  expect(response.status).toBe(200);
}

/** A visitor of their own who is signed in already. */
export async function signedIn(
  browser: Browser,
  system: TestSystem,
  options: Parameters<Browser['newContext']>[0] = {},
  session?: string,
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.addCookies([
    { name: SESSION_COOKIE, value: session ?? (await system.signIn()), url: system.webUrl, httpOnly: true },
  ]);
  return context;
}

/** An open desk page whose stream is live. */
export async function openDesk(context: BrowserContext, system: TestSystem, path = '/admin/orders'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(system.webUrl + path);
  await freshnessIs(page, 'live');
  return page;
}

export function freshnessIs(page: Page, state: 'live' | 'backup' | 'offline') {
  return page.locator(`#freshness[data-state="${state}"]`).waitFor();
}

/** Where an order stands in the open table. */
export const row = (number: string) => `#order-rows > tr[data-number="${number}"]`;

/** Numbers and statuses of the open table, from top to bottom. */
export function tableOf(page: Page): Promise<{ number: string; status: string }[]> {
  return page.$$eval('#order-rows > tr', (rows) =>
    rows.map((row) => ({
      number: row.getAttribute('data-number') ?? '',
      status: row.getAttribute('data-status') ?? '',
    })),
  );
}

/** What the table must show: the newest 50 orders as the database has them. */
export function databaseTable(system: TestSystem): Promise<{ number: string; status: string }[]> {
  return system.db.query<{ number: string; status: string }>(
    'select number, status from orders order by id desc limit 50',
  );
}

/** Waits until the open table and the database say the same. */
export async function tableMatchesDatabase(page: Page, system: TestSystem): Promise<void> {
  await expect
    .poll(async () => (await tableOf(page)).slice(0, 50), { timeout: 30_000, interval: 100 })
    .toEqual(await databaseTable(system));
}

import type { Browser, BrowserContext } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { placeOrder, signedIn } from './desk-window.ts';
import { PAGE_FAULTS } from './page-faults.ts';
import { EVENTUALLY } from './shopper.ts';

const VIEWPORTS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const;
/** What a first visit may take off a shopper's data plan, as the browser counts it, headers and all. */
const FIRST_VISIT_BYTES = 60_000;
/** How long every style sheet, script and picture is kept waiting, so that what comes late is seen to come late. */
const LATE_MS = { stylesheet: 40, script: 80, image: 120 } as const;

const ALL_SEEN_PICTURES_LOADED =
  '[...document.images].filter((one) => one.getBoundingClientRect().top < innerHeight).every((one) => one.complete)';

/** The desk's pages change what they say once their stream is live. */
const FOUND_LIVE = `['live', undefined].includes(document.querySelector('#freshness')?.dataset.state)`;

let system: TestSystem;
let browser: Browser;
let shopPages: string[];
let deskPages: string[];

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  const orders = [
    await placeOrder(system, 'Jeanne Lointaine'),
    await placeOrder(system, 'Zoé Martin-Dupont de la Tour'),
  ];
  const { token, number } = orders[1]!;
  shopPages = [
    '/',
    '/cart',
    '/checkout',
    `/orders/${token}`,
    '/find-order',
    '/products/miel-de-lavande',
    '/search?q=miel',
    '/nowhere',
  ];
  deskPages = ['/admin/login', '/admin', '/admin/orders', `/admin/orders/${number}`, '/admin/customers'];
});

/** A shopper with two things in the cart, who has never been here before as far as the cache knows. */
async function shopper(viewport: keyof typeof VIEWPORTS): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: system.webUrl, viewport: VIEWPORTS[viewport], locale: 'fr-FR' });
  await context.addCookies([{ name: 'msp_cart', value: '1x2-3x1', url: system.webUrl }]);
  return context;
}

const admin = (viewport: keyof typeof VIEWPORTS) =>
  signedIn(browser, system, { viewport: VIEWPORTS[viewport], baseURL: system.webUrl });

test.each(['phone', 'desktop'] as const)(
  'a first visit on a %s takes less than 60 kB over the wire, pictures and htmx included',
  async (viewport) => {
    const context = await browser.newContext({ viewport: VIEWPORTS[viewport] });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    const names = new Map<string, string>();
    const bytes: Record<string, number> = {};
    devtools.on('Network.requestWillBeSent', ({ requestId, request }) =>
      names.set(requestId, new URL(request.url).pathname),
    );
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const name = names.get(requestId) ?? '';
      bytes[name] = (bytes[name] ?? 0) + encodedDataLength;
    });
    await devtools.send('Network.enable');
    await page.goto(system.webUrl);
    await expect.poll(() => page.evaluate(ALL_SEEN_PICTURES_LOADED), EVENTUALLY).toBe(true);
    const kinds = Object.keys(bytes).map((name) => name.replace(/-[A-Z0-9]{8}\./, '.'));
    expect(kinds).toEqual(expect.arrayContaining(['/', '/static/shop.css', '/static/shop.js']));
    expect(kinds.some((name) => /\.(?:svg|webp|png|avif)$/.test(name))).toBe(true);
    const total = Object.values(bytes).reduce((sum, one) => sum + one, 0);
    expect(total, JSON.stringify(bytes, undefined, 1)).toBeLessThan(FIRST_VISIT_BYTES);
    await context.close();
  },
);

/**
 * Evaluated before the page's own code: every shift, with what was shifted, from where to where. What moves
 * while the page itself is still being read is left out: a browser that is short of time draws half a line of it.
 */
const WATCH_SHIFTS = `
  globalThis.shifts = [];
  const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
  new PerformanceObserver((list) => {
    const [{ domInteractive }] = performance.getEntriesByType('navigation');
    for (const { startTime, value, sources } of list.getEntries())
      for (const { node, previousRect, currentRect } of domInteractive && startTime > domInteractive ? sources : [])
        shifts.push(\`moved by \${value}: \${node?.outerHTML?.slice(0, 80) ?? node?.nodeName}, \${place(previousRect)} to \${place(currentRect)}\`);
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** What is wrong with pages, one after the other: what moved while they loaded, what they and the browser complain of. */
async function faultsOf(context: BrowserContext, paths: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  await context.addInitScript(WATCH_SHIFTS);
  await context.route('**/static/**', async (route) => {
    const lateMs = LATE_MS[route.request().resourceType() as keyof typeof LATE_MS] ?? 0;
    await new Promise((resolve) => setTimeout(resolve, lateMs));
    await route.continue();
  });
  for (const path of paths) {
    const page = await context.newPage();
    const say = (fault: string) => faults.push(`${path}: ${fault}`);
    page.on('pageerror', (error) => say(error.message));
    page.on('console', (message) => {
      const isMissing = message.text().includes('404') && path === '/nowhere';
      if (/error|warning/.test(message.type()) && !isMissing) say(message.text());
    });
    const devtools = await context.newCDPSession(page);
    devtools.on('Audits.issueAdded', ({ issue }) => say(`${issue.code} ${JSON.stringify(issue.details)}`));
    await devtools.send('Audits.enable');
    const response = await page.goto(path);
    if (response?.status() !== (path === '/nowhere' ? 404 : 200)) say(`answered ${response?.status()}`);
    await expect.poll(() => page.evaluate(`${ALL_SEEN_PICTURES_LOADED} && ${FOUND_LIVE}`), EVENTUALLY).toBe(true);
    // Two frames later, whatever was changed has been drawn.
    const shifts =
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(shifts)))))';
    for (const fault of [...(await page.evaluate<string[]>(shifts)), ...(await page.evaluate<string[]>(PAGE_FAULTS))])
      say(fault);
    await page.close();
  }
  await context.close();
  return faults;
}

const BOTH = Object.keys(VIEWPORTS) as (keyof typeof VIEWPORTS)[];

describe('while styles, scripts and pictures come late, on a phone and on a desktop', () => {
  test('no page of the shop moves, or does what browsers advise against', async () => {
    expect(await Promise.all(BOTH.map(async (one) => faultsOf(await shopper(one), shopPages)))).toEqual([[], []]);
  });

  test('no page of the desk does, either', async () => {
    expect(await Promise.all(BOTH.map(async (one) => faultsOf(await admin(one), deskPages)))).toEqual([[], []]);
  });
});

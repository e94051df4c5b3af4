import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { growOld } from '../../scripts/testing/old-shop.ts';
import { startProcess } from '../../scripts/testing/process.ts';
import { createAdmin, startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import type { OrderList } from '../../shared/contracts/order.ts';
import { SESSION_COOKIE } from '../../shared/contracts/session.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { ordersClient } from '../orders-client.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';
import { buildApp } from './build-app.ts';
import { signedIn } from './desk-window.ts';

// What of the desk is looked at rather than worked with: figures, files and paper.

/** Three pages of an export. */
const ORDERS = 450;

let system: TestSystem;
let browser: Browser;
let owner: string;
let staff: string;
let english: string;
let context: BrowserContext | undefined;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  await growOld(system.db.url, { orders: ORDERS, seed: 5, days: 40, until: new Date() });
  const marie = { email: 'marie@msp.example', password: 'a password of Marie’s' };
  await createAdmin(system.db, { ...marie, name: 'Marie', role: 'staff' });
  [owner, staff] = await Promise.all([system.signIn(), system.signIn(marie)]);
  const urls = { ORDERS_URL: system.ordersUrls[0]!, NOTIFIER_URL: system.notifierUrls[0]! };
  english = (await startProcess('web', { ...urls, SHOP_LOCALE: 'en' })).url;
});

afterEach(async () => {
  await context?.close();
});

const get = (path: string, session = owner, base = system.webUrl) =>
  fetch(base + path, {
    headers: { Cookie: `${SESSION_COOKIE}=${session}`, Accept: 'text/html' },
    redirect: 'manual',
  });

async function visit(path: string, options?: Parameters<typeof signedIn>[2], base = system.webUrl): Promise<Page> {
  context = await signedIn(browser, system, options, owner);
  await context.addCookies([{ name: SESSION_COOKIE, value: owner, url: base, httpOnly: true }]);
  const page = await context.newPage();
  await page.goto(base + path);
  return page;
}

/** As RFC 4180 has it, but for what parts cells: what a spreadsheet of the language would see. */
function parseCsv(text: string, separator: ',' | ';'): string[][] {
  expect(text[0]).toBe('\uFEFF');
  const rows = text.slice(1).match(/(?:"(?:[^"]|"")*"|[^"\r\n])*\r\n/g) ?? [];
  expect(rows.join('')).toBe(text.slice(1));
  const cell = new RegExp(`(?:^|${separator})(?:"((?:[^"]|"")*)"|([^${separator}"]*))`, 'g');
  return rows.map((row) =>
    [...row.slice(0, -2).matchAll(cell)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!),
  );
}

async function exported(path: string, base?: string) {
  const response = await get(path, owner, base);
  expect([path, response.status]).toEqual([path, 200]);
  // By hand, because text() drops the mark.
  const text = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(await response.arrayBuffer());
  const [headings, ...rows] = parseCsv(text, base === english ? ',' : ';');
  return { headings: headings!, rows, response };
}

interface Row {
  number: string;
  total_cents: number;
}

const database = (where = 'true', parameters: string[] = []) =>
  system.db.query<Row>(`select number, total_cents from orders where ${where} order by id desc`, parameters);

describe('the export', () => {
  test('holds every order of the filter once, the newest first, as spreadsheets read it', async () => {
    const { headings, rows, response } = await exported('/admin/orders.csv');
    expect(headings.slice(0, 4)).toEqual(['Commande', 'Passée le', 'Passée le (UTC)', 'Statut']);
    const all = await database();
    expect(rows.map(([number]) => number)).toEqual(all.map(({ number }) => number));
    expect(rows.map((row) => row[10])).toEqual(all.map(({ total_cents }) => String(total_cents)));
    const euros = (cents: string) => (Number(cents) / 100).toFixed(2);
    for (const row of rows) expect([row.length, row[9]]).toEqual([headings.length, euros(row[10]!).replace('.', ',')]);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="commandes-[\d-]+\.csv"$/);
    for (const name of Object.keys(SECURITY_HEADERS)) expect(response.headers.has(name)).toBe(true);

    const few = await exported('/admin/orders.csv?view=annulee&min=20', english);
    expect(few.headings[3]).toBe('Status');
    const where = "status = 'annulee' and total_cents >= 2000";
    expect(few.rows.map(([number]) => number)).toEqual((await database(where)).map(({ number }) => number));
    expect(new Set(few.rows.map((row) => row[3]))).toEqual(new Set(['Cancelled']));
    for (const row of few.rows) expect(row[9]).toBe(euros(row[10]!));
  });

  test('makes no formula of what customers write, and breaks at nothing', async () => {
    const evil = [
      ['=HYPERLINK("http://evil.example","x")', '+33 6 12', 'a\r\nb,"c"'],
      ['@SUM(A1)', null, '-2+3+cmd|" /C calc"!A0'],
      [' =1+1', null, 'ends with a space '],
      ['Zoé "Zaza" L’Été; fils, 日本', null, '\t=1'],
    ] as const;
    const chosen = (await database()).slice(0, evil.length).map(({ number }) => number);
    for (const [i, [name, phone, notes]] of evil.entries()) {
      await system.db.query('update orders set name = ?, phone = ?, notes = ? where number = ?', [
        name,
        phone,
        notes,
        chosen[i]!,
      ]);
    }
    const query = new URLSearchParams(
      ['CMD-20250101-000000', ...chosen].map((number): [string, string] => ['number', number]),
    );
    const { rows } = await exported(`/admin/orders.csv?${query}`);
    expect(rows.map(([number]) => number)).toEqual(chosen);
    const cells = rows.map((row) => [row[4], row[6], row[12]]);
    expect(cells).toEqual([
      [`'${evil[0][0]}`, "'+33 6 12", 'a\r\nb,"c"'],
      ["'@SUM(A1)", '', `'${evil[1][2]}`],
      ["' =1+1", '', 'ends with a space '],
      [evil[3][0], '', "'\t=1"],
    ]);
  });

  test('is for owners, is written down, and says on a page what is wrong', async () => {
    expect((await get('/admin/orders.csv', staff)).status).toBe(403);
    expect(await (await get('/admin/orders', staff)).text()).not.toContain('orders.csv');
    expect((await get('/admin/orders.csv?q=durand&view=terminee&from=2026-01-01')).status).toBe(200);
    const log = await system.db.query<{ detail: string | null }>(
      "select detail from audit_log where action = 'orders_exported' order by id",
    );
    // The search is a customer's name, perhaps.
    expect(log.map(({ detail }) => detail)).toEqual([null, 'annulee, …', '5', 'terminee, 2026-01-01 –, …']);
    expect(await (await get('/admin/audit')).text()).toContain('A exporté des commandes (5 commandes)');

    const wrong = await get('/admin/orders.csv?from=yesterday');
    expect([wrong.status, wrong.headers.get('location')]).toEqual([303, '/admin/orders?from=yesterday']);
    const many = Array.from({ length: 201 }, (_, i) => `number=CMD-${i}`).join('&');
    expect((await get(`/admin/orders.csv?${many}`)).status).toBe(400);
    expect((await get(`/admin/orders/print?${many}`)).status).toBe(400);
    expect((await fetch(`${system.webUrl}/admin/orders.csv`, { redirect: 'manual' })).status).not.toBe(200);
  });

  test('reads on as it is taken: no further once the browser is gone, and it breaks off where it cannot go on', async () => {
    const bearer = { headers: { Authorization: `Bearer ${owner}` } };
    const body = (await (await fetch(`${system.ordersUrls[0]}/orders?limit=200`, bearer)).json()) as OrderList;
    let pages = 0;
    const client = ordersClient(system.ordersUrls[0]!);
    const app = await buildApp({
      orders: {
        ...client,
        async listOrders() {
          pages += 1;
          if (pages === 50) throw new HttpProblem(503, 'unavailable');
          return { ok: true, data: { ...body, next: 1 } };
        },
      },
    });
    const open = async () => {
      pages = 0;
      const response = await app.request('/admin/orders.csv', { headers: { Cookie: `${SESSION_COOKIE}=${owner}` } });
      return response.body!.getReader();
    };
    const gone = await open();
    for (let i = 0; i < 3; i += 1) await gone.read();
    expect(pages).toBeLessThanOrEqual(4);
    await gone.cancel();
    await new Promise(setImmediate);
    expect(pages).toBeLessThanOrEqual(4);

    const reader = await open();
    const whole = async () => {
      while (!(await reader.read()).done);
    };
    await expect(whole()).rejects.toThrow();
    expect(pages).toBe(50);
  });
});

describe('packing slips', () => {
  test('are made of orders that are named, or of a page of the table, one on each sheet', async () => {
    const [first, second] = (await database("status = 'terminee'")).slice(0, 2) as [Row, Row];
    const page = await visit(`/admin/orders/print?number=${second.number}&number=CMD-1&number=${first.number}`, {
      viewport: { width: 390, height: 800 },
    });
    expect(await page.locator('.slip h2').allTextContents()).toEqual([second.number, first.number]);
    expect(await page.textContent('[role=alert]')).toContain('CMD-1');
    const lines = await system.db.query<{ name: string }>(
      'select l.name from order_lines l join orders on orders.id = order_id where number = ? order by position',
      [second.number],
    );
    expect(await page.locator('.slip').first().locator('tbody td:nth-child(2)').allTextContents()).toEqual(
      lines.map(({ name }) => name),
    );
    expect(await page.locator('.slip').first().textContent()).not.toContain('€');
    await page.evaluate('window.print = () => document.body.toggleAttribute("data-printed")');
    await page.click('[data-print]');
    expect(await page.locator('body').getAttribute('data-printed')).toBe('');

    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('header.site-header, .print-tools').filter({ visible: true }).count()).toBe(0);
    // It is left for who has a PDF read out.
    expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).clipPath")).toBe('inset(50%)');
    const pdf = (await page.pdf()).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(2);

    expect((await get('/admin/orders/print?number=CMD-1')).status).toBe(404);
    await page.emulateMedia({ media: 'screen' });
    await page.goto(`${system.webUrl}/admin/orders?view=annulee`);
    const shown = await page.$$eval('#order-rows > tr', (rows) => rows.map((row) => row.getAttribute('data-number')));
    await page.click('.table-menus >> text=Imprimer');
    await page.waitForURL('**/admin/orders/print?view=annulee');
    expect(await page.locator('.slip h2').allTextContents()).toEqual(shown);
  });
});

describe('the dashboard', () => {
  test('shows each period without JavaScript, and every figure leads to the very orders that it counts', async () => {
    const page = await visit('/admin', { javaScriptEnabled: false });
    for (const period of ['Hier', 'Aujourd’hui', '7 derniers jours', '30 derniers jours']) {
      await page.goto(`${system.webUrl}/admin`);
      await page.click(`.view-tabs >> text=${period}`);
      expect(await page.textContent('.view-tabs [aria-current]')).toBe(period);
      const figures = (selector: string, figure: string) =>
        page.$$eval(
          selector,
          (all, figure) =>
            all.map((one) => ({
              figure: one.querySelector(figure)?.textContent ?? '',
              href: one.querySelector('a')?.getAttribute('href') ?? '',
              hint: one.querySelector('.tile-hint')?.textContent ?? '',
            })),
          figure,
        );
      const [orders, revenue, average, started, finished] = await figures('.tile', 'a');
      const statuses = await figures('.status-list li', 'b');
      const days = await figures('.week tbody tr', 'td');
      const money = await figures('.week tbody td:has(a)', 'a');
      const products = await figures('.best-products tbody tr', 'td');
      expect([statuses.length, days.length, money.length]).toEqual([4, period[0] === '3' ? 30 : 7, days.length]);

      // One period in the browser, the others as files.
      const follow = period === 'Hier' ? (href: string) => followInTable(page, href) : followInFile;
      const sold = await follow(revenue!.href);
      expect(amount(revenue!.figure, sold.cents)).toBe(sold.cents);
      const mean = Math.round(sold.cents / sold.numbers.length);
      if (sold.numbers.length > 0) expect(amount(average!.figure, mean)).toBe(mean);
      expect(average!.href).toBe(revenue!.href);
      for (const { hint, href } of [started!, finished!])
        expect([href, (await follow(href)).numbers.length]).toEqual([href, digits(hint)]);
      for (const { figure, href } of [orders!, ...statuses, ...(period === 'Hier' ? days : [])])
        expect([href, (await follow(href)).numbers.length]).toEqual([href, digits(figure)]);
      if (period !== 'Hier') continue;
      for (const { figure, href } of money) {
        const { cents } = await follow(href);
        expect([href, cents]).toEqual([href, amount(figure, cents)]);
      }
      expect(products.length).toBeGreaterThan(3);
      for (const { figure, href } of products) {
        const { numbers } = await follow(href);
        const [sum] = await system.db.query<{ orders: number; quantity: string }>(
          `select count(distinct order_id) as orders, sum(quantity) as quantity from order_lines
            join orders on orders.id = order_id where product_id = ? and number in (${numbers.map(() => '?')})`,
          [new URLSearchParams(href.split('?')[1]).get('product')!, ...numbers],
        );
        expect([href, sum?.orders, Number(sum?.quantity)]).toEqual([href, numbers.length, digits(figure)]);
      }
    }
  });

  const digits = (text: string) => Number(text.replace(/\D/g, ''));

  /** Cents of what is shown; of large sums whole euros are, and the cents are those that are known. */
  function amount(shown: string, cents: number): number {
    if (shown.includes(',')) return digits(shown);
    expect(digits(shown)).toBe(Math.round(cents / 100));
    return cents;
  }

  async function followInTable(page: Page, href: string) {
    const found = { numbers: [] as string[], cents: 0 };
    for (let next: string | null = href; next; ) {
      expect([next, (await page.goto(system.webUrl + next))?.status()]).toEqual([next, 200]);
      const rows = await page.$$eval('#order-rows > tr', (all) =>
        all.map((row) => ({ number: row.getAttribute('data-number')!, cents: Number(row.getAttribute('data-cents')) })),
      );
      found.numbers.push(...rows.map(({ number }) => number));
      found.cents += rows.reduce((sum, { cents }) => sum + cents, 0);
      const older = page.locator('#older-orders:visible');
      next = (await older.count()) > 0 ? await older.getAttribute('href') : null;
    }
    return found;
  }

  async function followInFile(href: string) {
    const { rows } = await exported(href.replace('/admin/orders?', '/admin/orders.csv?'));
    return { numbers: rows.map(([number]) => number!), cents: rows.reduce((sum, row) => sum + Number(row[10]), 0) };
  }
});

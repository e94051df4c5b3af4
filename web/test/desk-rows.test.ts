import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { type AdminOrder, withoutCustomer } from '../../shared/contracts/order.ts';
import type { OrderFilter } from '../../shared/contracts/order-filter.ts';
import type { Status, View } from '../../shared/contracts/status.ts';
import { isInView } from '../../shared/contracts/status.ts';
import { renderLiveUpdate } from '../fragments/live-update.tsx';
import { renderOrderRow } from '../fragments/order-row.ts';

const FORMAT = { locale: 'fr', timeZone: 'Europe/Paris' } as const;
const STATIC = resolve(import.meta.dirname, '../../dist/static');

let page: Page;
let script: string;

beforeAll(async () => {
  const built = JSON.parse(readFileSync(resolve(STATIC, 'manifest.json'), 'utf8')) as Record<string, string>;
  script = resolve(STATIC, built['desk.js'] as string);
  page = await (await launchBrowser()).newPage();
});

function order(id: number, version = 1, status: Status = 'en_attente', name = 'Jeanne'): AdminOrder {
  return {
    id,
    number: `CMD-20261122-${String(id).padStart(6, '0')}`,
    status,
    version,
    name,
    email: 'jeanne@test.example',
    phone: null,
    notes: null,
    lines: [{ productId: 1, name: 'Miel de lavande', quantity: 2, unitPriceCents: 950 }],
    totalCents: 1900,
    currency: 'EUR',
    placedAt: '2026-11-22T14:02:00.000Z',
    changedAt: '2026-11-22T14:02:00.000Z',
    changedBy: null,
  };
}

function frame(view: View, orders: AdminOrder[], seq: number): string {
  const rows = [...orders].sort((a, b) => b.id - a.id);
  return renderLiveUpdate(
    {
      view,
      rows: rows
        .filter((one) => one.version > 1 || isInView(view, one.status))
        .map((one) => ({ order: one, inView: isInView(view, one.status) })),
      omitted: 0,
      placedElsewhere: orders.filter((one) => one.version === 1 && !isInView(view, one.status)),
      counts: { en_attente: seq, en_cours: 0, terminee: 0, annulee: 0 },
      cursor: `aaaa.${seq}`,
    },
    FORMAT,
  );
}

/** An open table without a server: the page's own script, and frames handed to it. */
async function openTable(view: View, orders: AdminOrder[], place: Place = {}): Promise<void> {
  await page.goto('about:blank');
  await page.setContent(tableHtml(view, orders, place));
  await page.addScriptTag({ path: script, type: 'module' });
  await page.waitForFunction('window.htmx');
}

interface Place {
  before?: string;
  next?: string;
  newest?: string;
  filter?: OrderFilter;
}

function tableHtml(
  view: View,
  orders: AdminOrder[],
  { before = '', next = '', newest = '', filter }: Place = {},
): string {
  const rows = orders.map((one) => renderOrderRow(one, view, true, FORMAT)).join('');
  return (
    `<!doctype html><html lang="fr"><head><title>Commandes</title><meta name="htmx-config" content='{"history":false}'></head><body>` +
    `<b id="shown" data-count="en_attente">0</b><button id="waiting-pill" hidden></button>` +
    `<table id="order-table" hx-get="/rows" hx-trigger="desk:ask" hx-swap="none"><tbody id="order-rows" data-view="${view}" data-before="${before}" data-next="${next}" data-newest="${newest}" data-time-zone="Europe/Paris"${filter ? ` data-filter='${JSON.stringify(filter)}'` : ''}>${rows}</tbody></table>` +
    `<div id="toasts"></div><p id="announce"></p><p id="live-state" hidden data-cursor="aaaa.0"></p></body></html>`
  );
}

function apply(...frames: string[]): Promise<void> {
  return page.evaluate(
    `(async () => { for (const text of ${JSON.stringify(frames)}) await htmx.swap({ text, sourceElement: document.getElementById('live-state'), swap: 'none' }); })()`,
  ) as Promise<void>;
}

function rows(): Promise<string[]> {
  return page.$$eval('#order-rows > tr', (all) =>
    all.map(
      (row) =>
        `${row.getAttribute('data-id')} v${row.getAttribute('data-version')} ${row.getAttribute('data-status')}${row.hasAttribute('data-left') ? ' left' : ''}`,
    ),
  );
}

describe('the rows of an open table', () => {
  beforeEach(() => page.mouse.move(0, 0));

  test('take in a new order on top, with its badge, a toast and a number in the title', async () => {
    await openTable('all', [order(2), order(1)]);
    await apply(frame('all', [order(3)], 1));
    expect(await rows()).toEqual(['3 v1 en_attente', '2 v1 en_attente', '1 v1 en_attente']);
    expect(await page.title()).toBe('(1) Commandes');
    expect(await page.textContent('#toasts')).toContain('Nouvelle commande ! CMD-20261122-000003');
    expect(await page.getAttribute('#order-3', 'data-unseen')).toBe('');
  });

  test('come bare, and are completed to what the server draws for a page', async () => {
    const claim = { byId: 9, by: 'Marie & Paul', since: '2026-11-22T14:03:00.000Z' };
    const orders: AdminOrder[] = [
      { ...order(5), phone: '06 12 34 56 78', lines: Array.from({ length: 5 }, () => order(5).lines[0]!) },
      { ...order(4, 2), claim },
      { ...order(3, 2, 'en_cours'), claim: { ...claim, by: '<b>' } },
      order(2, 3, 'terminee'),
      { ...withoutCustomer(order(1, 2, 'annulee'), '2026-11-22T15:00:00.000Z') },
    ];
    const drawn = () =>
      page.$$eval('#order-rows > tr', (all) => all.map((row) => row.outerHTML.replace(' data-unseen=""', '')));
    await openTable('all', orders);
    const byServer = await drawn();
    await openTable('all', []);
    const frames = orders.map((one, index) => frame('all', [one], index + 1));
    for (const text of frames) expect(text).not.toMatch(/<form|<button|role=/);
    await apply(...frames);
    expect(await drawn()).toEqual(byServer);
    expect(await page.locator('#order-rows [data-part="next"]').count()).toBe(3);
  });

  test('answer for the view of the table that they stand in, whichever stream brought them', async () => {
    await openTable('en_attente', []);
    await apply(frame('all', [order(1)], 1));
    expect(await page.inputValue('#order-1 input[name="view"]')).toBe('en_attente');
  });

  test('begin with the first order of all, in a table that was not even shown', async () => {
    await openTable('all', []);
    await page.evaluate(`document.getElementById('order-table').hidden = true`);
    await page.evaluate(`document.body.insertAdjacentHTML('afterbegin', '<header class="site-header">MSP</header>')`);
    await apply(frame('all', [order(1)], 1));
    expect(await rows()).toEqual(['1 v1 en_attente']);
  });

  test('say a burst once: one toast, and one announcement', async () => {
    await openTable('all', []);
    await apply(frame('all', [order(1)], 1), frame('all', [order(2), order(3)], 3));
    expect(await page.locator('.toast').allTextContents()).toEqual(['3 nouvelles commandes !']);
    await page.waitForFunction(`document.getElementById('announce').textContent`);
    expect(await page.textContent('#announce')).toBe('3 nouvelles commandes');
  });

  test('tell of an order that comes after one with a higher id', async () => {
    await openTable('all', [order(5)]);
    await apply(frame('all', [order(4)], 1), frame('all', [order(7)], 2), frame('all', [order(6, 2, 'en_cours')], 3));
    expect(await page.title()).toBe('(3) Commandes');
  });

  test('are the same whatever the order of the frames and however often they come', async () => {
    const statuses: Status[] = ['en_attente', 'en_cours', 'terminee'];
    const changes = fc.array(
      fc.record({ id: fc.integer({ min: 1, max: 6 }), version: fc.integer({ min: 1, max: 3 }) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    const views = fc.constantFrom<View>('all', 'en_attente', 'en_cours');
    await fc.assert(
      fc.asyncProperty(views, changes, fc.infiniteStream(fc.nat(100)), async (view, list, chance) => {
        const versions = list.map(({ id, version }) => order(id, version, statuses[version - 1]));
        const frames = versions.map((one, index) => frame(view, [one], index + 1));
        const random = () => (chance.next().value as number) / 101;
        const shuffled = [...frames, ...frames.filter(() => random() < 0.5)]
          .map((text) => ({ text, key: random() }))
          .sort((a, b) => a.key - b.key)
          .map(({ text }) => text);
        await openTable(view, []);
        await apply(...shuffled);

        const latest = new Map<number, AdminOrder>();
        for (const one of versions) if (one.version >= (latest.get(one.id)?.version ?? 0)) latest.set(one.id, one);
        const inView = [...latest.values()].filter(({ status }) => isInView(view, status)).sort((a, b) => b.id - a.id);
        const found = (await rows()).filter((row) => !row.endsWith('left'));
        expect(found).toEqual(inView.map(({ id, version, status }) => `${id} v${version} ${status}`));
      }),
      { numRuns: 25 },
    );
  });

  test('keep counts and cursor of the newest frame when an older one comes after it', async () => {
    await openTable('all', []);
    await apply(frame('all', [order(1)], 5), frame('all', [order(2)], 3));
    expect(await page.textContent('#shown')).toBe('5');
    expect(await page.getAttribute('#live-state', 'data-cursor')).toBe('aaaa.5');
    expect(await rows()).toHaveLength(2);
  });

  test('tell of a new order that the filter hides, once, and lead to it', async () => {
    await openTable('en_cours', [order(1, 2, 'en_cours')]);
    const news = frame('en_cours', [order(2)], 1);
    await apply(news, news, frame('en_cours', [order(3)], 2));
    expect(await rows()).toEqual(['1 v2 en_cours']);
    expect(await page.title()).toBe('(2) Commandes');
    expect(await page.textContent('#toasts')).toContain('2 nouvelles commandes');
    expect(await page.textContent('#waiting-pill')).toBe('+2 hors filtre');
    await apply(frame('en_cours', [order(2, 2, 'en_cours')], 3));
    expect(await rows()).toEqual(['2 v2 en_cours', '1 v2 en_cours']);
    expect(await page.title()).toBe('(2) Commandes');
  });

  test('are marked when they leave the filter, and never inserted only to be marked', async () => {
    await openTable('en_attente', [order(2), order(1)]);
    await apply(frame('en_attente', [order(2, 2, 'en_cours'), order(9, 2, 'en_cours')], 1));
    expect(await rows()).toEqual(['2 v2 en_cours left', '1 v1 en_attente']);
    await apply(frame('en_attente', [order(9, 1)], 1));
    expect(await rows()).toHaveLength(2);
  });

  test('do not take in what belongs on an older or a newer page', async () => {
    await openTable('all', [order(20), order(10)], { before: '30', next: '10' });
    await apply(frame('all', [order(5, 2, 'en_cours'), order(15, 2, 'en_cours'), order(31)], 1));
    expect(await rows()).toEqual(['20 v1 en_attente', '15 v2 en_cours', '10 v1 en_attente']);
    expect(await page.textContent('#waiting-pill')).toBe('1 nouvelle commande ↑');
  });

  test('wait behind a pill while the mouse is at work in the table, and come in when it has left', async () => {
    await openTable('all', [order(2), order(1)]);
    await page.hover('#order-2');
    await apply(frame('all', [order(3)], 1), frame('all', [order(4)], 2), frame('all', [order(3, 2, 'en_cours')], 3));
    expect(await rows()).toEqual(['2 v1 en_attente', '1 v1 en_attente']);
    expect(await page.textContent('#waiting-pill')).toBe('2 nouvelles commandes ↑');
    await page.mouse.move(1000, 700);
    await page.locator('#order-4').waitFor();
    expect(await rows()).toEqual(['4 v1 en_attente', '3 v2 en_cours', '2 v1 en_attente', '1 v1 en_attente']);
    expect(await page.isVisible('#waiting-pill')).toBe(false);
  });

  test('count an order no longer that left the filter while it waited', async () => {
    await openTable('en_attente', [order(1)]);
    await page.hover('#order-1');
    await apply(frame('en_attente', [order(2)], 1));
    expect(await page.title()).toBe('(1) Commandes');
    await apply(frame('en_attente', [order(2, 2, 'en_cours')], 2));
    expect(await page.title()).toBe('Commandes');
    expect(await page.isVisible('#waiting-pill')).toBe(false);
    expect(await rows()).toEqual(['1 v1 en_attente']);
  });

  test('wait while the admin has scrolled down, and come in by the pill', async () => {
    await openTable(
      'all',
      Array.from({ length: 60 }, (_, index) => order(60 - index)),
    );
    await page.evaluate('window.scrollTo(0, 900)');
    await apply(frame('all', [order(61)], 1));
    expect(await rows()).toHaveLength(60);
    await page.evaluate(`document.getElementById('waiting-pill').click()`);
    expect((await rows())[0]).toBe('61 v1 en_attente');
    expect(await page.evaluate('window.scrollY')).toBe(0);
  });

  test('keep the focus when a row is replaced, on the part that had it', async () => {
    await openTable('all', [order(1)]);
    await page.focus('#order-1 [data-part="next"]');
    await apply(frame('all', [order(1, 2, 'en_cours')], 1));
    expect(await page.evaluate(`document.activeElement.closest('tr').id + document.activeElement.dataset.part`)).toBe(
      'order-1next',
    );
    await apply(frame('all', [order(1, 3, 'terminee')], 2));
    expect(await page.evaluate(`document.activeElement.dataset.part`)).toBe('number');
  });

  test('refuse a click that was meant for what stood there before', async () => {
    await openTable('all', [order(1)]);
    await page.evaluate(
      `document.addEventListener('submit', (event) => { event.preventDefault(); window.sent = (window.sent ?? 0) + 1; })`,
    );
    await page.hover('#order-1 [data-part="next"]');
    await apply(frame('all', [order(1, 2, 'en_cours')], 1));
    expect(await page.getAttribute('#order-1 [data-part="next"]', 'aria-disabled')).toBe('true');
    await page.mouse.down();
    await page.mouse.up();
    expect(await page.evaluate('window.sent')).toBeUndefined();
  });

  test('show what a person typed as text, and give htmx nothing of it to act on', async () => {
    const name = `<img src=x onerror=alert(1)> <hx-partial hx-target="body">x</hx-partial> " hx-get="/x`;
    await openTable('all', []);
    await apply(frame('all', [order(1, 1, 'en_attente', name)], 1));
    expect(await page.textContent('#order-1 .order-customer')).toBe(name);
    expect(await page.locator('#order-1 img, #order-1 hx-partial, #order-1 [hx-get]').count()).toBe(0);
  });

  test('forget the first page’s oldest when it grows all day, and lead to them', async () => {
    await openTable(
      'all',
      Array.from({ length: 50 }, (_, index) => order(50 - index)),
    );
    for (let id = 51; id <= 250; id += 50) {
      await apply(
        frame(
          'all',
          Array.from({ length: 50 }, (_, index) => order(id + index)),
          id,
        ),
      );
    }
    const all = await rows();
    expect(all).toHaveLength(200);
    expect(all.at(-1)).toBe('51 v1 en_attente');
    expect(await page.getAttribute('#order-rows', 'data-next')).toBe('51');
  });
});

describe('the rows of a filtered table', () => {
  beforeEach(() => page.mouse.move(0, 0));
  /** Of another time than the orders of the other tests: rows are drawn once for each state of an order. */
  const changedAt = '2026-11-22T14:02:01.000Z';
  const zoe = (id: number, version = 1) => ({ ...order(id, version, 'en_attente', 'Camille Zoé'), changedAt });

  test('take in what matches, and count what does not beside it', async () => {
    await openTable('all', [zoe(3)], { filter: { q: 'zoe', from: '2026-11-22', to: '2026-11-22', minCents: 1900 } });
    await apply(frame('all', [zoe(5), order(6), order(7)], 1));
    expect(await page.textContent('#waiting-pill')).toBe('+2 hors filtre');
    expect(await rows()).toEqual(['5 v1 en_attente', '3 v1 en_attente']);
    expect(await page.title()).toBe('(3) Commandes');
    await page.hover('#order-5');
    await apply(
      frame('all', [zoe(8), { ...zoe(9), totalCents: 1899 }, { ...zoe(10), placedAt: '2026-11-22T23:00:00.000Z' }], 2),
    );
    expect(await page.textContent('#waiting-pill')).toBe('1 nouvelle commande ↑ · +4 hors filtre');
    await page.mouse.move(1000, 700);
    await page.locator('#order-8').waitFor();
    expect(await rows()).toEqual(['8 v1 en_attente', '5 v1 en_attente', '3 v1 en_attente']);
    expect(await page.textContent('#waiting-pill')).toBe('+4 hors filtre');
  });

  test('are marked once they match no more, until the page is asked for anew', async () => {
    await openTable('all', [zoe(2), zoe(1)], { filter: { q: 'zoé', claim: 'free' } });
    await apply(
      frame('all', [{ ...zoe(2, 2), claim: { byId: 1, by: 'Marie', since: '2026-11-22T14:03:00.000Z' } }], 1),
    );
    expect(await rows()).toEqual(['2 v2 en_attente left', '1 v1 en_attente']);
    expect(await page.isVisible('#order-2 .order-left')).toBe(true);
    const answer = renderOrderRow(zoe(1), 'all', true, FORMAT);
    await apply(
      `<hx-partial hx-target="#order-rows" hx-swap="all-rows"><tbody data-cursor="aaaa.2" data-next="">${answer}</tbody></hx-partial>`,
    );
    expect(await rows()).toEqual(['1 v1 en_attente']);
  });

  test('tell nobody of an order as new that was there before the page, though the filter never showed it', async () => {
    await openTable('all', [zoe(3)], { newest: '90', filter: { q: 'zoe' } });
    await apply(frame('all', [order(80, 2, 'en_cours')], 1));
    expect(await page.isVisible('#waiting-pill')).toBe(false);
    await apply(frame('all', [order(91, 2, 'en_cours')], 2));
    expect(await page.textContent('#waiting-pill')).toBe('+1 hors filtre');
  });

  test('are what the tables say when the page is asked for, whatever this page thinks of them', async () => {
    await openTable('all', [], { filter: { q: 'zoe' } });
    const answer = renderOrderRow(order(4), 'all', true, FORMAT);
    await apply(
      `<hx-partial hx-target="#order-rows" hx-swap="all-rows"><tbody data-cursor="aaaa.2" data-next="">${answer}</tbody></hx-partial>`,
    );
    expect(await rows()).toEqual(['4 v1 en_attente']);
  });
});

describe('rows that went missing', () => {
  const cursor = () => page.getAttribute('#live-state', 'data-cursor');
  const missing = (seq: number) => frame('all', [], seq).replace('<p ', '<p data-omitted="1" ');
  const allRows = (orders: AdminOrder[], seq: number) => {
    const rows = orders.map((one) => renderOrderRow(one, 'all', true, FORMAT)).join('');
    const body = `<tbody data-cursor="aaaa.${seq}" data-next="">${rows}</tbody>`;
    return `<hx-partial hx-target="#order-rows" hx-swap="all-rows">${body}</hx-partial>${frame('all', [], seq)}`;
  };

  test('while an answer was on its way, are asked for again: that answer does not hold them', async () => {
    const asked: { url: URL; answer: (html: string) => Promise<void> }[] = [];
    await page.route('http://desk.test/**', (route) => {
      const url = new URL(route.request().url());
      const answer = (body: string) => route.fulfill({ contentType: 'text/html', body });
      if (url.pathname === '/') return answer(tableHtml('all', [order(1)]));
      asked.push({ url, answer });
      return undefined;
    });
    await page.goto('http://desk.test/');
    await page.addScriptTag({ path: script, type: 'module' });
    await page.waitForFunction('window.htmx');
    await apply(missing(2));
    await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(1);
    await apply(missing(5));
    await asked[0]!.answer(allRows([order(2), order(1)], 2));
    await expect.poll(rows).toEqual(['2 v1 en_attente', '1 v1 en_attente']);
    // Past what it lacks no frame may lead it: polls ask for what comes after the cursor.
    await apply(frame('all', [order(6)], 6));
    expect(await cursor()).toBe('aaaa.2');
    await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(2);
    expect(asked[1]!.url.searchParams.has('after')).toBe(false);
    await asked[1]!.answer(
      allRows(
        [6, 5, 4, 3, 2, 1].map((id) => order(id)),
        6,
      ),
    );
    await expect.poll(cursor).toBe('aaaa.6');
    expect(await rows()).toHaveLength(6);
    await page.unroute('http://desk.test/**');
  });
});

test('an order that is as old as the day is not told again when it changes in the evening', async () => {
  await openTable('en_attente', []);
  const placedElsewhere = Array.from({ length: 5_100 }, (_, index) => order(index + 1));
  const counts = { en_attente: 0, en_cours: 0, terminee: 0, annulee: 0 };
  await apply(
    renderLiveUpdate({ view: 'en_attente', rows: [], omitted: 0, placedElsewhere, counts, cursor: 'aaaa.1' }, FORMAT),
  );
  await apply(frame('en_attente', [order(60, 2), order(5_101, 2)], 2));
  expect(await rows()).toEqual(['5101 v2 en_attente', '60 v2 en_attente']);
  expect(await page.getAttribute('#order-5101', 'data-unseen')).toBe('');
  expect(await page.getAttribute('#order-60', 'data-unseen')).toBeNull();
});

test('a frame is one line, whatever was typed', () => {
  const odd = order(1, 1, 'en_attente', 'a\nb\rc\u2028d');
  expect(frame('all', [odd], 1)).not.toMatch(/[\n\r]/);
});

test('toasts go by themselves, errors later than the rest, and at once when they are sent away', async () => {
  await openTable('all', []);
  await page.clock.install();
  await page.evaluate(`for (const kind of ['done', 'error', 'error'])
    toasts.append(Object.assign(document.createElement('p'), { className: 'toast toast-' + kind, textContent: kind }))`);
  const left = () => page.locator('.toast').allTextContents();
  expect(await left()).toEqual(['done', 'error×', 'error×']);
  await page.locator('.toast-close').first().click();
  expect(await left()).toEqual(['done', 'error×']);
  await page.clock.fastForward(9_000);
  expect(await left()).toEqual(['error×']);
  await page.clock.fastForward(21_000);
  expect(await left()).toEqual([]);
});

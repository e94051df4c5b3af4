import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAdmin, type TestSystem } from '../../scripts/testing/system.ts';
import { changeStatus, freshnessIs, LONG, openDesk, placeOrder, row, signedIn, startDesk } from './desk-window.ts';

let system: TestSystem;
let browser: Browser;
/** Session of the first admin, «admin». */
let session: string;
/** Session of the second one. */
let marie: string;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  ({ system, browser, session } = await startDesk());
  const credentials = { email: 'marie@msp.example', password: 'a password of Marie’s' };
  await createAdmin(system.db, { ...credentials, name: 'Marie' });
  marie = await system.signIn(credentials);
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});

async function contextOf(who = session, options: Parameters<typeof signedIn>[2] = {}): Promise<BrowserContext> {
  const context = await signedIn(browser, system, options, who);
  contexts.push(context);
  return context;
}

const open = async (path?: string, who?: string) => openDesk(await contextOf(who), system, path);
const part = (number: string, name: string) => `${row(number)} [data-part="${name}"]:not([aria-disabled])`;
const statusOf = async (number: string) =>
  (await system.db.query<{ status: string }>('select status from orders where number = ?', [number]))[0]!.status;
const placeMany = async (count: number) => {
  const numbers: string[] = [];
  for (let i = 0; i < count; i += 1) numbers.push((await placeOrder(system)).number);
  return numbers;
};
const picked = (page: Page) =>
  page.$$eval('#order-rows > tr:has([data-part="pick"]:checked)', (rows) =>
    rows.map((element) => element.getAttribute('data-number')),
  );

describe('who is on an order', () => {
  test('shows in every open table, can be taken over and let go, and narrows what one sees', async () => {
    const [number, other] = (await placeMany(2)) as [string, string];
    const mine = await open();
    const hers = await open('/admin/orders?claim=free', marie);
    await hers.waitForSelector(row(number));
    await mine.click(part(number, 'claim'));
    await mine.waitForSelector(`${row(number)}[data-mine]`);
    expect(await mine.textContent(`${row(number)} .order-claim`)).toMatch(/Vous.*Libérer/);
    await expect.poll(() => mine.textContent('#toasts'), LONG).toContain('vous vous en occupez');
    // No longer free: it stays where it was, marked.
    await hers.waitForSelector(`${row(number)}[data-left]`);
    expect(await hers.textContent(`${row(number)} .order-claim`)).toMatch(/admin.*Reprendre/);

    await hers.click(part(number, 'claim'));
    await hers.waitForSelector(`${row(number)}[data-mine]`);
    await mine.waitForSelector(`${row(number)}:not([data-mine])`);
    expect(await mine.textContent(`${row(number)} .order-claim`)).toMatch(/Marie.*Reprendre/);
    await mine.click('.claim-tabs >> text=Aux autres');
    await mine.waitForSelector(row(number));
    expect(await mine.locator(row(other)).count()).toBe(0);

    await hers.click(part(number, 'claim'));
    await mine.waitForSelector(`${row(number)}[data-left]`);
    expect(await mine.textContent(`${row(number)} .order-claim`)).toMatch(/^Prendre/);
  });

  test('is told to somebody who reaches for it too late, with the way to take it over', async () => {
    const { number } = await placeOrder(system);
    const page = await (await contextOf()).newPage();
    // This window hears of nothing after it was opened, as if it were behind a bad line.
    await page.route('**/live/**', (route) => route.abort());
    await page.route('**/orders/rows?*', (route) => route.abort());
    await page.goto(`${system.webUrl}/admin/orders`);
    await claimByProgram(number);
    await page.click(part(number, 'claim'));
    await expect.poll(() => page.textContent('.toast-error p'), LONG).toMatch(/^Marie a pris cette commande /);
    await page.click('.toast-error >> text=Reprendre');
    await page.waitForSelector(`${row(number)}[data-mine]`);
    expect(await page.locator('.toast-error').count()).toBe(0);
  });

  test('is kept by the page that took it, also after it has gone elsewhere, and not by another one', async () => {
    const { number } = await placeOrder(system);
    const page = await open();
    await page.click(part(number, 'claim'));
    await page.waitForSelector(`${row(number)}[data-mine]`);
    const asked = (on: Page) => on.waitForRequest((request) => request.url().endsWith('/admin/claims'));
    const [renewal] = await Promise.all([asked(page), page.goto(`${system.webUrl}/admin`)]);
    expect(renewal.postData()).toBe(`numbers=${number}`);
    // Nothing there to be renewed: another tab of the same admin, and another admin.
    const asking: string[] = [];
    for (const [session, path] of [
      [undefined, '/admin/orders'],
      [marie, `/admin/orders/${number}`],
    ] as const) {
      const elsewhere = await (await contextOf(session)).newPage();
      elsewhere.on('request', (request) => asking.push(request.url()));
      await elsewhere.goto(system.webUrl + path);
      await freshnessIs(elsewhere, 'live');
    }
    expect(asking.filter((url) => url.endsWith('/admin/claims'))).toEqual([]);
    // The order's own page renews what stands on it.
    const own = await (await contextOf()).newPage();
    await Promise.all([asked(own), own.goto(`${system.webUrl}/admin/orders/${number}`)]);
  });
});

describe('a change of status', () => {
  test('comes with the way back, and takes it', async () => {
    const { number } = await placeOrder(system);
    const page = await open();
    const hers = await open('/admin/orders', marie);
    await page.click(part(number, 'next'));
    const toast = page.locator('.toast-done', { hasText: `${number} : En cours` });
    await toast.locator('button').click();
    await page.waitForSelector(`${row(number)}[data-status="en_attente"]`);
    await hers.waitForSelector(`${row(number)}[data-status="en_attente"][data-version="3"]`);
    await expect.poll(() => page.textContent('#toasts'), LONG).toContain('de nouveau En attente');
    expect(await toast.count()).toBe(0);
  });

  test('that comes too late is told who was faster, and what can still be done', async () => {
    const { number } = await placeOrder(system);
    const page = await (await contextOf()).newPage();
    await page.route('**/live/**', (route) => route.abort());
    await page.route('**/orders/rows?*', (route) => route.abort());
    await page.goto(`${system.webUrl}/admin/orders`);
    await changeStatus(system, marie, number, 'en_cours');
    await page.click(part(number, 'cancel'));
    await page.click('dialog button[value="yes"]');
    await expect
      .poll(() => page.textContent('.toast-error p'), LONG)
      .toMatch(/^Marie a passé cette commande En cours (il y a \d+\ss|à l’instant)\.$/);
    await page.click('.toast-error >> text=Terminer');
    await page.waitForSelector(`${row(number)}[data-status="terminee"]`);
  });

  test('is answered in words also when the stream has replaced its row before', async () => {
    const { number } = await placeOrder(system);
    const page = await open();
    await page.route('**/status', async (route) => {
      const response = await route.fetch();
      await page.waitForSelector(`${row(number)}[data-status="en_cours"]`);
      await route.fulfill({ response });
    });
    await page.click(part(number, 'next'));
    await page.locator('.toast-done', { hasText: number }).waitFor();
  });
});

describe('many orders at once', () => {
  test('are picked by box, with shift from one to the other, and all in view; what comes and goes leaves the rest', async () => {
    const numbers = await placeMany(5);
    const page = await open();
    await page.click(part(numbers[4]!, 'pick'));
    await page.click(part(numbers[1]!, 'pick'), { modifiers: ['Shift'] });
    expect(await picked(page)).toEqual(numbers.slice(1).reverse());
    expect(await page.textContent('#bulk-count')).toBe('4 sélectionnées');
    await page.click(part(numbers[2]!, 'pick'));
    // Another admin works on one of them: the row is another, and picked still.
    await changeStatus(system, marie, numbers[3]!, 'en_cours');
    await page.waitForSelector(`${row(numbers[3]!)}[data-status="en_cours"]`);
    expect(await picked(page)).toEqual([numbers[4], numbers[3], numbers[1]]);
    expect(await page.getAttribute('#bulk-print', 'href')).toBe(
      `/admin/orders/print?number=${numbers[4]}&number=${numbers[3]}&number=${numbers[1]}`,
    );
    expect(await page.getAttribute('#bulk-export', 'href')).toMatch(/^\/admin\/orders\.csv\?number=/);
    await page.click('#pick-all');
    expect(await picked(page)).toHaveLength(await page.locator('#order-rows > tr').count());
    await page.click('#bulk-none');
    expect(await picked(page)).toEqual([]);
    expect(await page.isVisible('#bulk')).toBe(false);
  });

  test('are changed one by one, with a result for each, and what was refused stays picked', async () => {
    const numbers = await placeMany(12);
    const page = await open();
    await page.waitForSelector(row(numbers[11]!));
    await page.click(part(numbers[0]!, 'pick'));
    await page.click(part(numbers[11]!, 'pick'), { modifiers: ['Shift'] });
    await changeStatus(system, marie, numbers[3]!, 'en_cours');
    await page.waitForSelector(`${row(numbers[3]!)}[data-status="en_cours"]`);
    await page.click('#bulk button[value="en_cours"]');
    await expect.poll(() => page.textContent('#bulk-summary'), LONG).toBe('11 commandes modifiées, 1 refusée');
    expect(await page.locator('#bulk-results > li').count()).toBe(12);
    expect(await page.textContent('#bulk-results > [data-result="failed"]')).toContain(numbers[3]);
    expect(await picked(page)).toEqual([numbers[3]]);
    for (const number of numbers) expect(await statusOf(number)).toBe('en_cours');

    // The way back is a key, too, and leaves alone what was not done here.
    await page.keyboard.press('z');
    await expect.poll(() => page.textContent('#bulk-summary'), LONG).toBe('11 commandes modifiées');
    expect(await page.isVisible('#bulk-undo')).toBe(false);
    for (const number of numbers)
      expect(await statusOf(number)).toBe(number === numbers[3] ? 'en_cours' : 'en_attente');

    await page.click('#bulk button[value="annulee"]');
    expect(await page.textContent('dialog[open]')).toContain('Annuler cette commande ?');
    await page.click('dialog button[value="yes"]');
    await page.waitForSelector(`${row(numbers[3]!)}[data-status="annulee"]`);
    expect(await statusOf(numbers[4]!)).toBe('en_attente');
  });

  test('works without JavaScript, with the question before a cancellation', async () => {
    const numbers = await placeMany(3);
    const page = await (await contextOf(undefined, { javaScriptEnabled: false })).newPage();
    await page.goto(`${system.webUrl}/admin/orders`);
    await page.click('#bulk button[value="en_cours"]');
    expect(await page.textContent('[role="alert"]')).toBe(
      'Sélectionnez d’abord des commandes, puis ce qu’il faut en faire.',
    );
    for (const number of numbers.slice(1)) await page.check(part(number, 'pick'));
    await page.click('#bulk button[value="annulee"]');
    expect(await page.textContent('h1')).toBe('Annuler ces commandes ?');
    await page.click('button[value="annulee"]');
    expect(await page.textContent('.bulk-page')).toContain('2 commandes modifiées');
    expect(await Promise.all(numbers.map(statusOf))).toEqual(['en_attente', 'annulee', 'annulee']);
    await page.click('text=Annuler ces changements');
    expect(await page.textContent('.bulk-page')).toContain('2 commandes modifiées');
    expect(await Promise.all(numbers.map(statusOf))).toEqual(['en_attente', 'en_attente', 'en_attente']);
    expect(await page.locator('text=Annuler ces changements').count()).toBe(0);
  });
});

describe('the page of an order', () => {
  test('follows what another admin does, and loses nothing that is being typed', async () => {
    const { number, token } = await placeOrder(system);
    const page = await open(`/admin/orders/${number}`);
    const hers = await open(`/admin/orders/${number}`, marie);
    await page.fill('#note-form textarea', 'Je suis en train d’écrire');
    await hers.click('.order-claimed button');
    await hers.fill('#note-form textarea', 'Client rappelé.\n<b>Il passe à 18 h</b>');
    await hers.click('#note-form button');
    await expect.poll(() => page.textContent('.timeline'), LONG).toContain('<b>Il passe à 18 h</b>');
    expect(await page.textContent('.order-claimed')).toContain('Marie s’en occupe');
    expect(await page.inputValue('#note-form textarea')).toBe('Je suis en train d’écrire');
    expect(await hers.inputValue('#note-form textarea')).toBe('');

    await page.click('.order-claimed >> text=Reprendre');
    await page.click('#order-detail button >> text=Passer en cours');
    await page.locator('.toast-undo button').waitFor();
    await page.keyboard.press('z');
    await expect.poll(() => hers.textContent('.timeline'), LONG).toContain('Changement annulé par admin');
    const timeline = await page.locator('.timeline > li').allTextContents();
    expect(timeline.map((text) => text.replace(/\d+ .* à \d\d:\d\d/, '…'))).toEqual([
      expect.stringMatching(/En attente… · Commande passée/),
      expect.stringMatching(/Prise en charge… · par Marie/),
      expect.stringMatching(/Note… · par Marie/),
      expect.stringMatching(/Reprise… · par admin à Marie/),
      expect.stringMatching(/En attente → .*En cours… · par admin/),
      expect.stringMatching(/En cours → .*En attente… · Changement annulé par admin/),
    ]);
    expect(await page.getAttribute('.order-links >> text=Page du client', 'href')).toBe(`/orders/${token}`);
    await page.click('.order-links >> text=Page du client');
    expect(await page.content()).not.toMatch(/rappelé|Marie|admin/);
  });

  test('takes a slip back without JavaScript', async () => {
    const { number } = await placeOrder(system);
    const page = await (await contextOf(undefined, { javaScriptEnabled: false })).newPage();
    await page.goto(`${system.webUrl}/admin/orders/${number}`);
    await page.click('text=Passer en cours');
    await page.click('.timeline-undo button');
    expect(await page.textContent('[role="alert"]')).toBe(`${number} : de nouveau En attente`);
    expect(await statusOf(number)).toBe('en_attente');
    expect(await page.locator('.timeline-undo').count()).toBe(0);
  });

  test('takes a note without JavaScript, and says what is wrong with one', async () => {
    const { number } = await placeOrder(system);
    const page = await (await contextOf(undefined, { javaScriptEnabled: false })).newPage();
    await page.goto(`${system.webUrl}/admin/orders/${number}`);
    await page.fill('#note-form textarea', 'Sans script');
    await page.click('#note-form button');
    expect(await page.textContent('[role="alert"]')).toBe('Note ajoutée');
    expect(await page.textContent('.timeline-note')).toBe('Sans script');
    await page.fill('#note-form textarea', '   ');
    await page.click('#note-form button');
    expect(await page.textContent('#note-error')).toBe('Écrivez d’abord la note.');
  });
});

async function claimByProgram(number: string): Promise<void> {
  const response = await fetch(`${system.ordersUrls[0]}/orders/${number}/claim`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${marie}` },
    body: '{}',
  });
  expect(response.status).toBe(200);
}

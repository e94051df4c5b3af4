import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { startProcess, type TestProcess } from '../../scripts/testing/process.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { addToCart, confirmButton, fillIn, newShopper, ORDER_URL, openDialog } from './shopper.ts';

/** How the way from web to orders fails: the order goes through, and its answer does not come back. */
let answersToLose = 0;
let posts = 0;
let wire: Server;
let system: TestSystem;
let web: TestProcess;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  const orders = new URL(system.ordersUrls[0]!);
  wire = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request({ host: orders.hostname, port: orders.port, method, path: url, headers }, (answer) => {
      const isOrder = method === 'POST' && url === '/orders';
      if (isOrder) posts += 1;
      if (isOrder && answersToLose > 0) {
        answersToLose -= 1;
        answer.resume().on('end', () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => wire.once('listening', resolve));
  web = await startProcess('web', {
    ORDERS_URL: `http://127.0.0.1:${(wire.address() as AddressInfo).port}`,
    NOTIFIER_URL: system.notifierUrls[0]!,
  });
});

afterAll(() => {
  wire.close();
  wire.closeAllConnections();
});

async function countOrders(email: string): Promise<number> {
  const [row] = await system.db.query<{ n: number }>('select count(*) n from orders where email = ?', [email]);
  return Number(row?.n);
}

test('an answer that is lost on the way is asked for again, and the shopper notices nothing', async () => {
  const { page, close } = await newShopper(browser, web.url);
  await addToCart(page, 'Carte cadeau');
  await openDialog(page);
  await fillIn(page, 'Réponse Perdue', 'perdue@exemple.fr');
  posts = 0;
  answersToLose = 2;
  await confirmButton(page).click();
  await page.waitForURL(ORDER_URL);
  expect(posts).toBe(3);
  expect(await countOrders('perdue@exemple.fr')).toBe(1);
  await close();
});

test('without any answer the same form is shown again, and sending it again is still one order', async () => {
  const { page, close } = await newShopper(browser, web.url);
  await addToCart(page, 'Carte cadeau');
  await openDialog(page);
  await fillIn(page, 'Rien du Tout', 'rien@exemple.fr');
  const key = await page.locator('input[name=key]').inputValue();
  answersToLose = Number.POSITIVE_INFINITY;
  await confirmButton(page).click();
  const alert = page.getByRole('alert').filter({ hasText: 'ne peut jamais commander deux fois' }).first();
  await page.getByText('Pas encore de réponse').waitFor();
  expect(await alert.isVisible()).toBe(true);
  expect(await page.locator('input[name=key]').inputValue()).toBe(key);
  expect(await page.getByLabel('Nom complet').inputValue()).toBe('Rien du Tout');

  // Even a form that is closed and opened anew carries on with the order whose fate is unknown.
  await page.keyboard.press('Escape');
  await openDialog(page);
  expect(await page.locator('input[name=key]').inputValue()).toBe(key);
  await fillIn(page, 'Rien du Tout', 'rien@exemple.fr');
  answersToLose = 0;
  await confirmButton(page).click();
  await page.waitForURL(ORDER_URL);
  expect(await countOrders('rien@exemple.fr')).toBe(1);
  await close();
});

test('with the way to the orders service cut, pages say so and nothing breaks', async () => {
  const cut = await startProcess(
    'web',
    { ORDERS_URL: 'http://127.0.0.1:9', NOTIFIER_URL: 'http://127.0.0.1:9' },
    { until: 'listening' },
  );
  const page = await fetch(cut.url, { headers: { Accept: 'text/html' } });
  expect(page.status).toBe(503);
  expect(page.headers.get('retry-after')).toBe('5');
  expect(await page.text()).toContain('Indisponible un instant');
  const program = await fetch(cut.url, { headers: { Accept: 'application/json' } });
  expect(await program.json()).toMatchObject({ status: 503, code: 'unavailable' });
  expect((await fetch(`${cut.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${cut.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${cut.url}/live/orders`)).status).toBe(503);
});

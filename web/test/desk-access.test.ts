import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { trustHops } from '../../shared/process/client-address.ts';
import { deskPath } from '../admin/same-site-path.ts';
import { ordersClient } from '../orders-client.ts';
import { buildApp } from './build-app.ts';

let system: TestSystem;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
});

describe('without a session', () => {
  test('every route of the desk but the sign-in answers nothing of itself', async () => {
    const app = await buildApp();
    const routes = app.routes.filter(({ path, method }) => path.startsWith('/admin') && method !== 'ALL');
    expect(routes.length).toBeGreaterThan(6);
    for (const { method, path } of [...routes, { method: 'GET', path: '/admin/nothing/here' }]) {
      if (path === '/admin/login') continue;
      const url = path.replace(':number', 'CMD-20261122-ABC123');
      const headers = { Host: 'shop.test', 'Sec-Fetch-Site': 'same-origin' };
      const asked = (accept: string, more: Record<string, string> = {}) =>
        app.request(`http://shop.test${url}`, { method, headers: { ...headers, Accept: accept, ...more } });

      const page = await asked('text/html');
      expect([method, url, page.status]).toEqual([method, url, 303]);
      expect(page.headers.get('Location')).toMatch(/^\/admin\/login/);
      expect(page.headers.get('Cache-Control')).toBe('no-store');

      const part = await asked('text/html', {
        'HX-Request': 'true',
        'HX-Current-URL': 'http://shop.test/admin/orders',
      });
      expect(part.status).toBe(401);
      expect(part.headers.get('HX-Redirect')).toBe('/admin/login?next=%2Fadmin%2Forders');
      expect(await part.text()).toBe('');

      const program = await asked('application/json');
      expect(program.status).toBe(401);
      expect(await program.json()).toMatchObject({ code: 'unauthenticated' });
    }
  });

  test('a made-up or forged cookie is no session', async () => {
    const token = await system.signIn();
    for (const session of ['x', `${token.slice(0, -2)}AA`, '%00', 'a'.repeat(3000)]) {
      const response = await fetch(`${system.webUrl}/admin/orders`, {
        headers: { Accept: 'text/html', Cookie: `msp_session=${session}` },
        redirect: 'manual',
      });
      expect(response.status).toBe(303);
    }
  });
});

describe('signing in', () => {
  test('leads to where one wanted to go, by a cookie that no script can read', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${system.webUrl}/admin/orders?view=en_cours`);
    expect(new URL(page.url()).pathname).toBe('/admin/login');
    await page.fill('#email', system.admin.email);
    await page.fill('#password', system.admin.password);
    await page.click('.sign-in button');
    await page.waitForURL('**/admin/orders?view=en_cours');
    expect(await page.textContent('h1')).toContain('Gestion des Commandes');
    const cookie = (await page.context().cookies()).find(({ name }) => name === 'msp_session');
    expect(cookie).toMatchObject({ name: 'msp_session', httpOnly: true, sameSite: 'Lax', path: '/' });
    const hours = ((cookie?.expires ?? 0) - Date.now() / 1000) / 3600;
    expect(hours).toBeGreaterThan(11.9);
    expect(hours).toBeLessThan(12.1);
  });

  test('keeps the email and says what is wrong, without saying which', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${system.webUrl}/admin/login`);
    await page.fill('#email', system.admin.email);
    await page.fill('#password', 'wrong');
    await page.click('.sign-in button');
    expect(await page.textContent('[role="alert"]')).toContain('ne vont pas ensemble');
    expect(await page.inputValue('#email')).toBe(system.admin.email);
    expect(await page.inputValue('#password')).toBe('');
    expect(await page.getAttribute('#password', 'aria-invalid')).toBe('true');
  });

  test('ends with signing out: the same cookie opens nothing any more', async () => {
    const context = await browser.newContext();
    const session = await system.signIn();
    await context.addCookies([{ name: 'msp_session', value: session, url: system.webUrl }]);
    const page = await context.newPage();
    await page.goto(`${system.webUrl}/admin`);
    await page.click('text=Se déconnecter');
    await page.waitForURL('**/admin/login');
    expect(await context.cookies()).toEqual([]);
    const again = await fetch(`${system.webUrl}/admin`, {
      headers: { Accept: 'text/html', Cookie: `msp_session=${session}` },
      redirect: 'manual',
    });
    expect(again.status).toBe(303);
  });

  test('over HTTPS the cookie is Secure and bound to the host', async () => {
    const behindGateway = await buildApp({
      trustsProxy: trustHops(1),
      orders: ordersClient(system.ordersUrls[0] as string),
    });
    const response = await behindGateway.request('https://shop.test/admin/login', {
      method: 'POST',
      headers: {
        'X-Forwarded-Proto': 'https',
        'Sec-Fetch-Site': 'same-origin',
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ ...system.admin, next: 'https://evil.example/' }).toString(),
    });
    expect(response.status).toBe(303);
    expect(response.headers.get('Location')).toBe('/admin');
    const cookies = response.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(['__Host-msp_device', '__Host-msp_session']);
    for (const cookie of cookies) expect(cookie).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });
});

test('the way back after signing in never leaves the desk', () => {
  expect(deskPath('/admin/orders?view=en_cours')).toBe('/admin/orders?view=en_cours');
  for (const text of [
    undefined,
    '',
    'https://evil.example/admin',
    '//evil.example/admin',
    '/\\evil.example',
    '/admin/../cart',
    '/administrator',
    '/admin/login?next=/admin',
    'javascript:alert(1)',
    '/\t/evil.example',
  ]) {
    expect(deskPath(text)).toBe('/admin');
  }
});

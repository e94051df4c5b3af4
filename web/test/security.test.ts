import fc from 'fast-check';
import type { Hono } from 'hono';
import { beforeAll, describe, expect, test } from 'vitest';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { trustHops } from '../../shared/process/client-address.ts';
import type { WebEnv } from '../deps.ts';
import { ordersClient } from '../orders-client.ts';
import { buildApp } from './build-app.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'ALL']);
const ORIGIN = 'http://shop.example';

let app: Hono<WebEnv>;
let system: TestSystem;

beforeAll(async () => {
  [app, system] = await Promise.all([buildApp(), startSystem()]);
});

/** Every route with an address that leads to it. */
function addresses(): { method: string; url: string }[] {
  const routes = app.routes.filter(({ method, path }) => method !== 'ALL' && !path.includes('*'));
  expect(routes.length).toBeGreaterThan(15);
  return routes.map(({ method, path }) => ({ method, url: ORIGIN + path.replace(/:\w+(?:\{[^}]*\})?/g, '1') }));
}

describe('every answer', () => {
  test('has the security headers, whatever the route and however it ends', async () => {
    const others = [
      { method: 'GET', url: `${ORIGIN}/nowhere` },
      { method: 'DELETE', url: `${ORIGIN}/cart` },
      { method: 'POST', url: `${ORIGIN}/checkout` },
    ];
    for (const { method, url } of [...addresses(), ...others]) {
      const response = await app.request(url, { method, headers: { Origin: ORIGIN, Host: 'shop.example' } });
      const what = `${method} ${url} ${response.status}`;
      const policy = response.headers.get('content-security-policy') ?? '';
      // With the orders service away, `unavailable` is the only error that is in order.
      expect(response.status < 500 || response.status === 503, what).toBe(true);
      expect(policy, what).toContain("default-src 'none'");
      expect(policy, what).toContain("script-src 'self'");
      expect(policy, what).toContain("frame-ancestors 'none'");
      expect(policy, what).not.toMatch(/unsafe|\*|https?:/);
      expect(response.headers.get('x-content-type-options'), what).toBe('nosniff');
      expect(response.headers.get('referrer-policy'), what).toBe('same-origin');
      expect(response.headers.get('cross-origin-opener-policy'), what).toBe('same-origin');
      expect(response.headers.get('cross-origin-resource-policy'), what).toBe('same-origin');
      expect(response.headers.get('permissions-policy'), what).toContain('camera=()');
      expect(response.headers.has('strict-transport-security'), what).toBe(false);
      const isHtml = response.headers.get('content-type')?.startsWith('text/html') ?? false;
      expect(response.headers.get('vary')?.includes('Accept-Encoding') ?? false, what).toBe(isHtml);
      expect(response.headers.get('cache-control'), what).toMatch(/no-store|no-cache/);
    }
  });

  test('says when to come back, where the service behind it is away, whoever asks', async () => {
    for (const accept of ['text/html', 'application/json']) {
      const { status, headers } = await app.request(`${ORIGIN}/`, { headers: { Accept: accept } });
      expect([accept, status, Number(headers.get('retry-after'))]).toEqual([accept, 503, 5]);
    }
  });

  test('is hardened further over HTTPS, which is believed of a trusted gateway alone', async () => {
    const https = { 'X-Forwarded-Proto': 'https' };
    const behindGateway = await buildApp({ trustsProxy: trustHops(1), orders: ordersClient(system.ordersUrls[0]!) });
    const add = (to: Hono<WebEnv>) =>
      to.request(`${ORIGIN}/cart/lines`, {
        method: 'POST',
        body: new URLSearchParams({ productId: '1' }),
        headers: { ...https, 'Sec-Fetch-Site': 'same-origin', Accept: 'text/html' },
      });
    const secure = await add(behindGateway);
    expect(secure.status).toBe(303);
    expect(secure.headers.get('strict-transport-security')).toContain('max-age=');
    expect(secure.headers.get('set-cookie')).toMatch(
      /^__Host-msp_cart=1x1; .*Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );

    const direct = await add(await buildApp({ orders: ordersClient(system.ordersUrls[0]!) }));
    expect(direct.headers.has('strict-transport-security')).toBe(false);
    expect(direct.headers.get('set-cookie')).toMatch(/^msp_cart=1x1; .*Path=\/; HttpOnly; SameSite=Lax$/);
  });

  test('is compressed as the browser takes it, and the same page whichever way', async () => {
    const inBytes = async (encodings: string, method = 'GET') => {
      const answer = await fetch(`${system.webUrl}/`, { method, headers: { 'Accept-Encoding': encodings } });
      const { headers } = answer;
      return {
        length: Number(headers.get('content-length')),
        by: headers.get('content-encoding'),
        text: await answer.text(),
      };
    };
    const plain = await inBytes('identity');
    expect(plain.by).toBeNull();
    for (const [encodings, by] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip, br;q=0', 'gzip'],
    ] as const) {
      const packed = await inBytes(encodings);
      expect(packed).toMatchObject({ by, text: plain.text });
      expect(packed.length).toBeLessThan(plain.length / 4);
      expect(await inBytes(encodings, 'HEAD')).toMatchObject({ by, text: '' });
    }
  });

  test('holds no inline script or style on any page of the shop', async () => {
    for (const path of ['/', '/cart', '/checkout', '/nowhere', '/admin/login']) {
      const page = await (await fetch(system.webUrl + path, { headers: { Accept: 'text/html' } })).text();
      expect(page, path).toContain('<!doctype html>');
      expect(page, path).not.toMatch(/<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|="js:/i);
      expect(page.match(/<script[^>]*>/g), path).toEqual([
        expect.stringMatching(/^<script type="module" src="\/static\//),
      ]);
    }
  });
});

describe('an unsafe request', () => {
  test('is refused on every route when it comes from another site, or from no browser at all', async () => {
    const unsafe = addresses().filter(({ method }) => !SAFE.has(method));
    expect(unsafe.length).toBeGreaterThanOrEqual(3);
    const foreign: Record<string, string>[] = [
      {},
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'same-site', Origin: 'http://sibling.shop.example' },
      { 'Sec-Fetch-Site': 'none' },
    ];
    for (const { method, url } of unsafe) {
      for (const headers of foreign) {
        for (const type of ['application/x-www-form-urlencoded', 'application/json', 'text/plain']) {
          const response = await app.request(url, {
            method,
            headers: { Host: 'shop.example', 'Content-Type': type, ...headers },
            body: 'a=1',
          });
          expect(response.status, `${method} ${url} ${JSON.stringify(headers)}`).toBe(403);
        }
      }
      const own = await app.request(url, { method, headers: { Host: 'shop.example', Origin: ORIGIN } });
      expect([302, 303, 400, 401, 404, 415, 422, 503], `${method} ${url} ${own.status}`).toContain(own.status);
    }
  });

  test('passes from a further origin that the settings name', async () => {
    const named = await buildApp({ publicOrigins: ['https://boutique.example'] });
    const headers = { Host: '10.0.0.1', Origin: 'https://boutique.example', 'Sec-Fetch-Site': 'same-origin' };
    const response = await named.request(`${ORIGIN}/cart/lines`, { method: 'POST', headers });
    expect(response.status).toBe(400);
  });
});

describe('hostile bodies', () => {
  const post = (path: string, body: RequestInit['body'], headers: Record<string, string> = {}) => {
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      body: body ?? null,
      // Needed for a body that is a stream.
      duplex: 'half',
      redirect: 'manual',
      headers: {
        Origin: system.webUrl,
        Accept: 'text/html',
        'Content-Type': 'application/x-www-form-urlencoded',
        ...headers,
      },
    };
    return fetch(system.webUrl + path, init);
  };
  const PATHS = ['/cart/lines', '/cart/lines/1', '/checkout', '/admin/login'];
  const KEY = '5f2b7f43-9b0c-4f0e-8a43-0d6a6c1f2b11';

  test('are answered with a refusal, never with an error of ours', async () => {
    const bodies: [string, Record<string, string>?][] = [
      [''],
      ['null', { 'Content-Type': 'application/json' }],
      ['{', { 'Content-Type': 'application/json' }],
      ['--x\r\n', { 'Content-Type': 'multipart/form-data; boundary=x' }],
      ['--x\r\n', { 'Content-Type': 'multipart/form-data' }],
      ['%', {}],
      ['productId=%00%ff&quantity=%E0%A4%A&key=%ZZ'],
      ['productId[]=1&productId=2'],
      ['productId=1e3&quantity=-1&step=9'],
      ['productId=99999999999999&quantity=99999999999'],
      [`key=${KEY}&lines=1x1at1`],
      [`key=${KEY}&lines=1x1at1250&name=%00&email=%F0%9F&phone=%0d%0a&notes=%ED%A0%80`],
      [`key=${KEY}&lines=2147483647x99at1000000&name=A&email=a@b.fr`],
      [`key=${KEY}&lines=1x1at1250&name=${'é'.repeat(121)}&email=${'a'.repeat(300)}@b.fr`],
      [Array.from({ length: 500 }, (_, index) => `f${index}=1`).join('&')],
    ];
    for (const path of PATHS) {
      for (const [body, headers] of bodies) {
        const response = await post(path, body, headers);
        expect(response.status, `${path} ${body.slice(0, 80)}`).toBeLessThan(500);
        expect(await response.text()).not.toMatch(/at \w+ \(|node_modules|select /i);
      }
    }
  });

  test('are answered so for whatever anybody can think of', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PATHS),
        fc.dictionary(
          fc.constantFrom('key', 'lines', 'name', 'email', 'phone', 'notes', 'productId', 'quantity', 'step'),
          fc.string({ unit: 'binary' }),
        ),
        async (path, fields) => {
          const form = new URLSearchParams(fields);
          const response = await post(path, form.toString());
          await response.arrayBuffer();
          expect(response.status).toBeLessThan(500);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('over 32 kB are too large, and whoever sent them is told in the form that suits them', async () => {
    const long = `notes=${'a'.repeat(40_000)}`;
    const page = await post('/checkout', long);
    expect(page.status).toBe(413);
    expect(await page.text()).toContain('Trop long');
    // Without a Content-Length nothing is announced: the bytes themselves count.
    const chunked = await post('/checkout', new Blob([long]).stream());
    expect(chunked.status).toBe(413);
    const part = await post('/checkout', long, { 'HX-Request': 'true' });
    expect(await part.text()).toMatch(/^<hx-partial hx-target="#toasts"/);
    const program = await post('/checkout', long, { Accept: 'application/json' });
    expect(program.headers.get('content-type')).toBe('application/problem+json');
    expect(await program.json()).toMatchObject({ code: 'too_large' });
  });

  test('and hostile addresses and cookies change nothing', async () => {
    for (const path of [
      '/%',
      '/%00',
      '/orders/%E0%A4%A',
      '/orders/..%2f..%2fetc',
      '/static/..%2f..%2fweb.js',
      '/cart?notice=%3Cb%3E&product=x',
      '/static/manifest.json/',
    ])
      expect((await fetch(system.webUrl + path, { headers: { Accept: 'text/html' } })).status, path).toBeLessThan(500);
    for (const cookie of [
      'msp_cart=%00',
      'msp_cart=1x1;msp_cart=<b>',
      `msp_orders=${'~.'.repeat(2000)}`,
      'msp_checkout=../../x',
      '%=%',
    ]) {
      const response = await fetch(`${system.webUrl}/cart`, { headers: { Accept: 'text/html', Cookie: cookie } });
      expect(response.status, cookie).toBe(200);
    }
  });
});

describe('a method that an address does not know', () => {
  test('is 405 with those it knows', async () => {
    const response = await fetch(`${system.webUrl}/checkout`, {
      method: 'DELETE',
      headers: { Origin: system.webUrl, Accept: 'text/html' },
    });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
  });
});

describe('static files', () => {
  test('with a hash in their name are kept for ever, others are asked about again', async () => {
    const page = await (await fetch(system.webUrl, { headers: { Accept: 'text/html' } })).text();
    const script = /src="(\/static\/shop-[^"]+\.js)"/.exec(page)![1]!;
    const hashed = await fetch(system.webUrl + script);
    expect(hashed.headers.get('cache-control')).toContain('immutable');
    expect(hashed.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const icon = await fetch(`${system.webUrl}/static/icon.svg`, { headers: { 'Accept-Encoding': 'identity' } });
    expect(icon.headers.get('cache-control')).not.toContain('immutable');
    const again = await fetch(`${system.webUrl}/static/icon.svg`, {
      headers: { 'Accept-Encoding': 'identity', 'If-None-Match': icon.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });
});

import type { Hono } from 'hono';
import { beforeAll, describe, expect, test } from 'vitest';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { WebEnv } from '../deps.ts';
import type { OrdersClient } from '../orders-client.ts';
import { buildApp } from './build-app.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'ALL']);
const HOST = 'shop.example:8443';

/** An orders service that cannot be reached, which is known at once. */
const absent = new Proxy({} as OrdersClient, {
  get: () => () => Promise.reject(new HttpProblem(503, 'unavailable')),
});

let app: Hono<WebEnv>;
let unsafe: { method: string; path: string }[];
beforeAll(async () => {
  app = await buildApp({ orders: absent });
  unsafe = app.routes
    .filter(({ method }) => !SAFE.has(method))
    .map(({ method, path }) => ({ method, path: path.replace(/:\w+(?:\{[^}]*\})?/g, '1') }));
});

/** What forms, fetch, sendBeacon and `<a ping>` can send without asking first, what they cannot, and nothing. */
const TYPES = [
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/ping',
  'application/json',
  'application/csp-report',
  undefined,
];

/** Each Origin, and whether it is our own where the browser says nothing better. */
const ORIGINS: [string | undefined, boolean][] = [
  [undefined, false],
  ['null', false],
  ['', false],
  ['https://evil.example', false],
  [`https://${HOST}`, true],
  [`http://${HOST}`, true],
  [`HTTPS://${HOST.toUpperCase()}`, false],
  ['https://shop.example', false],
  ['https://shop.example:443', false],
  [`https://www.${HOST}`, false],
  [`https://${HOST}.evil.example`, false],
  [`https://evil.example/${HOST}`, false],
  [`https://${HOST}/`, false],
  [`ftp://${HOST}`, false],
  [`https://${HOST}, https://evil.example`, false],
];

/** Each Sec-Fetch-Site, and whether it settles the question by itself. */
const SITES: [string | undefined, boolean | undefined][] = [
  [undefined, undefined],
  ['same-origin', true],
  ['same-site', false],
  ['cross-site', false],
  ['none', false],
  ['Same-Origin', false],
  ['', false],
];

describe('an unsafe request', () => {
  test('changes nothing on any route unless it comes from our own pages, whatever its type', async () => {
    expect(unsafe.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/checkout', '/admin/login', '/admin/logout']),
    );
    for (const { method, path } of unsafe) {
      for (const [origin, isOwn] of ORIGINS) {
        for (const [site, settles] of SITES) {
          const isLetIn = settles ?? isOwn;
          for (const type of TYPES) {
            const what = JSON.stringify({ method, path, origin, site, type });
            const headers = new Headers({ Host: HOST, Cookie: 'msp_session=x; msp_cart=1x1' });
            if (origin !== undefined) headers.set('Origin', origin);
            if (site !== undefined) headers.set('Sec-Fetch-Site', site);
            if (type !== undefined) headers.set('Content-Type', type);
            const response = await app.request(path, { method, headers, body: 'a=1' });
            if (isLetIn) expect(response.status, what).not.toBe(403);
            else {
              expect(response.status, what).toBe(403);
              expect(response.headers.getSetCookie(), what).toEqual([]);
            }
          }
        }
      }
    }
  });

  test('is not made of a safe one by a header or a field', async () => {
    for (const { method, path } of unsafe) {
      const response = await app.request(`${path}?_method=${method}`, {
        method: 'POST',
        headers: { Host: HOST, Origin: 'https://evil.example', 'X-HTTP-Method-Override': 'GET' },
        body: new URLSearchParams({ _method: 'GET' }),
      });
      expect(response.status, path).toBe(403);
    }
  });
});

test('no other site is told that it may read or send anything', async () => {
  for (const { method, path } of app.routes.filter(({ method }) => method !== 'ALL')) {
    const url = path.replace(/:\w+(?:\{[^}]*\})?/g, '1').replace('*', 'x');
    for (const asked of ['OPTIONS', 'GET']) {
      const response = await app.request(url, {
        method: asked,
        headers: {
          Host: HOST,
          Origin: 'https://evil.example',
          'Access-Control-Request-Method': method,
          'Access-Control-Request-Headers': 'content-type, idempotency-key',
        },
      });
      const allowed = [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
      expect([asked, url, allowed]).toEqual([asked, url, []]);
      if (asked === 'OPTIONS') expect([url, response.ok]).toEqual([url, false]);
    }
  }
});

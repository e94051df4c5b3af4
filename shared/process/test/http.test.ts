import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { call, NoAnswer } from '../http-client.ts';
import { HttpProblem, notFoundHandler, problemHandler } from '../http-problem.ts';
import { type HttpServer, listen } from '../http-server.ts';
import { createLogger } from '../log.ts';
import { originGuard } from '../origin-guard.ts';

let server: HttpServer;
let base: string;
let flaky = 0;

beforeEach(async () => {
  flaky = 0;
  const app = new Hono()
    .use(originGuard({ origins: ['https://shop.example'], programs: false }))
    .get('/', (c) => c.text('hello'))
    .get('/slow', async (c) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return c.text('late');
    })
    .get('/flaky', (c) => {
      flaky += 1;
      return flaky < 3 ? c.json({ code: 'overloaded' }, 503) : c.json({ tries: flaky });
    })
    .get('/broken', () => {
      throw new Error('SELECT secret FROM users');
    })
    .get('/busy', () => {
      throw new HttpProblem(503, 'overloaded', { retryAfterSeconds: 1 });
    })
    .post('/', async (c) => c.json(await c.req.json()))
    .notFound(notFoundHandler);
  app.onError(problemHandler(createLogger('test', 'silent')));
  server = await listen({ fetch: app.fetch, port: 0, host: '127.0.0.1' });
  base = `http://127.0.0.1:${server.port}`;
});
afterEach(() => server.close(100));

/** Sends bytes as they are and returns all that comes back until the server hangs up. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('the origin guard', () => {
  const post = (headers: Record<string, string>, type = 'application/json') =>
    call(`${base}/`, { method: 'POST', headers: { 'Content-Type': type, ...headers }, json: {}, deadlineMs: 5000 });

  test.each([
    ['the browser says it is the same origin', { 'Sec-Fetch-Site': 'same-origin' }],
    ['a browser without that header names this host', { Origin: 'HOST' }],
    ['the origin is configured', { Origin: 'https://shop.example', 'Sec-Fetch-Site': 'cross-site' }],
  ])('lets a request through when %s', async (_, headers) => {
    const own = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, v.replace('HOST', base)]));
    expect((await post(own)).status).toBe(200);
  });

  test.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a sibling site', { 'Sec-Fetch-Site': 'same-site' }],
    ['another origin', { Origin: 'https://evil.example' }],
    ['an opaque origin', { Origin: 'null' }],
    ['nobody knows where', {}],
  ])('refuses a request from %s, whatever its type', async (_, headers) => {
    for (const type of ['application/json', 'text/plain', 'text/ping', 'application/x-www-form-urlencoded']) {
      expect(await post(headers, type)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
  });

  test('does not stand in the way of reading', async () => {
    expect((await fetch(base, { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(200);
  });
});

describe('errors', () => {
  test('that nobody foresaw say nothing of their cause', async () => {
    const answer = await call(`${base}/broken`, { deadlineMs: 5000 });
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal', status: 500 } });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  test('of overload say when to come back', async () => {
    expect((await fetch(`${base}/busy`)).headers.get('retry-after')).toBe('1');
  });

  test('a body that is not JSON is the sender’s mistake', async () => {
    for (const body of ['{', '', '\u0000', 'undefined']) {
      const headers = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
      const response = await fetch(base, { method: 'POST', headers, body });
      expect(response.status, JSON.stringify(body)).toBe(400);
    }
  });
});

describe('the server', () => {
  test('refuses two Host headers', async () => {
    expect(await raw('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('refuses headers that are too large, and garbage', async () => {
    expect(await raw(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await raw('\u0000\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"validation"/);
  });

  test('hangs up on headers that never end', { timeout: 20_000 }, async () => {
    expect(await raw('GET / HTTP/1.1\r\nHost: a\r\nX: ')).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('lets a request in flight end before it closes', async () => {
    const answer = fetch(`${base}/slow`);
    await expect.poll(() => new Promise((resolve) => server.server.getConnections((_, n) => resolve(n)))).toBe(1);
    const closing = server.close(5000);
    expect(await (await answer).text()).toBe('late');
    await closing;
  });
});

describe('a call to another process', () => {
  test('is repeated while the other side is overloaded', async () => {
    expect(await call(`${base}/flaky`, { deadlineMs: 5000, attempts: 3 })).toMatchObject({ body: { tries: 3 } });
  });

  test('is made once unless told otherwise', async () => {
    expect((await call(`${base}/flaky`, { deadlineMs: 5000 })).status).toBe(503);
    expect(flaky).toBe(1);
  });

  test('gives up at its deadline, and when nobody is there', async () => {
    await expect(call(`${base}/slow`, { deadlineMs: 20, attempts: 5 })).rejects.toThrow(NoAnswer);
    await expect(call('http://127.0.0.1:1/', { deadlineMs: 5000, attempts: 2 })).rejects.toThrow(NoAnswer);
  });

  test('takes half an answer for none', async () => {
    const torn = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"a":'));
    await once(torn.listen(0, '127.0.0.1'), 'listening');
    const { port } = torn.address() as AddressInfo;
    await expect(call(`http://127.0.0.1:${port}/`, { deadlineMs: 5000 })).rejects.toThrow(NoAnswer);
    torn.close();
  });
});

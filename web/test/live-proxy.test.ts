import { once } from 'node:events';
import { createServer, get, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HttpServer, listen } from '../../shared/process/http-server.ts';
import { createMetrics } from '../../shared/process/metrics.ts';
import { type LiveProxy, liveProxy } from '../live-proxy.ts';

/** A notifier that says what it is told to, when it is told to. */
let notifier: Server;
let streams: { request: IncomingMessage; response: ServerResponse }[];
let proxy: LiveProxy;
let web: HttpServer;
const registry = createMetrics('web');

beforeEach(async () => {
  streams = [];
  notifier = createServer((request, response) => {
    streams.push({ request, response });
    notifier.emit('stream');
  }).listen(0, '127.0.0.1');
  await once(notifier, 'listening');
  registry.clear();
  proxy = liveProxy(`http://127.0.0.1:${(notifier.address() as AddressInfo).port}`, registry);
  web = await listen({
    fetch: () => new Response('a page'),
    port: 0,
    host: '127.0.0.1',
    intercept: proxy.intercept,
  });
});

afterEach(async () => {
  proxy.close();
  notifier.closeAllConnections();
  notifier.close();
  await web.close(100);
});

async function subscribe(headers: Record<string, string> = {}) {
  const client = get({ port: web.port, host: '127.0.0.1', path: '/live/orders?view=all&after=abcd.1', headers });
  client.on('error', () => {});
  await once(notifier, 'stream');
  const stream = streams.at(-1)!;
  return { client, ...stream };
}

test('each byte passes when it comes, not when there are enough of them', async () => {
  const { client, response } = await subscribe();
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.flushHeaders();
  const [answer] = (await once(client, 'response')) as [IncomingMessage];
  expect(answer.headers['content-type']).toBe('text/event-stream');
  for (const text of ['retry: 2000\n\n', 'id: abcd.2\ndata: <p>\n\n']) {
    response.write(text);
    const [chunk] = (await once(answer, 'data')) as [Buffer];
    expect(chunk.toString()).toBe(text);
  }
});

test('the notifier gets the question whole, and nothing that was meant for this connection alone', async () => {
  const { request } = await subscribe({
    Cookie: 'msp_session=x',
    'Last-Event-ID': 'abcd.7',
    'Sec-Fetch-Site': 'same-origin',
    Connection: 'close, x-hop',
    'X-Hop': '1',
    TE: 'trailers',
  });
  expect(request.url).toBe('/live/orders?view=all&after=abcd.1');
  expect(request.headers).toMatchObject({
    cookie: 'msp_session=x',
    'last-event-id': 'abcd.7',
    'sec-fetch-site': 'same-origin',
  });
  expect(request.headers).not.toHaveProperty('x-hop');
  expect(request.headers).not.toHaveProperty('te');
  expect(request.headers.host).toBe(`127.0.0.1:${(notifier.address() as AddressInfo).port}`);
});

test('when the browser goes, the notifier is told', async () => {
  const { client, response } = await subscribe();
  response.writeHead(200);
  response.flushHeaders();
  await once(client, 'response');
  client.destroy();
  await once(response, 'close');
  expect(response.writableFinished).toBe(false);
});

test('when the browser goes before the notifier has answered, the notifier is told too', async () => {
  const { client, response } = await subscribe();
  client.destroy();
  await once(response, 'close');
});

test('when the notifier goes in the middle, the browser is told', async () => {
  const { client, response } = await subscribe();
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write('retry: 2000\n\n');
  const [answer] = (await once(client, 'response')) as [IncomingMessage];
  answer.resume();
  const closed = new Promise((resolve) => answer.on('error', () => {}).on('close', resolve));
  response.destroy();
  await closed;
  expect(answer.complete).toBe(false);
});

test('when the notifier ends the stream, it ends well', async () => {
  const { client, response } = await subscribe();
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write('retry: 2000\n\n');
  const [answer] = (await once(client, 'response')) as [IncomingMessage];
  answer.resume();
  response.end('id: abcd.9\n\n');
  await once(answer, 'end');
  expect(answer.complete).toBe(true);
});

test('a refusal of the notifier arrives as it is', async () => {
  const { client, response } = await subscribe();
  response.writeHead(401, { 'Content-Type': 'application/problem+json' }).end('{"code":"unauthenticated"}');
  const [answer] = (await once(client, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(401);
});

test('without a notifier the answer is 503, with when to try again', async () => {
  notifier.close();
  const response = await fetch(`http://127.0.0.1:${web.port}/live/orders`);
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('2');
  expect(await response.json()).toMatchObject({ code: 'unavailable' });
});

test('a slow browser slows its own stream down, and nothing piles up here', async () => {
  const { client, response } = await subscribe();
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.flushHeaders();
  const [answer] = (await once(client, 'response')) as [IncomingMessage];
  answer.pause();
  const total = 64 * 1024 * 1024;
  for (let written = 0; written < total; written += 1024 * 1024) response.write(Buffer.alloc(1024 * 1024, 'x'));
  // What is taken comes to an end, far from all of it: sockets hold some, this process next to nothing.
  let seen = -1;
  await expect
    .poll(
      () => {
        const before = seen;
        seen = response.writableLength;
        return seen === before;
      },
      { interval: 200, timeout: 20_000 },
    )
    .toBe(true);
  expect(seen).toBeGreaterThan(total / 2);
  client.destroy();
});

test('other methods than GET are refused, other addresses are pages', async () => {
  const post = request({ port: web.port, host: '127.0.0.1', path: '/live/orders', method: 'POST' });
  post.end();
  const [answer] = (await once(post, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(405);
  expect(answer.headers.allow).toBe('GET');
  answer.resume();
  expect(await (await fetch(`http://127.0.0.1:${web.port}/live`)).text()).toBe('a page');
});

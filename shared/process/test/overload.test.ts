import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { answerWithin } from '../answer-within.ts';
import { problemHandler } from '../http-problem.ts';
import { type HttpServer, listen } from '../http-server.ts';
import { createLogger } from '../log.ts';

const MAX_IN_FLIGHT = 3;
const KEPT_PER_SECOND = 20;
const EVENTUALLY = { timeout: 20_000 };
const MEGABYTE = new Uint8Array(1024 * 1024);
/** More than all the kernel's buffers between two ends hold. */
const ANSWER_MEGABYTES = 64;

let server: HttpServer;
let base: string;
let shed = 0;
let bodiesRead = 0;
let release: () => void = () => {};
let held: Promise<void>;
const hold = () => {
  held = new Promise((resolve) => {
    release = resolve;
  });
};

beforeAll(async () => {
  hold();
  const app = new Hono()
    .get('/healthz', (c) => c.text('alive'))
    .get('/held', async (c) => {
      await held;
      return c.text('done');
    })
    .get('/late', answerWithin(50), () => new Promise<Response>(() => {}))
    .post('/', async (c) => {
      bodiesRead += (await c.req.text()).length;
      return c.text('read');
    });
  app.onError(problemHandler(createLogger('test', 'silent')));
  const load = { maxInFlight: MAX_IN_FLIGHT, keptPerSecond: KEPT_PER_SECOND, onShed: () => (shed += 1) };
  server = await listen({ fetch: app.fetch, port: 0, host: '127.0.0.1', load });
  base = `http://127.0.0.1:${server.port}`;
});
afterAll(() => server.close(100));

/** An answer without end for whoever does not read it. */
const large = new Hono().get('/large', (c) => {
  let left = ANSWER_MEGABYTES;
  const chunks = new ReadableStream({
    pull(controller) {
      if (left === 0) controller.close();
      else controller.enqueue(MEGABYTE);
      left -= 1;
    },
  });
  return c.body(chunks);
});

/** A connection that sends these bytes; what comes back, until the server hangs up. */
function speak(bytes: string, port = server.port): { socket: Socket; heard: () => string; closed: Promise<unknown> } {
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  socket.on('error', () => {});
  return { socket, heard: () => heard, closed: once(socket, 'close') };
}

describe('a server that is full', () => {
  test('refuses at once without reading, still says how it is, and lets in again whoever comes after', async () => {
    const working = Array.from({ length: MAX_IN_FLIGHT }, () => fetch(`${base}/held`));
    // As long as there is room, this is answered 200, and takes its place for a moment only.
    await expect.poll(async () => (await fetch(`${base}/late`)).status, EVENTUALLY).toBe(503);
    const refused = await fetch(base, { method: 'POST', body: 'x'.repeat(50_000) });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(await refused.json()).toMatchObject({ code: 'overloaded', status: 503 });
    expect(bodiesRead).toBe(0);
    expect(shed).toBeGreaterThanOrEqual(2);
    // Who asks again and again loses the connection, and has to come anew.
    let connection: string | null = 'keep-alive';
    for (let i = 0; i <= 10 * KEPT_PER_SECOND && connection !== 'close'; i += 1) {
      connection = (await fetch(base)).headers.get('connection');
    }
    expect(connection).toBe('close');
    expect(await (await fetch(`${base}/healthz`)).text()).toBe('alive');

    release();
    for (const answer of working) expect(await (await answer).text()).toBe('done');
    expect((await fetch(base, { method: 'POST', body: 'x' })).status).toBe(200);
  });

  test('lets in fewer until a second has passed without a refusal', async () => {
    let nowMs = 0;
    const load = { maxInFlight: 3, overflowingInFlight: 1, now: () => nowMs };
    const holding: (() => void)[] = [];
    const answer = () => new Promise<Response>((resolve) => holding.push(() => resolve(new Response('done'))));
    const narrow = await listen({ fetch: answer, port: 0, host: '127.0.0.1', load });
    onTestFinished(() => narrow.close(100));
    const ask = async () => (await fetch(`http://127.0.0.1:${narrow.port}`)).status;
    /** Comes back once so many more are let in. */
    const letIn = async (count: number) => {
      const already = holding.length;
      const answers = Array.from({ length: count }, ask);
      await expect.poll(() => holding.length, EVENTUALLY).toBe(already + count);
      return answers;
    };
    const finish = async (answers: Promise<number>[]) => {
      for (const release of holding.splice(0)) release();
      expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
    };

    const burst = await letIn(3);
    expect(await ask()).toBe(503);
    await finish(burst);
    const one = await letIn(1);
    nowMs += 999;
    expect(await ask()).toBe(503);
    nowMs += 1001;
    await finish([...one, ...(await letIn(2))]);
  });

  test('lets in as many as before once a turn has been long', async () => {
    let nowMs = 0;
    const load = { maxInFlight: 3, overflowingInFlight: 1, now: () => nowMs };
    const holding: (() => void)[] = [];
    const answer = () =>
      new Promise<Response>((resolve) => {
        nowMs += 60;
        holding.push(() => resolve(new Response('done')));
      });
    const narrow = await listen({ fetch: answer, port: 0, host: '127.0.0.1', load });
    onTestFinished(() => narrow.close(100));
    const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
    // Two in one turn, of which the first takes long. Answers go out in order, so the refusal waits for it.
    const { heard } = speak(get + get, narrow.port);
    await expect.poll(() => holding.length, EVENTUALLY).toBe(1);
    const next = speak(get, narrow.port);
    await expect.poll(() => holding.length, EVENTUALLY).toBe(2);
    for (const release of holding) release();
    await expect.poll(heard, EVENTUALLY).toMatch(/^HTTP\/1\.1 200 .*HTTP\/1\.1 503 /s);
    await expect.poll(next.heard, EVENTUALLY).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('keeps no place for those who hang up', async () => {
    hold();
    for (let i = 0; i < 3 * MAX_IN_FLIGHT; i += 1) {
      const abort = new AbortController();
      const request = fetch(`${base}/held`, { signal: abort.signal });
      await expect
        .poll(() => new Promise((resolve) => server.server.getConnections((_, n) => resolve(n))), EVENTUALLY)
        .not.toBe(0);
      abort.abort();
      await expect(request).rejects.toThrow();
    }
    await expect.poll(async () => (await fetch(base, { method: 'POST', body: 'x' })).status, EVENTUALLY).toBe(200);
    release();
  });
});

test('a route that takes too long is ended with 504', async () => {
  const answer = await fetch(`${base}/late`);
  expect(answer.status).toBe(504);
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(await answer.json()).toMatchObject({ code: 'timeout' });
});

describe.concurrent('a client that stalls', () => {
  test('while it sends its body is told so, within ten seconds', { timeout: 30_000 }, async () => {
    const start = performance.now();
    const { heard, closed } = speak('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
    await closed;
    expect(heard()).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('before it has said a word is cut', { timeout: 30_000 }, async () => {
    await speak('').closed;
  });

  test('while it is answered is cut', { timeout: 60_000 }, async () => {
    const impatient = await listen({ fetch: large.fetch, port: 0, host: '127.0.0.1', stallMs: 500 });
    // The client reads nothing, so it is the server's end that tells.
    const connected = once(impatient.server, 'connection') as Promise<[Socket]>;
    const { socket } = speak('GET /large HTTP/1.1\r\nHost: a\r\n\r\n', impatient.port);
    socket.pause();
    const [end] = await connected;
    await once(end, 'close');
    expect(end.bytesWritten).toBeLessThan(ANSWER_MEGABYTES * MEGABYTE.length);
    socket.destroy();
    await impatient.close(100);
  });
});

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { IdempotencyKey, PlaceOrderInput } from '../../../shared/contracts/order.ts';
import { atEnd, testDirectory, testGuard } from '../../testing/test-guard.ts';
import { compileClient, findCompiler } from '../clients/compile.ts';
import { letShoppersOrder } from '../clients/shoppers.ts';
import { streamRequest } from '../clients/stream-requests.ts';
import { type Subscribers, startSubscribers } from '../clients/subscribers.ts';
import { writeMarker } from '../marker.ts';

const compiler = findCompiler();
const bench = {
  guard: testGuard(),
  home: testDirectory(),
  subscribers: '',
  shoppers: '',
  placed: (_: unknown, command: string, args: readonly string[]) => ({ command, args: [...args] }),
};
let server: Server | undefined;

beforeAll(async () => {
  if (!compiler) return;
  bench.subscribers = await compileClient(testGuard(), compiler, 'subscribers', testDirectory());
  bench.shoppers = await compileClient(testGuard(), compiler, 'shoppers', testDirectory());
});

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe.skipIf(!compiler)('subscribers (skipped without a C compiler: Debian’s gcc)', () => {
  const streams: ServerResponse[] = [];

  async function openStreams(count: number, answer?: (request: IncomingMessage, response: ServerResponse) => boolean) {
    streams.length = 0;
    const port = await listen((request, response) => {
      if (answer?.(request, response)) return;
      // As the notifier writes: frames stand in the stream as they are.
      response.useChunkedEncodingByDefault = false;
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('retry: 100\n\n');
      streams.push(response);
    });
    const crowd = startSubscribers(bench, { port, count, events: 100, place: 'anywhere' });
    atEnd(() => crowd.stop());
    return crowd;
  }
  const request = [streamRequest('/live/orders')];
  const delivered = async (crowd: Subscribers, count: number) => {
    await crowd.wait(count, 10_000);
    return crowd.report();
  };

  test('a row counts once for each that got it, however its bytes are cut, and however often it comes', async () => {
    const crowd = await openStreams(3);
    expect(await crowd.open(request)).toMatchObject({ opened: 3, refused: 0 });
    const row = `data: <td>${writeMarker(7)}</td><td>${writeMarker(8)}</td>\n\n`;
    for (const stream of streams.slice(1)) stream.write(row + row);
    for (const byte of row) {
      streams[0]!.write(byte);
      await setImmediate();
    }
    expect(await delivered(crowd, 6)).toMatchObject({ delivered: 6, twice: 4, lost: 0 });
  });

  test('lateness is reckoned from the marker, and the slowest subscriber is found', async () => {
    const crowd = await openStreams(2);
    await crowd.open(request);
    const sentSecondsAgo = (seconds: number, order: number) =>
      `mrk-${order.toString(16).padStart(8, '0')}-${(process.hrtime.bigint() - BigInt(seconds * 1e9)).toString(16).padStart(16, '0')}`;
    streams[0]!.write(`data: ${sentSecondsAgo(100, 1)} ${sentSecondsAgo(100, 2)}\n\n`);
    streams[1]!.write(`data: ${sentSecondsAgo(100, 1)} ${sentSecondsAgo(3000, 2)}\n\n`);
    const report = await delivered(crowd, 4);
    expect(Math.floor(report.medianUs / 1e8)).toBe(1);
    expect(Math.floor(report.slowestP99Us / 1e9)).toBe(3);
  });

  test('streams that are refused or end are told of, and all can come back with what they saw last', async () => {
    const lastIds: (string | undefined)[] = [];
    const crowd = await openStreams(4, (request, response) => {
      const id = request.headers['last-event-id'];
      lastIds.push(id as string | undefined);
      if (id !== undefined || lastIds.length !== 2) return false;
      response.writeHead(503).end();
      return true;
    });
    expect(await crowd.open(request)).toMatchObject({ opened: 3, refused: 1 });
    streams[0]!.end();
    streams[1]!.write(`data: ${writeMarker(1)}\n\n`);
    await crowd.wait(1, 10_000);
    expect((await crowd.report()).delivered).toBe(1);

    await crowd.drop();
    await crowd.clear();
    expect(await crowd.wait(1, 0)).toBe(0);
    expect(await crowd.open([streamRequest('/live/orders', { 'Last-Event-ID': 'epoch.9' })])).toMatchObject({
      opened: 4,
      refused: 0,
    });
    expect(lastIds.slice(4)).toEqual(Array(4).fill('epoch.9'));
    expect(await crowd.report()).toMatchObject({ delivered: 0 });
  });
});

describe.skipIf(!compiler)('shoppers (skipped without a C compiler: Debian’s gcc)', () => {
  const common = { connections: 4, products: 24, hot: 3, place: 'anywhere' as const };

  test('every order is one that the shop takes, with a key of its own and two or three different products', async () => {
    const keys = new Set<string>();
    const seen: PlaceOrderInput[] = [];
    const port = await listen(async (request, response) => {
      keys.add(IdempotencyKey.parse(request.headers['idempotency-key']));
      seen.push(PlaceOrderInput.parse(JSON.parse(await text(request))));
      response.writeHead(201, { 'Content-Type': 'application/json' }).end('{"number":"CMD"}');
    });
    const ordered = await letShoppersOrder(bench, { ...common, port, seconds: 0.5, rate: 200 });
    expect(ordered).toMatchObject({ sent: 100, due: 100, placed: 100, other: 0 });
    expect(keys.size).toBe(100);
    for (const { lines } of seen) {
      expect([2, 3]).toContain(lines.length);
      expect(new Set(lines.map(({ productId }) => productId)).size).toBe(lines.length);
    }
    const asked = seen.flatMap(({ lines }) => lines.map(({ productId }) => productId));
    expect(Math.max(...asked)).toBeLessThanOrEqual(24);
    expect(asked.filter((id) => id <= 3).length).toBeGreaterThan(asked.length / 4);
  });

  test('only 201 counts as placed: refusals and closed connections do not, and the rest goes on', async () => {
    let n = 0;
    const port = await listen(async (request, response) => {
      n += 1;
      if (n % 3 === 0) request.socket.destroy();
      else if (n % 3 === 1) response.writeHead(503, { Connection: 'close' }).end('{}');
      else response.writeHead(201).end('{}');
    });
    const ordered = await letShoppersOrder(bench, { ...common, port, seconds: 0.3, rate: 200 });
    expect(ordered).toMatchObject({ sent: 60, placed: 20, other: 40 });
  });

  test('in a closed loop no connection has two orders in flight', async () => {
    let inFlight = 0;
    let most = 0;
    const port = await listen(async (request, response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      request.resume();
      await setImmediate();
      inFlight -= 1;
      // Of unannounced length, as some servers answer.
      response.writeHead(201).write('{"number":');
      response.end('"CMD"}');
    });
    const ordered = await letShoppersOrder(bench, { ...common, port, seconds: 0.3, rate: 0 });
    expect(most).toBeLessThanOrEqual(4);
    expect(ordered.placed).toBeGreaterThan(0);
    expect(ordered.other).toBe(0);
  });
});

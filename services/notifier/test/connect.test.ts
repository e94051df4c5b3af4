import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect as netConnect } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type TestRedis, testRedis } from '../../../scripts/testing/redis.ts';
import { newShopperToken } from '../../../shared/contracts/shopper-token.ts';
import { newEpoch } from './order-log.ts';
import { newSession, openStream, type TestStream, updateOf } from './read-stream.ts';
import { type Desk, eventually, startDesk, startNotifier } from './start-notifier.ts';

let redis: TestRedis;
let desk: Desk;
const streams: TestStream[] = [];

beforeAll(async () => {
  redis = await testRedis();
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await desk.close();
});

async function open(url: string, headers?: Record<string, string>): Promise<TestStream> {
  const stream = await openStream(url, headers);
  streams.push(stream);
  return stream;
}

/** The status and the problem's code of a request that is refused. */
async function refusal(url: string, init: { method?: string; headers?: Record<string, string> } = {}) {
  const { method = 'GET', headers = {} } = init;
  return new Promise<{ status: number; code: unknown; type: unknown; allow: unknown }>((resolve, reject) => {
    httpRequest(url, { agent: false, method, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      const body = text ? (JSON.parse(text) as { code: string }) : undefined;
      const { 'content-type': type, allow } = response.headers;
      resolve({ status: response.statusCode as number, code: body?.code, type, allow });
    })
      .on('error', reject)
      .end();
  });
}

const heads = (stream: TestStream) => stream.frames.filter(({ event }) => event === 'head');
const asAdmin = () => ({ Cookie: `msp_session=${newSession()}` });

describe('a stream', () => {
  test('begins with when to come back and the proof that the page is current', async () => {
    desk = await startDesk(redis.url, { placed: 3 });
    const stream = await open(desk.live());
    await stream.until('a head', () => heads(stream).length === 1);
    expect(stream.text()).toMatch(/^retry: [2-5]\d{3}\n\n/);
    expect(stream.frames).toEqual([
      { event: 'head', id: desk.log.cursor, data: JSON.stringify({ cursor: desk.log.cursor }) },
    ]);
  });

  test('is framed by its connection, and no proxy may hold or change it', async () => {
    desk = await startDesk(redis.url);
    const { status, headers } = await open(desk.live());
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    });
    expect(headers['transfer-encoding'] ?? headers['content-length']).toBeUndefined();
  });

  test('proves the page current again whenever it has been silent for a while', async () => {
    desk = await startDesk(redis.url, { limits: { heartbeatMs: 50, tickMs: 20 } });
    const stream = await open(desk.live());
    await stream.until('three heads', () => heads(stream).length >= 3);
  });

  test('that carries rows has no need of further proof', async () => {
    desk = await startDesk(redis.url, { limits: { heartbeatMs: 600_000, tickMs: 10 } });
    const stream = await open(desk.live());
    // Its end, a second from now, shows that ticks have passed.
    const clock = await open(desk.live(), { Cookie: `msp_session=${newSession({ expiresInMs: 1500 })}` });
    await desk.publisher.events(desk.log.place());
    await clock.until('the end', clock.isEnded);
    expect(heads(stream).length).toBe(1);
  });

  test('gets its rows however many heartbeats are being sent', async () => {
    desk = await startDesk(redis.url, { limits: { heartbeatMs: 0, tickMs: 2, sliceMs: 0, streamsPerSession: 200 } });
    const mine = asAdmin();
    const crowd = await Promise.all(Array.from({ length: 150 }, () => open(desk.live(), mine)));
    const last = crowd.at(-1) as TestStream;
    for (let i = 0; i < 40; i += 1) {
      await desk.publisher.events(desk.log.place());
      if (i % 2) await desk.publisher.events(desk.log.place());
      await last.until('the row', () => last.updates.at(-1)?.id === desk.log.cursor);
    }
    const places = last.frames.map(({ id }) => Number(id?.split('.')[1]));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('ends after its turn, and goes on elsewhere by cursor', async () => {
    desk = await startDesk(redis.url, { limits: { rotationMs: 100, tickMs: 20 } });
    const stream = await open(desk.live());
    await stream.until('the end', stream.isEnded);
    expect(stream.retries.at(-1)).toBeLessThanOrEqual(1000);
    await eventually('it is forgotten', async () => (await desk.notifier.metric('subscribers')) === 0);
  });

  test('is forgotten when its browser leaves', async () => {
    desk = await startDesk(redis.url);
    const stream = await open(desk.live());
    expect(await desk.notifier.metric('subscribers')).toBe(1);
    stream.close();
    await eventually('it is forgotten', async () => (await desk.notifier.metric('subscribers')) === 0);
  });

  test('leaves no room for a second request on its connection', async () => {
    desk = await startDesk(redis.url);
    const { port } = new URL(desk.notifier.url);
    const socket = netConnect(Number(port), '127.0.0.1');
    const request = `GET /live/orders HTTP/1.1\r\nHost: x\r\nCookie: msp_session=${newSession()}\r\n\r\n`;
    socket.write(request + request);
    await once(socket.resume(), 'close');
    await eventually('it is forgotten', async () => (await desk.notifier.metric('subscribers')) === 0);
  });
});

describe('who may listen', () => {
  test('a session by either cookie or as a bearer', async () => {
    desk = await startDesk(redis.url);
    const token = newSession();
    for (const headers of [
      { Cookie: `other=1; __Host-msp_session=${token}` },
      { Cookie: `msp_session=${token}` },
      { Authorization: `Bearer ${token}` },
    ])
      expect((await open(desk.live(), headers)).status).toBe(200);
  });

  test('nobody without a session, or with a forged, expired or revoked one', async () => {
    desk = await startDesk(redis.url, { limits: { revokedPollMs: 20 } });
    const revokedId = randomBytes(16).toString('base64url');
    desk.orders.revoked = [revokedId];
    const reads = desk.orders.revokedReads;
    await eventually('the list is read', () => desk.orders.revokedReads > reads + 1);
    const genuine = newSession();
    const tokens = [
      '',
      'x',
      `${genuine.slice(0, -1)}${genuine.endsWith('A') ? 'E' : 'A'}`,
      newSession({ secret: 'another secret, as long as the right one is' }),
      newSession({ expiresInMs: -1000 }),
      newSession({ sessionId: revokedId }),
    ];
    for (const token of tokens) {
      for (const headers of [{ Cookie: `msp_session=${token}` }, { Authorization: `Bearer ${token}` }]) {
        const { status, code, type } = await refusal(desk.live(), { headers });
        expect([status, code, type]).toEqual([401, 'unauthenticated', 'application/problem+json']);
      }
    }
    expect((await refusal(desk.live())).status).toBe(401);
  });

  test('a session that is revoked loses its streams, and no other does', async () => {
    desk = await startDesk(redis.url, { limits: { revokedPollMs: 20 } });
    const sessionId = randomBytes(16).toString('base64url');
    const mine = { Cookie: `msp_session=${newSession({ sessionId })}` };
    const [one, two, other] = [await open(desk.live(), mine), await open(desk.live(), mine), await open(desk.live())];
    desk.orders.revoked = [sessionId];
    await Promise.all([one, two].map((stream) => stream.until('the end', stream.isEnded)));
    await desk.publisher.events(desk.log.place());
    await other.until('its row', () => other.updates.length === 1);
    expect(one.updates).toEqual([]);
    expect((await refusal(desk.live(), { headers: mine })).status).toBe(401);
  });

  test('the last known list stays in force while orders does not answer', async () => {
    desk = await startDesk(redis.url, { limits: { revokedPollMs: 20 } });
    const sessionId = randomBytes(16).toString('base64url');
    desk.orders.revoked = [sessionId];
    const reads = desk.orders.revokedReads;
    await eventually('the list is read', () => desk.orders.revokedReads > reads + 1);
    desk.orders.isDown = true;
    await eventually('a read is refused', () => desk.orders.refused > 0);
    const headers = { Cookie: `msp_session=${newSession({ sessionId })}` };
    expect((await refusal(desk.live(), { headers })).status).toBe(401);
    expect((await open(desk.live())).status).toBe(200);
  });

  test('nobody is let in, or stays, on a list that is too old; once it is read again everybody comes back', async () => {
    desk = await startDesk(redis.url, { limits: { revokedPollMs: 20, revokedStaleMs: 200, readMs: 100 } });
    const stream = await open(desk.live());
    desk.orders.isDown = true;
    await stream.until('the end', stream.isEnded);
    const turnedAway = await open(desk.live());
    await turnedAway.until('the end', turnedAway.isEnded);
    expect(turnedAway.frames).toEqual([]);
    expect(await desk.notifier.isReady()).toBe(false);
    desk.orders.isDown = false;
    await eventually('it is read again', () => desk.notifier.isReady());
    const back = await open(desk.live());
    await back.until('a head', () => back.frames.length > 0);
  });

  test('an answer that is no list is as good as none', async () => {
    desk = await startDesk(redis.url, { limits: { revokedPollMs: 20, revokedStaleMs: 200 } });
    const stream = await open(desk.live());
    desk.orders.isConfused = true;
    await stream.until('the end', stream.isEnded);
    expect(await desk.notifier.isReady()).toBe(false);
  });

  test('a session that expires loses its stream', async () => {
    desk = await startDesk(redis.url, { limits: { tickMs: 20 } });
    const stream = await open(desk.live(), { Cookie: `msp_session=${newSession({ expiresInMs: 1500 })}` });
    expect(stream.status).toBe(200);
    await stream.until('the end', stream.isEnded);
  });

  test('no page of another site', async () => {
    desk = await startDesk(redis.url);
    for (const site of ['cross-site', 'same-site']) {
      const answer = await refusal(desk.live(), { headers: { ...asAdmin(), 'Sec-Fetch-Site': site } });
      expect([answer.status, answer.code]).toEqual([403, 'forbidden']);
    }
    expect((await open(desk.live(), { ...asAdmin(), 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
  });

  test('only by GET, and only where there is a stream', async () => {
    desk = await startDesk(redis.url);
    const token = newShopperToken('another secret, as long as the right one is');
    for (const method of ['HEAD', 'OPTIONS', 'POST', 'DELETE']) {
      for (const path of ['/live/orders', `/live/order/${token}`]) {
        const answer = await refusal(`${desk.notifier.url}${path}`, { method, headers: asAdmin() });
        expect([answer.status, answer.allow]).toEqual([405, 'GET']);
      }
    }
    for (const path of [
      '/live',
      '/live/',
      '/live/order',
      '/live/order/',
      `/live/order/${token}`,
      '/live/order/a/b',
      '/',
    ])
      expect((await refusal(`${desk.notifier.url}${path}`, { headers: asAdmin() })).status).toBe(404);
  });
});

describe('where a stream begins', () => {
  test('from now on, without a cursor', async () => {
    desk = await startDesk(redis.url, { placed: 3 });
    const stream = await open(desk.live());
    await desk.publisher.events(desk.log.place());
    await stream.until('the new row', () => stream.updates.length === 1);
    expect(updateOf(stream.updates[0]).rows.map(({ id }) => id)).toEqual([4]);
  });

  test('after the cursor, with everything since in one frame, and then the proof', async () => {
    desk = await startDesk(redis.url, { placed: 5 });
    const stream = await open(desk.live(`?after=${desk.log.epoch}.2`));
    await stream.until('a head', () => heads(stream).length === 1);
    expect(stream.frames.map(({ event, id }) => [event, id])).toEqual([
      [undefined, desk.log.cursor],
      ['head', desk.log.cursor],
    ]);
    expect(updateOf(stream.updates[0]).rows.map(({ id }) => id)).toEqual([5, 4, 3]);
  });

  test('at Last-Event-ID, which is newer than the address', async () => {
    desk = await startDesk(redis.url, { placed: 5 });
    const stream = await open(desk.live(`?after=${desk.log.epoch}.1`), {
      ...asAdmin(),
      'Last-Event-ID': `${desk.log.epoch}.4`,
    });
    await stream.until('a head', () => heads(stream).length === 1);
    expect(updateOf(stream.updates[0]).rows.map(({ id }) => id)).toEqual([5]);
  });

  test('at the head: with nothing but the proof', async () => {
    desk = await startDesk(redis.url, { placed: 5 });
    const stream = await open(desk.live(`?after=${desk.log.cursor}`));
    await stream.until('a head', () => heads(stream).length === 1);
    expect(stream.frames.length).toBe(1);
  });

  test('from the log itself, when the notifier has only just started', async () => {
    desk = await startDesk(redis.url, { placed: 500 });
    const fresh = await startNotifier({ redisUrl: redis.url, ordersUrl: desk.orders.url });
    try {
      await eventually('it is ready', () => fresh.isReady());
      const reads = desk.orders.reads.length;
      const back = await Promise.all(
        Array.from({ length: 30 }, () => open(`${fresh.url}/live/orders?after=${desk.log.epoch}.200`)),
      );
      for (const stream of back) {
        await stream.until('a head', () => heads(stream).length === 1);
        expect(updateOf(stream.updates[0])).toMatchObject({ omitted: 250, cursor: desk.log.cursor });
      }
      expect(desk.orders.reads.length, 'reads for 30 browsers').toBe(reads);
    } finally {
      for (const stream of streams.splice(0)) stream.close();
      await fresh.close();
    }
  });

  test('with reset, when the way from there is no longer known', async () => {
    desk = await startDesk(redis.url, { placed: 500 });
    desk.orders.floor = 490;
    for (const after of [
      `${desk.log.epoch}.199`,
      `${desk.log.epoch}.0`,
      `${newEpoch()}.500`,
      `${desk.log.epoch}.501`,
    ]) {
      const stream = await open(desk.live(`?after=${after}`));
      await stream.until('a head', () => heads(stream).length === 1);
      expect(stream.frames).toEqual(
        ['reset', 'head'].map((event) => ({
          event,
          id: desk.log.cursor,
          data: JSON.stringify({ cursor: desk.log.cursor }),
        })),
      );
    }
  });

  test('with reset, when retention has taken what the notifier does not hold', async () => {
    desk = await startDesk(redis.url, { placed: 100 });
    desk.orders.floor = 90;
    const fresh = await startNotifier({ redisUrl: redis.url, ordersUrl: desk.orders.url });
    try {
      await eventually('it is ready', () => fresh.isReady());
      const old = await open(`${fresh.url}/live/orders?after=${desk.log.epoch}.88`);
      await old.until('reset', () => old.frames[0]?.event === 'reset');
      const kept = await open(`${fresh.url}/live/orders?after=${desk.log.epoch}.89`);
      await kept.until('the rest', () => kept.updates.length === 1);
      expect(updateOf(kept.updates[0]).rows.length).toBe(11);
    } finally {
      for (const stream of streams.splice(0)) stream.close();
      await fresh.close();
    }
  });

  test('where a page stands that is a moment ahead of the channel, after one read for all', async () => {
    desk = await startDesk(redis.url);
    let release = () => {};
    desk.orders.hold = new Promise((resolve) => {
      release = resolve;
    });
    desk.log.place(3);
    const reads = desk.orders.reads.length;
    const opening = Array.from({ length: 20 }, () => open(desk.live(`?after=${desk.log.cursor}`)));
    await eventually('the log is read', () => desk.orders.reads.length > reads);
    release();
    for (const stream of await Promise.all(opening)) {
      await stream.until('a head', () => heads(stream).length === 1);
      expect(stream.frames).toEqual([
        { event: 'head', id: desk.log.cursor, data: JSON.stringify({ cursor: desk.log.cursor }) },
      ]);
    }
    expect(desk.orders.reads.length - reads).toBeLessThanOrEqual(2);
  });

  test('never in between: orders placed while browsers connect are missed by none', async () => {
    // Flushes are cut into as many slices as can be, so that browsers connect in the middle of them.
    desk = await startDesk(redis.url, { limits: { sliceMs: 0, streamsPerSession: 200 } });
    const crowd = asAdmin();
    await Promise.all(Array.from({ length: 150 }, () => open(desk.live(), crowd)));
    const opening: Promise<[number, TestStream]>[] = [];
    for (let i = 0; i < 60; i += 1) {
      const from = desk.log.head;
      opening.push(open(desk.live(`?after=${desk.log.epoch}.${from}`)).then((stream) => [from, stream]));
      await desk.publisher.events(desk.log.place());
    }
    for (const [from, stream] of await Promise.all(opening)) {
      await stream.until('the head', () => stream.frames.at(-1)?.id === desk.log.cursor);
      // A page that was ahead of the fan-out is told what it already shows once more, and nothing else twice.
      const ids = stream.updates.flatMap((frame) => updateOf(frame).rows.map(({ id }) => id)).filter((id) => id > from);
      expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 - from }, (_, index) => from + index + 1));
    }
  });

  test('nowhere, with something that is no cursor or no view', async () => {
    desk = await startDesk(redis.url);
    for (const query of ['?after=1', '?after=x.-1', '?after=first.1e3', '?view=tous', '?view=']) {
      const answer = await refusal(desk.live(query), { headers: asAdmin() });
      expect([query, answer.status, answer.code]).toEqual([query, 400, 'validation']);
    }
    const answer = await refusal(desk.live(), { headers: { ...asAdmin(), 'Last-Event-ID': 'x' } });
    expect(answer.status).toBe(400);
  });
});

describe('what is asked to come back later', () => {
  async function expectTurnedAway(stream: TestStream) {
    expect(stream.status).toBe(200);
    await stream.until('the end', stream.isEnded);
    expect(stream.text()).toMatch(/^retry: [2-5]\d{3}\n\n$/);
  }

  test('one stream more than a session may have', async () => {
    desk = await startDesk(redis.url, { limits: { streamsPerSession: 2 } });
    const mine = asAdmin();
    await Promise.all([open(desk.live(), mine), open(desk.live(), mine)]);
    await expectTurnedAway(await open(desk.live(), mine));
    expect((await open(desk.live())).isEnded()).toBe(false);
    expect(await desk.notifier.metric('turned_away_total')).toBe(1);
  });

  test('one stream more than the process may have', async () => {
    desk = await startDesk(redis.url, { limits: { streams: 1 } });
    await open(desk.live());
    await expectTurnedAway(await open(desk.live()));
  });

  test('everybody, while the log has not been read', async () => {
    desk = await startDesk(redis.url);
    desk.orders.isDown = true;
    const fresh = await startNotifier({ redisUrl: redis.url, ordersUrl: desk.orders.url });
    try {
      expect(await fresh.isReady()).toBe(false);
      await expectTurnedAway(await open(`${fresh.url}/live/orders`));
      desk.orders.isDown = false;
      await eventually('it is ready', () => fresh.isReady());
    } finally {
      await fresh.close();
    }
  });
});

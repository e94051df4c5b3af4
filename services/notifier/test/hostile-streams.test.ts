import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { complaintsAbout } from '../../../scripts/testing/hostile/complaints.ts';
import { streamCases } from '../../../scripts/testing/hostile/stream-cases.ts';
import { send } from '../../../scripts/testing/hostile/wire.ts';
import { testRedis } from '../../../scripts/testing/redis.ts';
import { newShopperToken } from '../../../shared/contracts/shopper-token.ts';
import { SESSION_SECRET } from './order-log.ts';
import { newSession, openStream, type TestStream } from './read-stream.ts';
import { type Desk, eventually, startDesk } from './start-notifier.ts';

let desk: Desk;
const streams: TestStream[] = [];
const ENDED = 'E'.repeat(22);

beforeAll(async () => {
  const redis = await testRedis();
  desk = await startDesk(redis.url, { placed: 5, limits: { revokedPollMs: 50 } });
  desk.orders.revoked.push(ENDED);
  const reads = desk.orders.revokedReads;
  await eventually('the revoked sessions were read', () => desk.orders.revokedReads >= reads + 2);
});

afterAll(async () => {
  for (const stream of streams) stream.close();
  await desk.close();
});

async function open(url: string, session: string): Promise<TestStream> {
  const stream = await openStream(url, { Cookie: `msp_session=${session}` });
  streams.push(stream);
  return stream;
}

describe('hostile requests', () => {
  test('for streams are refused, or get a stream that any browser can read', async () => {
    const cases = streamCases({
      session: newSession(),
      expired: newSession({ expiresInMs: -1000 }),
      ended: newSession({ sessionId: ENDED }),
      shopperToken: newShopperToken(SESSION_SECRET),
      number: 'CMD-20261122-ABC123',
      epoch: desk.log.epoch,
      head: desk.log.head,
    });
    const complaints = await complaintsAbout(
      {
        url: desk.notifier.url,
        state: async () => desk.log.head,
        judge: ({ status, headers }) =>
          status === 200 && headers.get('content-type') !== 'text/event-stream; charset=utf-8' ? ['no stream'] : [],
      },
      cases,
    );
    expect(complaints).toEqual([]);
    await eventually('all of them are forgotten', async () => (await desk.notifier.metric('subscribers')) === 0);
  });

  test('cannot go on from where nothing is known: they get a reset, never silence', async () => {
    const { epoch, head } = desk.log;
    for (const cursor of [`zzzzzzzzzzzz.${head}`, `${epoch}.999999999999999`, `0000.0`]) {
      const stream = await open(desk.live(`?after=${cursor}`), newSession());
      await stream.until('a reset', () => stream.frames.some(({ event }) => event === 'reset'));
      expect(stream.frames.every(({ id }) => id === undefined || id === `${epoch}.${head}`)).toBe(true);
      stream.close();
    }
  });
});

test('200 streams of one session are 32, and nobody else has one less', async () => {
  const greedy = newSession();
  const before = await open(desk.live(), newSession());
  const crowd = await Promise.all(Array.from({ length: 200 }, () => open(desk.live(), greedy)));
  await eventually('the rest were told to come back later', () => crowd.filter((one) => one.isEnded()).length >= 168);
  const turnedAway = crowd.filter((stream) => stream.isEnded());
  expect(turnedAway).toHaveLength(168);
  for (const { status, text } of turnedAway) {
    expect(status).toBe(200);
    expect(text()).toMatch(/^retry: \d+\n\n$/);
  }
  const after = await open(desk.live(), newSession());
  await desk.publisher.events(desk.log.place());
  const theirs = crowd.filter((stream) => !stream.isEnded());
  for (const stream of [before, after, ...theirs]) {
    await stream.until('the row', () => stream.updates.at(-1)?.id === desk.log.cursor);
  }
  for (const stream of [before, after, ...crowd]) stream.close();
  await eventually('all of them are forgotten', async () => (await desk.notifier.metric('subscribers')) === 0);
});

test('after all of it a good request gets its stream', async () => {
  const answer = await send(desk.notifier.url, {
    target: '/live/orders',
    headers: [['Cookie', `msp_session=${newSession()}`]],
    streams: true,
  });
  expect(answer?.status).toBe(200);
});

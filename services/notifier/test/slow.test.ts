import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type TestRedis, testRedis } from '../../../scripts/testing/redis.ts';
import { openStream, type TestStream, updateOf } from './read-stream.ts';
import { type Desk, eventually, jsonRender, startDesk } from './start-notifier.ts';

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

async function open(): Promise<TestStream> {
  const stream = await openStream(desk.live());
  streams.push(stream);
  await stream.until('its first place in the log', () => stream.frames.length > 0);
  return stream;
}

/** Frames of a size that fills what the kernel keeps for a connection within a few dozen. */
const wide = {
  ...jsonRender,
  update: (update: Parameters<typeof jsonRender.update>[0]) => jsonRender.update(update).padEnd(200_000),
};

describe('a browser that does not read', () => {
  test('is cut when its queue is full, and the others miss nothing', async () => {
    desk = await startDesk(redis.url, { render: wide, limits: { stallMs: 600_000 } });
    const [slow, quick] = [await open(), await open()];
    slow.response.pause();
    while ((await desk.notifier.metric('slow_cut_total')) === 0) {
      await desk.publisher.events(desk.log.place());
      await quick.until('the row', () => quick.updates.at(-1)?.id === desk.log.cursor);
    }
    expect(await desk.notifier.metric('subscribers')).toBe(1);
    const ids = quick.updates.flatMap((frame) => updateOf(frame).rows.map(({ id }) => id));
    expect(ids).toEqual([...desk.log.orders.keys()]);
    expect(quick.isEnded()).toBe(false);
  });

  test('is cut when it has read nothing for long, and comes back by cursor', async () => {
    desk = await startDesk(redis.url, {
      render: wide,
      limits: { stallMs: 100, tickMs: 20, queueBytes: 1024 * 1024 * 1024 },
    });
    const [slow, quick] = [await open(), await open()];
    slow.response.pause();
    while ((await desk.notifier.metric('slow_cut_total')) === 0) {
      await desk.publisher.events(desk.log.place());
      await quick.until('the row', () => quick.updates.at(-1)?.id === desk.log.cursor);
    }
    const [lastSeen] = slow.updates.slice(-1);
    const back = await openStream(desk.live(`?after=${lastSeen?.id ?? `${desk.log.epoch}.0`}`));
    streams.push(back);
    await back.until('the rest', () => back.updates.length === 1);
    expect(updateOf(back.updates[0]).rows[0]?.id).toBe(desk.log.head);
    expect(quick.isEnded()).toBe(false);
  });
});

test('a browser that falls behind and catches up again is not cut', async () => {
  const stallMs = 3000;
  desk = await startDesk(redis.url, { render: wide, limits: { stallMs, tickMs: 20, queueBytes: 1024 ** 3 } });
  const [stream, witness] = [await open(), await open()];
  stream.response.pause();
  const pausedAt = Date.now();
  while ((await desk.notifier.metric('queued_bytes')) === 0) {
    await desk.publisher.events(desk.log.place());
    await witness.until('the row', () => witness.updates.at(-1)?.id === desk.log.cursor);
  }
  stream.response.resume();
  while (Date.now() - pausedAt < stallMs + 300) {
    await desk.publisher.events(desk.log.place());
    await stream.until('the row', () => stream.updates.at(-1)?.id === desk.log.cursor);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await desk.notifier.metric('slow_cut_total')).toBe(0);
});

test('a burst is coalesced: fewer frames than events, each with no more rows than a page, and none unmentioned', async () => {
  desk = await startDesk(redis.url, {
    render: {
      ...jsonRender,
      update: (update) => {
        const until = performance.now() + 5;
        while (performance.now() < until);
        return jsonRender.update(update);
      },
    },
  });
  const stream = await open();
  await Promise.all(Array.from({ length: 200 }, () => desk.publisher.events(desk.log.place())));
  await stream.until('the head', () => stream.updates.at(-1)?.id === desk.log.cursor);
  const updates = stream.updates.map(updateOf);
  expect(updates.reduce((sum, { rows, omitted }) => sum + rows.length + omitted, 0)).toBe(200);
  expect(stream.updates.length).toBeLessThan(50);
});

test('a lone order does not wait for anything', async () => {
  desk = await startDesk(redis.url, { limits: { coalesceMs: 600_000 } });
  const stream = await open();
  await desk.publisher.events(desk.log.place());
  await stream.until('the row', () => stream.updates.length === 1);
});

test('everybody is forgotten when a crowd leaves at once', async () => {
  desk = await startDesk(redis.url);
  const crowd = await Promise.all(Array.from({ length: 100 }, () => open()));
  await desk.publisher.events(desk.log.place());
  for (const stream of crowd) stream.close();
  await desk.publisher.events(desk.log.place());
  await eventually('nobody is left', async () => (await desk.notifier.metric('subscribers')) === 0);
});

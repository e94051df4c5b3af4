import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type TestRedis, testRedis } from '../../../scripts/testing/redis.ts';
import { PAGE_ROWS } from '../../../web/fragments/live-update.tsx';
import { appliedRows, openStream, type TestStream, updateOf } from './read-stream.ts';
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
  expect(await desk.notifier.metric('queued_bytes')).toBe(0);
});

describe('a burst', () => {
  /** Takes its time, so that the rest of a burst has come before the first flush is over. */
  const slowly = {
    ...jsonRender,
    update: (update: Parameters<typeof jsonRender.update>[0]) => {
      const until = performance.now() + 5;
      while (performance.now() < until);
      return jsonRender.update(update);
    },
  };

  test('is coalesced: fewer frames than events, none with more rows than a page, and every row is brought', async () => {
    desk = await startDesk(redis.url, { render: slowly });
    const stream = await open();
    await Promise.all(Array.from({ length: 200 }, () => desk.publisher.events(desk.log.place())));
    await stream.until('the head', () => stream.updates.at(-1)?.id === desk.log.cursor);
    const updates = stream.updates.map(updateOf);
    expect(updates.flatMap(({ rows }) => rows.map(({ id }) => id)).toSorted((a, b) => a - b)).toEqual([
      ...desk.log.orders.keys(),
    ]);
    expect(Math.max(...updates.map(({ rows }) => rows.length))).toBeLessThanOrEqual(PAGE_ROWS);
    expect(updates.every(({ omitted }) => omitted === 0)).toBe(true);
    expect(stream.updates.length).toBeLessThan(50);
  });

  test('that comes as many messages at once is one frame', async () => {
    desk = await startDesk(redis.url);
    const stream = await open();
    await desk.publisher.atOnce(desk.log.place(20));
    await stream.until('the head', () => stream.updates.at(-1)?.id === desk.log.cursor);
    expect(stream.updates.map((frame) => updateOf(frame).rows.length)).toEqual([20]);
  });

  test('that comes as one message is brought page by page, oldest first, each with the cursor and the counts of its end', async () => {
    desk = await startDesk(redis.url);
    const stream = await open();
    await desk.publisher.events(desk.log.place(120));
    await stream.until('the head', () => stream.updates.at(-1)?.id === desk.log.cursor);
    const pages = stream.updates.map((frame) => {
      const { rows, counts } = updateOf(frame);
      return [frame.id, rows[0]?.id, rows.at(-1)?.id, counts.en_attente];
    });
    const { epoch } = desk.log;
    expect(pages).toEqual([
      [`${epoch}.50`, 50, 1, 50],
      [`${epoch}.100`, 100, 51, 100],
      [`${epoch}.120`, 120, 101, 120],
    ]);
  });

  test('reaches whoever joins in its middle whole, and once', async () => {
    desk = await startDesk(redis.url, { render: slowly, limits: { coalesceMs: 600_000 } });
    const from = desk.log.cursor;
    const first = await open();
    await desk.publisher.events(desk.log.place(250));
    await first.until('a page', () => first.updates.length > 0);
    const late = await openStream(desk.live(`?after=${from}`));
    streams.push(late);
    await late.until('the head', () => late.updates.at(-1)?.id === desk.log.cursor);
    expect([...appliedRows(late).keys()].length + updateOf(late.updates[0]).omitted).toBe(250);
    const brought = late.updates.flatMap((frame) => updateOf(frame).rows.map(({ id }) => id));
    expect(brought.length).toBe(new Set(brought).size);
  });

  test('beyond what anybody is caught up with leaves the newest page, and says what is missing', async () => {
    desk = await startDesk(redis.url);
    const stream = await open();
    await desk.publisher.events(desk.log.place(301));
    await stream.until('the head', () => stream.updates.at(-1)?.id === desk.log.cursor);
    expect(stream.updates.length).toBe(1);
    const { rows, omitted } = updateOf(stream.updates[0]);
    expect([rows.length, rows[0]?.id, omitted]).toEqual([PAGE_ROWS, 301, 301 - PAGE_ROWS]);
  });
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

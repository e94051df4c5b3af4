import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type TestRedis, testRedis } from '../../../scripts/testing/redis.ts';
import type { OrderEvent } from '../../../shared/contracts/event.ts';
import { newEpoch } from './order-log.ts';
import { appliedRows, openStream, type TestStream, updateOf } from './read-stream.ts';
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

async function open(url: string): Promise<TestStream> {
  const stream = await openStream(url);
  streams.push(stream);
  await stream.until('its first place in the log', () => stream.frames.length > 0);
  return stream;
}

/** Waits until a stream has been brought to the head of the log, and compares what it shows with the log. */
async function expectWhole(stream: TestStream): Promise<void> {
  const head = desk.log.cursor;
  await stream.until(head, () => stream.updates.at(-1)?.id === head);
  const shown = new Map([...appliedRows(stream)].map(([id, row]) => [id, row.version]));
  const true_ = new Map([...desk.log.orders].map(([id, order]) => [id, order.version]));
  expect(shown).toEqual(true_);
}

/** The cursors of all updates, in the order they came. */
const places = (stream: TestStream) => stream.updates.map(({ id }) => Number(id?.split('.')[1]));

describe('the channel', () => {
  test('brings every event once and in order to every subscriber', async () => {
    desk = await startDesk(redis.url);
    const all = await Promise.all(Array.from({ length: 5 }, () => open(desk.live())));
    for (let i = 0; i < 40; i += 1) await desk.publisher.events(desk.log.place());
    for (const stream of all) {
      await expectWhole(stream);
      expect(places(stream)).toEqual([...new Set(places(stream))].sort((a, b) => a - b));
      const ids = stream.updates.flatMap((frame) => updateOf(frame).rows.map(({ id }) => id));
      expect(ids.toSorted((a, b) => a - b)).toEqual([...desk.log.orders.keys()]);
    }
    expect(await desk.notifier.metric('events_received_total')).toBe(40);
    expect(await desk.notifier.metric('gaps_repaired_total')).toBe(0);
  });

  test('a message that comes too early waits for its predecessor, and nobody reads the log', async () => {
    desk = await startDesk(redis.url, { limits: { earlyMs: 5000 } });
    const stream = await open(desk.live());
    const reads = desk.orders.reads.length;
    const [first, second, third] = desk.log.place(3) as [OrderEvent, OrderEvent, OrderEvent];
    await desk.publisher.events([third]);
    await desk.publisher.events([second]);
    await desk.publisher.events([first]);
    await expectWhole(stream);
    expect(desk.orders.reads.length).toBe(reads);
  });

  test('a message that never comes is read from the log', async () => {
    desk = await startDesk(redis.url);
    const stream = await open(desk.live());
    desk.log.place(3);
    await desk.publisher.events(desk.log.place());
    await expectWhole(stream);
    expect(await desk.notifier.metric('gaps_repaired_total')).toBe(1);
    expect(places(stream)).toEqual([...new Set(places(stream))]);
  });

  test('a lost message with nothing after it is found by the head alone', async () => {
    desk = await startDesk(redis.url);
    const stream = await open(desk.live());
    desk.log.place(2);
    await desk.publisher.head();
    await expectWhole(stream);
  });

  test('repeated and overlapping messages change nothing', async () => {
    desk = await startDesk(redis.url);
    const stream = await open(desk.live());
    const events = desk.log.place(4);
    await desk.publisher.events(events.slice(0, 2));
    await desk.publisher.events(events.slice(0, 2));
    await desk.publisher.events(events.slice(1, 4));
    await desk.publisher.events(events);
    await expectWhole(stream);
    await desk.publisher.events(desk.log.place());
    await expectWhole(stream);
    expect(await desk.notifier.metric('events_received_total')).toBe(5);
  });

  test('what is no message is counted and passed over, and what it held is found', async () => {
    desk = await startDesk(redis.url);
    const stream = await open(desk.live());
    const [first, , third] = desk.log.place(3) as [OrderEvent, OrderEvent, OrderEvent];
    await desk.publisher.raw('{');
    await desk.publisher.raw('null');
    await desk.publisher.raw(JSON.stringify({ epoch: desk.log.epoch, events: [first, third] }));
    await desk.publisher.raw(JSON.stringify({ epoch: desk.log.epoch, events: [{ ...first, order: null }] }));
    await desk.publisher.head();
    await expectWhole(stream);
    expect(await desk.notifier.metric('malformed_messages_total')).toBe(4);
  });

  test('a read of the log that fails is tried again until it works', async () => {
    desk = await startDesk(redis.url);
    const stream = await open(desk.live());
    desk.orders.isDown = true;
    desk.log.place();
    await desk.publisher.events(desk.log.place());
    await eventually('two reads were refused', () => desk.orders.refused > 1);
    expect(stream.updates).toEqual([]);
    desk.orders.isDown = false;
    await expectWhole(stream);
  });

  test('two notifiers side by side bring the same', async () => {
    desk = await startDesk(redis.url);
    const second = await startNotifier({ redisUrl: redis.url, ordersUrl: desk.orders.url });
    try {
      await eventually('the second is ready', () => second.isReady());
      const [one, other] = [await open(desk.live()), await open(`${second.url}/live/orders`)];
      for (let i = 0; i < 10; i += 1) await desk.publisher.events(desk.log.place());
      await expectWhole(one);
      await expectWhole(other);
    } finally {
      for (const stream of streams.splice(0)) stream.close();
      await second.close();
    }
  });

  test('for any grouping, loss, repetition and order of messages, a table ends as the log', async () => {
    desk = await startDesk(redis.url, { limits: { coalesceMs: 5 } });
    const stream = await open(desk.live());
    const step = fc.record({ kind: fc.constantFrom('place', 'place', 'forward', 'cancel'), pick: fc.nat(1000) });
    const delivery = fc.record({ copies: fc.constantFrom(0, 1, 1, 1, 2), order: fc.nat(1000) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 }),
        fc.array(delivery, { minLength: 12, maxLength: 12 }),
        async (groups, deliveries) => {
          const messages = groups.map((steps) => steps.map(({ kind, pick }) => act(kind, pick)));
          const sent = messages
            .flatMap((events, index) =>
              Array.from({ length: deliveries[index]?.copies ?? 1 }, () => ({ events, index })),
            )
            .sort((a, b) => (deliveries[a.index]?.order ?? 0) - (deliveries[b.index]?.order ?? 0));
          for (const { events } of sent) await desk.publisher.events(events);
          await desk.publisher.head();
          await expectWhole(stream);
          expect(places(stream)).toEqual([...new Set(places(stream))].sort((a, b) => a - b));
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Places an order, or takes one of those there a step on where it may go. */
function act(kind: string, pick: number): OrderEvent {
  const open = [...desk.log.orders.values()].filter(({ status }) => status === 'en_attente' || status === 'en_cours');
  const order = open[pick % Math.max(1, open.length)];
  if (kind === 'place' || !order) return desk.log.place()[0] as OrderEvent;
  if (kind === 'cancel') return desk.log.change(order.id, 'annulee');
  return desk.log.change(order.id, order.status === 'en_attente' ? 'en_cours' : 'terminee');
}

describe('when the log jumps', () => {
  test('more missing than a page can be caught up with makes everybody refetch', async () => {
    desk = await startDesk(redis.url, { placed: 5 });
    const [all, shopper] = [
      await open(desk.live()),
      await open(`${desk.notifier.url}/live/order/${desk.log.tokens.get(1)}`),
    ];
    desk.log.place(301);
    await desk.publisher.head();
    for (const stream of [all, shopper]) {
      await stream.until('reset', () => stream.frames.at(-1)?.event === 'reset');
      expect(stream.frames.at(-1)).toEqual({
        event: 'reset',
        id: desk.log.cursor,
        data: JSON.stringify({ cursor: desk.log.cursor }),
      });
    }
    await desk.publisher.events(desk.log.place());
    await all.until('the row after', () => all.updates.length === 1);
    expect(updateOf(all.updates[0]).rows.map(({ id }) => id)).toEqual([307]);
    expect(await desk.notifier.metric('resets_total')).toBe(1);
  });

  test('three hundred missing are caught up, every row of them', async () => {
    desk = await startDesk(redis.url);
    const stream = await open(desk.live());
    desk.log.place(300);
    await desk.publisher.head();
    await stream.until('the head', () => stream.updates.at(-1)?.id === desk.log.cursor);
    expect(stream.updates.map((frame) => updateOf(frame).rows.length)).toEqual(new Array(6).fill(50));
    expect(appliedRows(stream).size).toBe(300);
  });

  test('another epoch makes everybody refetch, and the new log goes on', async () => {
    desk = await startDesk(redis.url, { placed: 9 });
    const stream = await open(desk.live());
    desk.log.epoch = newEpoch();
    desk.log.events.splice(7);
    const [event] = desk.log.place();
    await desk.publisher.events([event as OrderEvent]);
    await stream.until('reset', () => stream.frames.at(-1)?.event === 'reset');
    expect(stream.frames.at(-1)?.id).toBe(desk.log.cursor);
    await desk.publisher.events(desk.log.place());
    await stream.until('the new log', () => stream.updates.at(-1)?.id === desk.log.cursor);
  });

  test('a message of an old epoch, from a sender that is behind, changes nothing', async () => {
    desk = await startDesk(redis.url, { placed: 2 });
    const stream = await open(desk.live());
    await desk.publisher.raw(JSON.stringify({ epoch: 'older0', events: [{ ...desk.log.events[0], seq: 3 }] }));
    await desk.publisher.raw(JSON.stringify({ epoch: 'older0', head: 9 }));
    await desk.publisher.events(desk.log.place());
    await stream.until('the next row', () => stream.updates.length === 1);
    expect(stream.frames.filter(({ event }) => event === 'reset')).toEqual([]);
    expect(updateOf(stream.updates[0]).rows.map(({ id }) => id)).toEqual([3]);
  });
});

describe('when Redis fails', () => {
  const limits = { redisSilenceMs: 600, logPollMs: 100 };

  test('orders arrive while it is gone and after it is back', async () => {
    desk = await startDesk(redis.url, { limits });
    const stream = await open(desk.live());
    await redis.stop();
    await eventually('the log is read instead', async () => (await desk.notifier.metric('redis_mode')) === 0);
    desk.log.place(2);
    await expectWhole(stream);
    await redis.restart();
    await eventually('it follows Redis again', async () => (await desk.notifier.metric('redis_mode')) === 1);
    await desk.publisher.events(desk.log.place());
    await expectWhole(stream);
    expect(places(stream)).toEqual([...new Set(places(stream))]);
  });

  test('orders arrive while it is frozen', async () => {
    desk = await startDesk(redis.url, { limits });
    const stream = await open(desk.live());
    redis.signal('SIGSTOP');
    try {
      desk.log.place(2);
      await expectWhole(stream);
      expect(await desk.notifier.metric('redis_mode')).toBe(0);
    } finally {
      redis.signal('SIGCONT');
    }
    await eventually('it follows Redis again', async () => (await desk.notifier.metric('redis_mode')) === 1);
  });

  test('a subscription that has not brought a word yet is not relied on', async () => {
    desk = await startDesk(redis.url, { beats: false, limits: { redisSilenceMs: 600_000, logPollMs: 50 } });
    const stream = await open(desk.live());
    desk.log.place(2);
    await expectWhole(stream);
  });

  test('a connection that has died without a word is replaced', async () => {
    const wire = await startWire(redis.port);
    desk = await startDesk(redis.url, { redisVia: wire.url, limits });
    await eventually('it follows Redis', async () => (await desk.notifier.metric('redis_mode')) === 1);
    wire.cut();
    await eventually('the log is read instead', async () => (await desk.notifier.metric('redis_mode')) === 0);
    await eventually('it follows Redis again', async () => (await desk.notifier.metric('redis_mode')) === 1);
    wire.close();
  });

  test('with orders gone too, no page is told that it is current', async () => {
    desk = await startDesk(redis.url, { limits: { ...limits, provenMs: 300, heartbeatMs: 100, tickMs: 50 } });
    const stream = await open(desk.live());
    desk.orders.isDown = true;
    redis.signal('SIGSTOP');
    try {
      const lastWord = () => stream.text().trimEnd().split('\n\n').at(-1);
      await stream.until('a place without proof', () => lastWord() === `id: ${desk.log.cursor}`);
      await eventually('it says so', async () => !(await desk.notifier.isReady()));
      expect(lastWord()).toBe(`id: ${desk.log.cursor}`);
    } finally {
      redis.signal('SIGCONT');
      desk.orders.isDown = false;
    }
    const before = stream.frames.length;
    await stream.until('proof again', () => stream.frames.slice(before).some(({ event }) => event === 'head'));
  });
});

/** A way to Redis whose open connections can be made to carry nothing any more, without an end. */
async function startWire(port: number) {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => {});
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
    pairs.add([near, far]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
      }
    },
    close() {
      server.close();
      for (const [near] of pairs) near.destroy();
    },
  };
}

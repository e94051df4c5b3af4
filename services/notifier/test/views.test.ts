import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type TestRedis, testRedis } from '../../../scripts/testing/redis.ts';
import { isInView, STATUSES, type Status, VIEWS, type View } from '../../../shared/contracts/status.ts';
import { gatherUpdate } from '../../../web/fragments/gather-update.ts';
import { OrderLog } from './order-log.ts';
import { openStream, type TestStream, updateOf } from './read-stream.ts';
import { type Desk, jsonRender, startDesk } from './start-notifier.ts';

let redis: TestRedis;
let desk: Desk;
const streams: TestStream[] = [];

beforeAll(async () => {
  redis = await testRedis();
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await desk?.close();
});

async function open(url: string): Promise<TestStream> {
  const stream = await openStream(url);
  streams.push(stream);
  await stream.until('its first place in the log', () => stream.frames.length > 0);
  return stream;
}

const openViews = async () =>
  Object.fromEntries(
    await Promise.all(VIEWS.map(async (view) => [view, await open(desk.live(`?view=${view}`))] as const)),
  ) as Record<View, TestStream>;

describe('a view', () => {
  test('gets the rows that are in it, those that have left it, and no others', async () => {
    desk = await startDesk(redis.url, { placed: 3 });
    const views = await openViews();
    await desk.publisher.events([desk.log.change(2, 'en_cours')]);
    const cursor = desk.log.cursor;
    const counts = { en_attente: 2, en_cours: 1, terminee: 0, annulee: 0 };
    const row = (inView: boolean) => [{ id: 2, version: 2, status: 'en_cours', inView }];
    const expected: Record<View, object[]> = {
      all: row(true),
      en_attente: row(false),
      en_cours: row(true),
      terminee: [],
      annulee: [],
    };
    for (const view of VIEWS) {
      await views[view].until('the change', () => views[view].updates.length === 1);
      expect(views[view].updates[0]?.id).toBe(cursor);
      expect(updateOf(views[view].updates[0])).toMatchObject({
        view,
        rows: expected[view],
        omitted: 0,
        counts,
        cursor,
      });
    }
  });

  test('is told the counts and the new orders of every moment, though none of its rows has changed', async () => {
    desk = await startDesk(redis.url);
    const cancelled = await open(desk.live('?view=annulee'));
    await desk.publisher.events(desk.log.place());
    await cancelled.until('the counts', () => cancelled.updates.length === 1);
    const news = { rows: [], counts: { en_attente: 1 }, placedElsewhere: [{ id: 1 }] };
    expect(updateOf(cancelled.updates[0])).toMatchObject(news);
  });

  test('gets what changed while it was away as one frame, with rows that passed through it marked as gone', async () => {
    desk = await startDesk(redis.url, { placed: 2 });
    const from = desk.log.cursor;
    await desk.publisher.events([desk.log.change(1, 'en_cours'), desk.log.change(2, 'annulee')]);
    await desk.publisher.events([desk.log.change(1, 'terminee'), ...desk.log.place()]);
    const witness = await open(desk.live(`?after=${from}`));
    await witness.until('the head', () => witness.frames.at(-1)?.id === desk.log.cursor);
    const rows = async (view: View) => {
      const stream = await open(desk.live(`?view=${view}&after=${from}`));
      return updateOf(stream.updates[0]).rows.map(({ id, status, inView }) => [id, status, inView]);
    };
    const [third, second, first] = ['en_attente', 'annulee', 'terminee'];
    expect(await rows('all')).toEqual([
      [3, third, true],
      [2, second, true],
      [1, first, true],
    ]);
    expect(await rows('en_attente')).toEqual([
      [3, third, true],
      [2, second, false],
      [1, first, false],
    ]);
    expect(await rows('en_cours')).toEqual([[1, first, false]]);
    expect(await rows('terminee')).toEqual([[1, first, true]]);
    expect(await rows('annulee')).toEqual([[2, second, true]]);
  });

  test('that nobody looks at is not rendered; one that many look at is rendered once', async () => {
    const rendered: View[] = [];
    const render = {
      ...jsonRender,
      update: (update: Parameters<typeof jsonRender.update>[0]) => {
        rendered.push(update.view);
        return jsonRender.update(update);
      },
    };
    desk = await startDesk(redis.url, { render });
    const crowd = await Promise.all(Array.from({ length: 10 }, () => open(desk.live('?view=en_attente'))));
    await desk.publisher.events(desk.log.place());
    for (const stream of crowd) await stream.until('the row', () => stream.updates.length === 1);
    expect(rendered).toEqual(['en_attente']);
  });

  test('that cannot be rendered is told to refetch, and the next change comes', async () => {
    let isBroken = true;
    desk = await startDesk(redis.url, {
      render: {
        ...jsonRender,
        update: (update) => {
          if (isBroken) throw new Error('broken');
          return jsonRender.update(update);
        },
      },
    });
    const stream = await open(desk.live());
    await desk.publisher.events(desk.log.place());
    await stream.until('reset', () => stream.frames.at(-1)?.event === 'reset');
    expect(stream.frames.at(-1)?.id).toBe(desk.log.cursor);
    isBroken = false;
    await desk.publisher.events(desk.log.place());
    await stream.until('the row', () => stream.updates.length === 1);
  });

  test('keeps text with line ends whole', async () => {
    desk = await startDesk(redis.url, { render: { ...jsonRender, update: () => 'a\nb\r\n\r\nc\rid: 9\n' } });
    const stream = await open(desk.live());
    await desk.publisher.events(desk.log.place());
    await stream.until('the text', () => stream.updates.length === 1);
    expect(stream.updates[0]).toEqual({ event: undefined, id: desk.log.cursor, data: 'a\nb\n\nc\nid: 9\n' });
  });
});

test('for any history, cut anywhere, an open table of any view ends with the rows of that view', () => {
  const step = fc.record({ id: fc.nat(7), status: fc.constantFrom(...STATUSES) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.array(fc.integer({ min: 1, max: 8 })), (steps, sizes) => {
      const log = new OrderLog();
      for (const { id, status } of steps) {
        const order = [...log.orders.values()][id];
        if (!order) log.place();
        else if (order.status !== status) log.change(order.id, status);
      }
      for (const view of VIEWS) {
        const shown = new Map<number, Status>();
        for (let from = 0, turn = 0; from < log.head; turn += 1) {
          const events = log.events.slice(from, from + (sizes[turn] ?? 3));
          from += events.length;
          const update = gatherUpdate(view, events, `${log.epoch}.${from}`);
          expect(update.counts).toEqual(log.events[from - 1]?.counts);
          for (const { order, inView } of update.rows) {
            expect(inView).toBe(isInView(view, order.status));
            if (inView) shown.set(order.id, order.status);
            else shown.delete(order.id);
          }
        }
        const inView = [...log.orders.values()].filter(({ status }) => isInView(view, status));
        expect(shown).toEqual(new Map(inView.map(({ id, status }) => [id, status])));
      }
    }),
  );
});

describe("a shopper's page", () => {
  const livePage = (id: number, query = '') => `${desk.notifier.url}/live/order/${desk.log.tokens.get(id)}${query}`;

  test('hears of its own order alone, every step of it', async () => {
    desk = await startDesk(redis.url, { placed: 3 });
    const [mine, other] = [await open(livePage(1)), await open(livePage(2))];
    await desk.publisher.events([desk.log.change(1, 'en_cours'), ...desk.log.place(), desk.log.change(1, 'terminee')]);
    await desk.publisher.events([desk.log.change(2, 'annulee')]);
    await mine.until('both steps', () => mine.updates.length === 2);
    await other.until('its step', () => other.updates.length === 1);
    expect(mine.updates).toEqual([
      { event: undefined, id: `${desk.log.epoch}.4`, data: '{"id":1,"status":"en_cours"}' },
      { event: undefined, id: `${desk.log.epoch}.6`, data: '{"id":1,"status":"terminee"}' },
    ]);
    expect(other.updates.map(({ data }) => data)).toEqual(['{"id":2,"status":"annulee"}']);
  });

  test('is caught up by cursor, and proved current', async () => {
    desk = await startDesk(redis.url, { placed: 3 });
    const from = desk.log.cursor;
    await desk.publisher.events([desk.log.change(1, 'en_cours'), desk.log.change(2, 'annulee')]);
    const page = await open(livePage(1, `?after=${from}`));
    await page.until('a head', () => page.frames.at(-1)?.event === 'head');
    expect(page.frames.map(({ event, id }) => [event, id])).toEqual([
      [undefined, `${desk.log.epoch}.4`],
      ['head', `${desk.log.epoch}.5`],
    ]);
  });

  test('has heartbeats like any other stream', async () => {
    desk = await startDesk(redis.url, { placed: 1, limits: { heartbeatMs: 50, tickMs: 20 } });
    const page = await open(livePage(1));
    await page.until('two heads', () => page.frames.filter(({ event }) => event === 'head').length > 1);
  });

  test('may be open in a few windows, not in many', async () => {
    desk = await startDesk(redis.url, { placed: 2, limits: { streamsPerShopper: 2 } });
    await Promise.all([open(livePage(1)), open(livePage(1))]);
    const third = await openStream(livePage(1));
    await third.until('the end', third.isEnded);
    expect(third.text()).toMatch(/^retry: \d+\n\n$/);
    expect((await open(livePage(2))).isEnded()).toBe(false);
  });
});

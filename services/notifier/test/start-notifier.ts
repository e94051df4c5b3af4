import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { type ChannelMessage, EVENTS_CHANNEL, type OrderEvent } from '../../../shared/contracts/event.ts';
import { listen } from '../../../shared/process/http-server.ts';
import { createLogger } from '../../../shared/process/log.ts';
import { createNotifier } from '../app.ts';
import type { Limits } from '../limits.ts';
import type { Render } from '../render-frames.ts';
import { type FakeOrders, SERVICE_TOKEN, startFakeOrders } from './fake-orders.ts';
import { OrderLog, SESSION_SECRET } from './order-log.ts';

/** Frames that a test can compare with the log; what the pages' own renderers write is the pages' to test. */
export const jsonRender: Render = {
  update: ({ rows, ...update }) =>
    JSON.stringify({
      ...update,
      rows: rows.map(({ order, inView }) => ({ id: order.id, version: order.version, status: order.status, inView })),
    }),
  shopper: (event) => JSON.stringify({ id: event.order.id, status: event.order.status }),
};

export interface TestNotifier {
  url: string;
  metric(name: string): Promise<number>;
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

/** A notifier in this process, behind a real server. */
export async function startNotifier(options: {
  redisUrl: string;
  ordersUrl: string;
  limits?: Partial<Limits>;
  render?: Render;
}): Promise<TestNotifier> {
  const registry = new Registry();
  const notifier = createNotifier({
    redisUrl: options.redisUrl,
    ordersUrl: options.ordersUrl,
    sessionSecret: SESSION_SECRET,
    serviceToken: SERVICE_TOKEN,
    render: options.render ?? jsonRender,
    renderFacts: (facts) => JSON.stringify(facts),
    logger: createLogger('notifier', process.env.TEST_LOG_LEVEL ?? 'silent'),
    registry,
    limits: options.limits ?? {},
  });
  const http = await listen({ ...notifier, port: 0, host: '127.0.0.1' });
  notifier.start();
  return {
    url: `http://127.0.0.1:${http.port}`,
    async metric(name) {
      const found = (await registry.getSingleMetric(name)?.get())?.values ?? [];
      return found.reduce((sum, { value }) => sum + value, 0);
    },
    async isReady() {
      return (await fetch(`http://127.0.0.1:${http.port}/readyz`)).ok;
    },
    async close() {
      const closed = http.close(1000);
      await notifier.close();
      await closed;
    },
  };
}

/** What an orders process says over Redis. */
export interface Publisher {
  events(events: readonly OrderEvent[]): Promise<void>;
  /** A message for each, which Redis hands on all at once. */
  atOnce(events: readonly OrderEvent[]): Promise<void>;
  head(): Promise<void>;
  raw(text: string): Promise<void>;
  close(): void;
}

/** @param beats whether it says the head every second, as each orders process does */
export function startPublisher(redisUrl: string, log: OrderLog, beats = true): Publisher {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 500 });
  redis.on('error', () => {});
  const ready = new Promise<void>((resolve) => redis.once('ready', () => resolve()));
  const say = async (message: ChannelMessage) => {
    await ready;
    // With Redis down nothing is said; that is the point of such tests.
    await redis.publish(EVENTS_CHANNEL, JSON.stringify(message)).catch(() => {});
  };
  const beat = setInterval(() => beats && void say({ epoch: log.epoch, head: log.head }), 1000);
  return {
    events: (events) => say({ epoch: log.epoch, events: [...events] }),
    async atOnce(events) {
      await ready;
      const all = redis.multi();
      for (const event of events) all.publish(EVENTS_CHANNEL, JSON.stringify({ epoch: log.epoch, events: [event] }));
      await all.exec();
    },
    head: () => say({ epoch: log.epoch, head: log.head }),
    async raw(text) {
      await ready;
      await redis.publish(EVENTS_CHANNEL, text);
    },
    close() {
      clearInterval(beat);
      redis.disconnect();
    },
  };
}

/** A log, the orders process that has it, a notifier that follows it, and the way to publish. */
export interface Desk {
  log: OrderLog;
  orders: FakeOrders;
  publisher: Publisher;
  notifier: TestNotifier;
  live(query?: string): string;
  close(): Promise<void>;
}

export async function startDesk(
  redisUrl: string,
  options: {
    placed?: number;
    beats?: boolean;
    /** Where the notifier finds Redis, if there is something in between. */
    redisVia?: string;
    limits?: Partial<Limits>;
    render?: Render;
  } = {},
): Promise<Desk> {
  const log = new OrderLog();
  log.place(options.placed ?? 0);
  const orders = await startFakeOrders(log);
  const publisher = startPublisher(redisUrl, log, options.beats);
  const { limits = {}, render = jsonRender } = options;
  const notifier = await startNotifier({
    redisUrl: options.redisVia ?? redisUrl,
    ordersUrl: orders.url,
    limits,
    render,
  });
  await eventually('the notifier is ready', () => notifier.isReady());
  return {
    log,
    orders,
    publisher,
    notifier,
    live: (query = '') => `${notifier.url}/live/orders${query}`,
    async close() {
      publisher.close();
      await notifier.close();
      await orders.close();
    },
  };
}

/** Waits for something that no stream tells. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

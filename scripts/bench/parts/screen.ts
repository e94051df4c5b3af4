import { join } from 'node:path';
import { letShoppersOrder } from '../clients/shoppers.ts';
import { CHANNEL_REQUEST, streamRequest, tableRequests } from '../clients/stream-requests.ts';
import { startSubscribers } from '../clients/subscribers.ts';
import { type Figures, MSP } from '../figures.ts';
import { meanBetween, readHistograms } from '../histograms.ts';
import { startProgram } from '../servers/program.ts';
import { type Ground, HOT_PRODUCTS, PRODUCTS, startGround, startNotifier, startOrders } from '../servers/shop.ts';
import type { Workbench } from '../workbench.ts';

interface Plan {
  subscribers: number;
  perSecond: number;
  seconds: number;
}

const PLANS: Record<Workbench['extent'], Plan[]> = {
  full: [
    { subscribers: 50, perSecond: 100, seconds: 5 },
    { subscribers: 1_000, perSecond: 100, seconds: 5 },
    { subscribers: 1_000, perSecond: 500, seconds: 5 },
  ],
  quick: [
    { subscribers: 50, perSecond: 100, seconds: 1.5 },
    { subscribers: 1_000, perSecond: 100, seconds: 1.5 },
    { subscribers: 1_000, perSecond: 500, seconds: 1.5 },
  ],
  smoke: [{ subscribers: 20, perSecond: 50, seconds: 0.5 }],
};
const RIVAL = join(import.meta.dirname, '../rivals/naive-shop.ts');
const CONNECTIONS = 128;
const RIVAL_CONNECTIONS = 32;
/** It does not keep up with so many to a thousand tables; of more there is nothing to learn. */
const NAIVE_PER_SECOND = 100;
const WARM_UP_SECONDS = 1;
/** What has not come by then counts as not delivered. */
const DELIVERY_DEADLINE_MS = 3_000;

/**
 * From the moment an order is due to the row on every open table, with everything on the same cores: the database,
 * Redis, the services, the shoppers and the subscribers.
 */
export async function benchScreen(bench: Workbench, figures: Figures): Promise<void> {
  const ground = await startGround(bench, 'anywhere');
  try {
    for (const plan of PLANS[bench.extent]) {
      const at = `${plan.subscribers.toLocaleString('en')} subscribers, ${plan.perSecond} orders/s`;
      for (let round = 0; round < bench.rounds; round += 1) {
        const turns = [() => ours(bench, ground, plan, at, figures)];
        if (plan.perSecond <= NAIVE_PER_SECOND) turns.push(() => naive(bench, ground, plan, at, figures));
        for (const measure of round % 2 === 0 ? turns : turns.toReversed()) await measure();
      }
    }
  } finally {
    await ground.stop();
  }
}

async function ours(bench: Workbench, ground: Ground, plan: Plan, at: string, figures: Figures): Promise<void> {
  const shop = await ground.newShop();
  const orders = await startOrders(bench, shop, 'anywhere');
  const notifier = await startNotifier(bench, shop, orders.url, 'anywhere');
  // One more subscriber, of the channel itself: what it hears, notifiers hear at the same time.
  const channel = { port: ground.redisPort, count: 1, events: eventsOf(plan), place: 'anywhere' as const };
  const tap = startSubscribers(bench, channel);
  try {
    await tap.open([CHANNEL_REQUEST]);
    const read = () => Promise.all([readHistograms(orders.url), readHistograms(notifier.url)]);
    let before = await read();
    await rowsOnScreens(bench, plan, orders.port, {
      port: notifier.port,
      requests: tableRequests(shop.SESSION_SECRET, plan.subscribers),
      at,
      name: MSP,
      figures,
      async warm() {
        before = await read();
        await tap.clear();
      },
    });
    const after = await read();
    const heard = await tap.report();
    figures.add(at, 'leg: heard on Redis, median', 'ms', MSP, heard.medianUs / 1000);
    figures.add(at, 'leg: heard on Redis, p99', 'ms', MSP, heard.p99Us / 1000);
    const mean = (what: string, service: 0 | 1, name: string) => {
      const seconds = meanBetween(before[service], after[service], name);
      if (seconds !== undefined) figures.add(at, what, 'ms', MSP, seconds * 1000);
    };
    mean('leg: within orders, mean', 0, 'http_request_duration_seconds');
    mean('leg: group to commit, mean', 0, 'intake_group_seconds');
    mean('leg: flush to all streams, mean', 1, 'flush_seconds');
    const rows = meanBetween(before[1], after[1], 'frame_rows');
    if (rows !== undefined) figures.add(at, 'rows in a frame, mean', '', MSP, rows);
  } finally {
    await Promise.all([tap.stop(), notifier.stop(), orders.stop()]);
  }
}

async function naive(bench: Workbench, ground: Ground, plan: Plan, at: string, figures: Figures): Promise<void> {
  const shop = await ground.newShop();
  const env = { ...shop, CONNECTIONS: String(RIVAL_CONNECTIONS) };
  const server = await startProgram(bench, { name: 'rival', file: RIVAL, place: 'anywhere', env });
  try {
    await rowsOnScreens(bench, plan, server.port, {
      port: server.port,
      requests: [streamRequest('/live/orders')],
      at,
      name: 'Kysely + streamSSE',
      figures,
      warm: async () => {},
    });
  } finally {
    await server.stop();
  }
}

const eventsOf = (plan: Plan) => Math.ceil(plan.perSecond * Math.max(plan.seconds, WARM_UP_SECONDS)) + 1;

/** Opens the tables, orders for a while to warm up and then for the figures, and notes when rows came. */
async function rowsOnScreens(
  bench: Workbench,
  plan: Plan,
  ordersPort: number,
  live: {
    port: number;
    requests: readonly string[];
    at: string;
    name: string;
    figures: Figures;
    /** Called between warming up and measuring. */
    warm: () => Promise<void>;
  },
): Promise<void> {
  const { at, name, figures } = live;
  const crowd = startSubscribers(bench, {
    port: live.port,
    count: plan.subscribers,
    events: eventsOf(plan),
    place: 'anywhere',
  });
  try {
    await crowd.open(live.requests);
    const order = (seconds: number) =>
      letShoppersOrder(bench, {
        port: ordersPort,
        connections: CONNECTIONS,
        seconds,
        rate: plan.perSecond,
        products: PRODUCTS,
        hot: HOT_PRODUCTS,
        place: 'anywhere',
      });
    const warmUp = await order(WARM_UP_SECONDS);
    await crowd.wait(warmUp.placed * plan.subscribers, DELIVERY_DEADLINE_MS);
    await crowd.clear();
    await live.warm();
    const ordered = await order(plan.seconds);
    const wanted = ordered.due * plan.subscribers;
    await crowd.wait(wanted, DELIVERY_DEADLINE_MS);
    const rows = await crowd.report();
    figures.add(at, 'click to screen, median', 'ms', name, rows.medianUs / 1000);
    figures.add(at, 'click to screen, p99', 'ms', name, rows.p99Us / 1000);
    figures.add(at, 'rows delivered', '%', name, (100 * rows.delivered) / wanted);
    figures.add(at, 'orders placed', '%', name, (100 * ordered.placed) / ordered.due);
    figures.add(at, 'leg: answered to the shopper, median', 'ms', name, ordered.medianUs / 1000);
    figures.add(at, 'leg: answered to the shopper, p99', 'ms', name, ordered.p99Us / 1000);
  } finally {
    await crowd.stop();
  }
}

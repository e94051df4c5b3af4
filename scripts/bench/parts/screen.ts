import { join } from 'node:path';
import { letShoppersOrder } from '../clients/shoppers.ts';
import { CHANNEL_REQUEST, streamRequest, tableRequests } from '../clients/stream-requests.ts';
import { startSubscribers } from '../clients/subscribers.ts';
import { type Figures, MSP } from '../figures.ts';
import { meanBetween, readHistograms } from '../histograms.ts';
import { type Program, startProgram } from '../servers/program.ts';
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
    { subscribers: 50, perSecond: 100, seconds: 1 },
    { subscribers: 1_000, perSecond: 100, seconds: 1 },
    { subscribers: 1_000, perSecond: 500, seconds: 1 },
  ],
  smoke: [{ subscribers: 20, perSecond: 50, seconds: 0.5 }],
};
const RIVAL = join(import.meta.dirname, '../rivals/naive-shop.ts');
/** As many as `web` keeps to the orders service. */
const CONNECTIONS = 64;
const RIVAL_CONNECTIONS = 32;
/** It does not keep up with so many to a thousand tables; of more there is nothing to learn. */
const NAIVE_PER_SECOND = 100;
/** Before anything is measured, to few tables: what is open all day does not run its code for the first time. */
const DAY = { perSecond: 500, subscribers: 10, seconds: { full: 3, quick: 1, smoke: 0.5 } };
const WARM_UP_SECONDS = 1;
/** What has not come by then counts as not delivered. */
const DELIVERY_DEADLINE_MS = 3_000;

/** Where rows come from, and what a browser sends to get them. */
interface Live {
  port: number;
  requests: (streams: number) => readonly string[];
}

/**
 * From the moment an order is due to the row on every open table, with everything on the same cores: the database,
 * Redis, the services, the shoppers and the subscribers. Each round goes through all loads with the same processes.
 */
export async function benchScreen(bench: Workbench, figures: Figures): Promise<void> {
  const ground = await startGround(bench, 'anywhere');
  try {
    for (let round = 0; round < bench.rounds; round += 1) {
      for (const measure of round % 2 === 0 ? [ours, naive] : [naive, ours]) await measure(bench, ground, figures);
    }
  } finally {
    await ground.stop();
  }
}

async function ours(bench: Workbench, ground: Ground, figures: Figures): Promise<void> {
  const shop = await ground.newShop();
  const orders = await startOrders(bench, shop, 'anywhere');
  const notifier = await startNotifier(bench, shop, orders.url, 'anywhere');
  const live = { port: notifier.port, requests: (streams: number) => tableRequests(shop.SESSION_SECRET, streams) };
  try {
    await spendDay(bench, orders, live);
    for (const plan of PLANS[bench.extent]) await byLeg(bench, plan, { orders, notifier, ground, live, figures });
  } finally {
    await Promise.all([notifier.stop(), orders.stop()]);
  }
}

async function byLeg(
  bench: Workbench,
  plan: Plan,
  shop: { orders: Program; notifier: Program; ground: Ground; live: Live; figures: Figures },
): Promise<void> {
  const { orders, notifier, figures } = shop;
  const at = nameOf(plan);
  // One more subscriber, of the channel itself: what it hears, notifiers hear at the same time.
  const channel = { port: shop.ground.redisPort, count: 1, events: eventsOf(plan), place: 'anywhere' as const };
  const tap = startSubscribers(bench, channel);
  try {
    await tap.open([CHANNEL_REQUEST]);
    const read = () => Promise.all([readHistograms(orders.url), readHistograms(notifier.url)]);
    let before = await read();
    await rowsOnScreens(bench, plan, orders, shop.live, {
      name: MSP,
      figures,
      async begin() {
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
    await tap.stop();
  }
}

async function naive(bench: Workbench, ground: Ground, figures: Figures): Promise<void> {
  const shop = await ground.newShop();
  const env = { ...shop, CONNECTIONS: String(RIVAL_CONNECTIONS) };
  const server = await startProgram(bench, { name: 'rival', file: RIVAL, place: 'anywhere', env });
  const live = { port: server.port, requests: () => [streamRequest('/live/orders')] };
  const plans = PLANS[bench.extent].filter(({ perSecond }) => perSecond <= NAIVE_PER_SECOND);
  try {
    await spendDay(bench, server, live);
    for (const plan of plans) await rowsOnScreens(bench, plan, server, live, { name: 'Kysely + streamSSE', figures });
  } finally {
    await server.stop();
  }
}

const nameOf = ({ subscribers, perSecond }: Plan) =>
  `${subscribers.toLocaleString('en')} subscribers, ${perSecond} orders/s`;
const eventsOf = (plan: Plan) => Math.ceil(plan.perSecond * Math.max(plan.seconds, WARM_UP_SECONDS)) + 1;

async function spendDay(bench: Workbench, orders: Program, live: Live): Promise<void> {
  const { perSecond, subscribers } = DAY;
  const plan = { subscribers, perSecond, seconds: DAY.seconds[bench.extent] };
  const crowd = startCrowd(bench, plan, live);
  try {
    await crowd.open(live.requests(subscribers));
    const { placed } = await order(bench, orders, perSecond, plan.seconds);
    await crowd.wait(placed * subscribers, DELIVERY_DEADLINE_MS);
  } finally {
    await crowd.stop();
  }
}

/** Opens the tables, orders for a while to warm up and then for the figures, and notes when rows came. */
async function rowsOnScreens(
  bench: Workbench,
  plan: Plan,
  orders: Program,
  live: Live,
  /** `begin` is called between warming up and measuring. */
  { name, figures, begin }: { name: string; figures: Figures; begin?: () => Promise<void> },
): Promise<void> {
  const at = nameOf(plan);
  const { subscribers, perSecond, seconds } = plan;
  const crowd = startCrowd(bench, plan, live);
  try {
    await crowd.open(live.requests(subscribers));
    const warmUp = await order(bench, orders, perSecond, WARM_UP_SECONDS);
    await crowd.wait(warmUp.placed * subscribers, DELIVERY_DEADLINE_MS);
    await crowd.clear();
    await begin?.();
    const ordered = await order(bench, orders, perSecond, seconds);
    const wanted = ordered.due * subscribers;
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

const startCrowd = (bench: Workbench, plan: Plan, { port }: Live) =>
  startSubscribers(bench, { port, count: plan.subscribers, events: eventsOf(plan), place: 'anywhere' });

const order = (bench: Workbench, { port }: Program, rate: number, seconds: number) =>
  letShoppersOrder(bench, {
    port,
    connections: CONNECTIONS,
    seconds,
    rate,
    products: PRODUCTS,
    hot: HOT_PRODUCTS,
    place: 'anywhere',
  });

import { join } from 'node:path';
import { letShoppersOrder, type ShoppersOptions } from '../clients/shoppers.ts';
import { type Figures, MSP } from '../figures.ts';
import { type Program, runProgram, startProgram } from '../servers/program.ts';
import { type Ground, HOT_PRODUCTS, PRODUCTS, type ShopSettings, startGround, startOrders } from '../servers/shop.ts';
import type { Workbench } from '../workbench.ts';

/** Seconds that count, and before them those in which everybody warms up: a process takes orders all day. */
const PLANS = {
  full: { clients: [1, 32, 128], seconds: 3.5, warmSeconds: 2.5, openSeconds: 5 },
  quick: { clients: [1, 128], seconds: 0.6, warmSeconds: 0.4, openSeconds: 1 },
  smoke: { clients: [4], seconds: 0.4, warmSeconds: 0.1, openSeconds: 0.5 },
} as const;
const RIVALS = join(import.meta.dirname, '../rivals');
const NO_OP_CLIENTS = 64;
/** So many that two orders hardly ever meet at one. */
const COOL_PRODUCTS = 1_000;
const OPEN_RATE = 1_000;
const OPEN_CONNECTIONS = 256;
/** At a rate, connections that are opened and code that runs for the first time are none of the question. */
const WARM_SECONDS = 1;
/** One client orders a tenth of what many do, and code is warm after so many orders, not after so many seconds. */
const LONGER_ALONE = 4;
/** Of what the service can take, due at once; more connections than that keeps waiting. */
const OVERLOAD = 3;
const OVERLOAD_CONNECTIONS = 1_000;

interface Sample {
  perSecond: number;
  medianUs: number;
  p99Us: number;
  /** Processor time an order, of whoever takes it and of the database, in microseconds. */
  serviceUs: number;
  databaseUs: number;
}
type Measure = (clients: number) => Promise<Sample>;

/**
 * `POST /orders` through the whole service, over HTTP. Service, database and shoppers have every core between them, like
 * those of the rivals: nobody holds them to one in production either. Every measurement begins on empty tables.
 */
export async function benchIntake(bench: Workbench, figures: Figures): Promise<void> {
  const plan = PLANS[bench.extent];
  const ground = await startGround(bench, 'anywhere');
  try {
    const closedFor = (clients: number) => {
      const warmSeconds = plan.warmSeconds * (clients === 1 ? LONGER_ALONE : 1);
      return { seconds: warmSeconds + plan.seconds, warmSeconds };
    };
    const closed: [string, Measure][] = [
      [MSP, (connections) => overHttp(bench, ground, startOurs, { connections, ...closedFor(connections) })],
      ['mysql2 loop', (clients) => tightLoop(bench, ground, { clients, ...closedFor(clients) })],
      ['Kysely', (connections) => overHttp(bench, ground, startNaive, { connections, ...closedFor(connections) })],
    ];
    for (const clients of plan.clients) {
      const at = `${clients} client${clients === 1 ? '' : 's'}, ${PRODUCTS} products, ${HOT_PRODUCTS} hot`;
      await takingTurns(bench.rounds, closed, async (name, measure) => note(figures, at, name, await measure(clients)));
    }
    const cool = { connections: NO_OP_CLIENTS, ...closedFor(NO_OP_CLIENTS), products: COOL_PRODUCTS, hot: 0 };
    const bound: [string, Measure][] = [
      [MSP, () => overHttp(bench, ground, startOurs, cool)],
      ['no-op', () => overHttp(bench, ground, startNoOp, cool)],
      ['no-op by Hono', () => overHttp(bench, ground, startNoOpByHono, cool)],
    ];
    await takingTurns(bench.rounds, bound, async (name, measure) =>
      note(figures, `${NO_OP_CLIENTS} clients, ${COOL_PRODUCTS} products`, name, await measure(0)),
    );
    const timed = { seconds: WARM_SECONDS + plan.openSeconds, warmSeconds: WARM_SECONDS };
    const open = { connections: OPEN_CONNECTIONS, ...timed, rate: OPEN_RATE };
    const steady: [string, Measure][] = [
      [MSP, () => overHttp(bench, ground, startOurs, open)],
      ['Kysely', () => overHttp(bench, ground, startNaive, open)],
    ];
    await takingTurns(bench.rounds, steady, async (name, measure) =>
      note(figures, `${OPEN_RATE.toLocaleString('en')} orders due a second`, name, await measure(0)),
    );
  } finally {
    await ground.stop();
  }
  if (bench.extent !== 'smoke') await benchOverload(bench, figures, plan);
}

type Plan = (typeof PLANS)[Workbench['extent']];

/** What becomes of orders when three times as many come as can be taken. Who sends them takes no time from the service. */
async function benchOverload(bench: Workbench, figures: Figures, plan: Plan): Promise<void> {
  const ground = await startGround(bench, 'other');
  try {
    for (let round = 0; round < bench.rounds; round += 1) await overload(bench, ground, figures, plan);
  } finally {
    await ground.stop();
  }
}

async function overload(bench: Workbench, ground: Ground, figures: Figures, plan: Plan): Promise<void> {
  const server = await startOrders(bench, await ground.newShop(), 'measured');
  try {
    const common = { port: server.port, products: PRODUCTS, hot: HOT_PRODUCTS, place: 'other' as const };
    const { perSecond } = await letShoppersOrder(bench, {
      ...common,
      connections: 128,
      seconds: plan.warmSeconds + plan.seconds,
      warmSeconds: plan.warmSeconds,
      rate: 0,
    });
    const rate = Math.round(OVERLOAD * perSecond);
    const timed = { seconds: WARM_SECONDS + plan.openSeconds, warmSeconds: WARM_SECONDS };
    const load = { ...common, connections: OVERLOAD_CONNECTIONS, ...timed, rate };
    const { p99Us, refusedP99Us, ...ordered } = await letShoppersOrder(bench, load);
    const at = `${OVERLOAD} times what can be taken`;
    figures.add(at, 'orders a second', '', MSP, ordered.perSecond);
    figures.add(at, 'p99 of those placed', 'ms', MSP, p99Us / 1000);
    figures.add(at, 'p99 of those refused', 'ms', MSP, refusedP99Us / 1000);
  } finally {
    await server.stop();
  }
}

/** Everybody once a round; whoever begins changes from round to round. */
async function takingTurns<T>(
  rounds: number,
  contenders: readonly [string, T][],
  measure: (name: string, contender: T) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const [turn] of contenders.entries()) {
      const [name, contender] = contenders[(turn + round) % contenders.length]!;
      await measure(name, contender);
    }
  }
}

function note(figures: Figures, at: string, name: string, sample: Sample): void {
  figures.add(at, 'orders a second', '', name, sample.perSecond);
  figures.add(at, 'median', 'ms', name, sample.medianUs / 1000);
  figures.add(at, 'p99', 'ms', name, sample.p99Us / 1000);
  figures.add(at, 'CPU an order, service', 'µs', name, sample.serviceUs);
  figures.add(at, 'CPU an order, database', 'µs', name, sample.databaseUs);
}

type Start = (bench: Workbench, shop: ShopSettings, connections: number) => Promise<Program>;
const rival = (file: string): Start => {
  return (bench, shop, connections) =>
    startProgram(bench, {
      name: 'rival',
      file: join(RIVALS, file),
      place: 'anywhere',
      env: { ...shop, CONNECTIONS: String(connections) },
    });
};
const startOurs: Start = (bench, shop) => startOrders(bench, shop, 'anywhere');
const startNaive = rival('naive-shop.ts');
const startNoOp = rival('no-op-orders.ts');
const startNoOpByHono: Start = (bench, shop, connections) =>
  startNoOp(bench, { ...shop, FRAMEWORK: 'yes' }, connections);

async function overHttp(
  bench: Workbench,
  ground: Ground,
  start: Start,
  load: Pick<ShoppersOptions, 'connections' | 'seconds'> & Partial<ShoppersOptions>,
): Promise<Sample> {
  const shop = await ground.newShop();
  if (load.products) await stockMore(ground, shop, load.products);
  const server = await start(bench, shop, load.connections);
  try {
    const common = { rate: 0, products: PRODUCTS, hot: HOT_PRODUCTS, place: 'anywhere' as const };
    const before = [server.cost().cpuUs, ground.databaseCost().cpuUs] as const;
    const ordered = await letShoppersOrder(bench, { ...common, port: server.port, ...load });
    return {
      ...ordered,
      serviceUs: (server.cost().cpuUs - before[0]) / ordered.sent,
      databaseUs: (ground.databaseCost().cpuUs - before[1]) / ordered.sent,
    };
  } finally {
    await server.stop();
  }
}

/** Fills the catalogue up to so many products. */
async function stockMore(ground: Ground, shop: ShopSettings, products: number): Promise<void> {
  const rows = Array.from({ length: products - PRODUCTS }, (_, i) => [
    `bench-${i}`,
    `Article ${i}`,
    '',
    990,
    1_000_000_000,
  ]);
  await ground.query(shop, 'insert into products (slug, name, description, price_cents, stock) values ?', [rows]);
}

async function tightLoop(
  bench: Workbench,
  ground: Ground,
  { clients, seconds, warmSeconds }: { clients: number; seconds: number; warmSeconds: number },
): Promise<Sample> {
  const env = await ground.newShop();
  const before = ground.databaseCost().cpuUs;
  const output = await runProgram(bench, {
    name: 'tight-loop',
    file: join(RIVALS, 'tight-loop.ts'),
    place: 'anywhere',
    env,
    args: [clients, seconds, warmSeconds, HOT_PRODUCTS].map(String),
  });
  const { sent, ...sample } = JSON.parse(output) as Omit<Sample, 'databaseUs'> & { sent: number };
  return { ...sample, databaseUs: (ground.databaseCost().cpuUs - before) / sent };
}

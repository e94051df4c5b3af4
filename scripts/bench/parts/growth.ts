import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chart } from '../chart.ts';
import { get } from '../clients/get.ts';
import { letShoppersOrder } from '../clients/shoppers.ts';
import { type ContenderName, sampleFrame, startContender } from '../fan-out/contenders.ts';
import { canOpen, measureFanOut } from '../fan-out/measure.ts';
import { type Figures, MSP, type Summary } from '../figures.ts';
import { startProgram } from '../servers/program.ts';
import {
  type Ground,
  HOT_PRODUCTS,
  newOldShop,
  PRODUCTS,
  type ShopSettings,
  signIn,
  startGround,
  startOrders,
} from '../servers/shop.ts';
import { median } from '../statistics.ts';
import type { Workbench } from '../workbench.ts';

const STEPS = {
  full: {
    subscribers: [100, 300, 1_000, 3_000, 10_000],
    rates: [10, 30, 100, 300, 1_000],
    rows: [1_000, 10_000, 100_000, 1_000_000],
    seconds: 1.5,
    reads: 20,
  },
  quick: { subscribers: [1_000], rates: [300], rows: [10_000], seconds: 0.5, reads: 6 },
  smoke: { subscribers: [10, 20], rates: [20, 50], rows: [100, 1_000], seconds: 0.4, reads: 3 },
} as const;
/** The same number of deliveries a second at every size, within what a table can follow. */
const DELIVERIES_PER_SECOND = 20_000;
const ROWS_PER_SECOND = { least: 2, most: 20 };
const CONNECTIONS = 64;
/** After many orders at once ours adds their sales up, within three seconds: no part of what the first step costs. */
const SETTLE_MS = 3_500;
const NAIVE = join(import.meta.dirname, '../rivals/naive-shop.ts');

const SUBSCRIBERS = 'subscribers';
const RATE = 'orders/s';
const ROWS = 'orders in the table';
const CPU_OF_DELIVERY = 'CPU per delivery';
const CPU_OF_ORDER = 'CPU per order, database included';

/** What one step costs while the load grows. */
export async function benchGrowth(bench: Workbench, figures: Figures): Promise<void> {
  const ground = await startGround(bench, 'other');
  try {
    await growSubscribers(bench, ground, figures);
    await growRate(bench, ground, figures);
    await growTable(bench, ground, figures);
  } finally {
    await ground.stop();
  }
}

/** The charts that show it. */
export function growthCharts(summaries: readonly Summary[]): Record<string, Chart> {
  const byContender = (of: string, what: string, names: readonly string[]) =>
    names
      .map((name) => ({ name, points: points(summaries, of, what, name) }))
      .filter(({ points }) => points.length > 0);
  const reads = [...new Set(summaries.filter(({ at }) => at.endsWith(ROWS)).map(({ what }) => what))];
  return {
    'bench-subscribers.svg': {
      title: 'One row to one subscriber, while subscribers grow',
      xLabel: SUBSCRIBERS,
      yLabel: 'CPU per delivery, µs',
      series: byContender(SUBSCRIBERS, CPU_OF_DELIVERY, [MSP, 'nchan']),
    },
    'bench-orders.svg': {
      title: 'One order, while orders grow',
      xLabel: 'orders a second',
      yLabel: 'CPU per order, database included, ms',
      series: byContender(RATE, CPU_OF_ORDER, [MSP, 'Kysely']),
    },
    'bench-table.svg': {
      title: 'One request, while the order table grows',
      xLabel: ROWS,
      yLabel: 'median, ms',
      series: reads.map((what) => ({ name: what, points: points(summaries, ROWS, what, MSP) })),
    },
  };
}

function points(summaries: readonly Summary[], of: string, what: string, name: string): [number, number][] {
  return summaries
    .filter((summary) => summary.at.endsWith(of) && summary.what === what)
    .flatMap((summary): [number, number][] => {
      const contender = summary.contenders.find((one) => one.name === name);
      return contender ? [[Number.parseInt(summary.at.replaceAll(',', ''), 10), contender.median]] : [];
    });
}

const count = (value: number) => value.toLocaleString('en');

/** Each contender climbs all steps with one server, which is warm at the first as it is at the last. */
async function growSubscribers(bench: Workbench, ground: Ground, figures: Figures): Promise<void> {
  const { seconds, subscribers } = STEPS[bench.extent];
  const sizes = subscribers.filter((size) => canOpen(bench, size));
  const frame = await sampleFrame(bench, ground);
  const contenders: ContenderName[] = bench.nginx ? [MSP, 'nchan'] : [MSP];
  const { least, most } = ROWS_PER_SECOND;
  const plan = (size: number) => ({
    subscribers: size,
    perSecond: Math.min(most, Math.max(least, DELIVERIES_PER_SECOND / size)),
    seconds,
    bursts: 0,
    crowd: false,
  });
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const name of inTurn(contenders, round)) {
      const server = await startContender(bench, ground, name, frame);
      try {
        await measureFanOut(bench, server, plan(sizes[Math.floor(sizes.length / 2)]!));
        for (const size of sizes) {
          const { steady } = await measureFanOut(bench, server, plan(size));
          figures.add(`${count(size)} ${SUBSCRIBERS}`, CPU_OF_DELIVERY, 'µs', name, steady.cpuPerDeliveryUs);
        }
      } finally {
        await server.stop();
      }
    }
  }
}

async function growRate(bench: Workbench, ground: Ground, figures: Figures): Promise<void> {
  const { rates, seconds } = STEPS[bench.extent];
  const contenders = {
    [MSP]: (shop: ShopSettings) => startOrders(bench, shop, 'measured'),
    Kysely: (shop: ShopSettings) =>
      startProgram(bench, {
        name: 'rival',
        file: NAIVE,
        place: 'measured',
        env: { ...shop, CONNECTIONS: String(CONNECTIONS) },
      }),
  };
  const shops = { [MSP]: await ground.newShop(), Kysely: await ground.newShop() };
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const name of inTurn([MSP, 'Kysely'] as const, round)) {
      const server = await contenders[name](shops[name]);
      try {
        const common = { port: server.port, connections: CONNECTIONS, products: PRODUCTS, hot: HOT_PRODUCTS };
        const order = (rate: number) => letShoppersOrder(bench, { ...common, seconds, rate, place: 'other' });
        await order(0);
        await pause(SETTLE_MS);
        for (const rate of rates) {
          const at = `${count(rate)} ${RATE}`;
          const cpuUs = () => server.cost().cpuUs + ground.databaseCost().cpuUs;
          const before = cpuUs();
          const { placed, p99Us } = await order(rate);
          figures.add(at, CPU_OF_ORDER, 'ms', name, (cpuUs() - before) / 1000 / Math.max(1, placed));
          figures.add(at, 'p99', 'ms', name, p99Us / 1000);
        }
      } finally {
        await server.stop();
      }
    }
  }
}

const inTurn = <T>(contenders: readonly T[], round: number) => (round % 2 === 0 ? contenders : contenders.toReversed());

async function growTable(bench: Workbench, ground: Ground, figures: Figures): Promise<void> {
  const { rows, reads, seconds } = STEPS[bench.extent];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (const orders of rows) {
    const shop = await newOldShop(ground, orders);
    const [one] = await ground.query<{ email: string }>(shop, `select email from orders where id = ${orders / 2}`);
    const server = await startOrders(bench, shop, 'measured');
    try {
      const headers = { Authorization: `Bearer ${await signIn(server.url, shop)}` };
      const paths = {
        'newest 50': '/orders',
        '50 in the middle': `/orders?before=${Math.floor(orders / 2)}`,
        '50 still to treat': '/orders?status=en_attente',
        'search by e-mail': `/orders?q=${encodeURIComponent(one!.email)}`,
        'the dashboard': '/stats',
      };
      for (const path of Object.values(paths)) await get(agent, server.port, path, headers);
      for (let round = 0; round < bench.rounds; round += 1) {
        const at = `${count(orders)} ${ROWS}`;
        for (const [what, path] of Object.entries(paths)) {
          const took: number[] = [];
          for (let i = 0; i < reads; i += 1) {
            const from = performance.now();
            await get(agent, server.port, path, headers);
            took.push(performance.now() - from);
          }
          figures.add(at, what, 'ms', MSP, median(took));
        }
        const load = { connections: 1, seconds, rate: 0, products: PRODUCTS, hot: HOT_PRODUCTS } as const;
        const { medianUs } = await letShoppersOrder(bench, { ...load, port: server.port, place: 'other' });
        figures.add(at, 'an order placed', 'ms', MSP, medianUs / 1000);
      }
    } finally {
      await server.stop();
    }
  }
  agent.destroy();
}

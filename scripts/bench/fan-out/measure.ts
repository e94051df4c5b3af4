import { startSubscribers } from '../clients/subscribers.ts';
import { forgetPeak } from '../cost.ts';
import type { Workbench } from '../workbench.ts';
import type { Contender } from './contenders.ts';

export interface FanOutPlan {
  subscribers: number;
  /** Rows a second at the modest rate, and for how long. */
  perSecond: number;
  seconds: number;
  /** Bursts of `BURST` rows; the next begins when everybody has the one before. */
  bursts: number;
  /** Whether memory is looked at, and everybody reconnects at once. */
  crowd: boolean;
}

export interface Phase {
  /** Of the server, for one row brought to one subscriber; microseconds. */
  cpuPerDeliveryUs: number;
  slowestP99Ms: number;
  medianMs: number;
  /** Of all rows to all subscribers, from 0 to 1. */
  delivered: number;
}

export interface FanOutRound {
  openMs: number;
  steady: Phase;
  bursts: Phase | undefined;
  crowd: Crowd | undefined;
}

export interface Crowd {
  idleBytesPerStream: number;
  /** Undefined for a server that replays nothing. */
  reconnect: { ms: number; missed: number; peakBytes: number } | undefined;
}

export const BURST = 20;
const WARM_UP_ROWS = 30;
const WARM_UP_MS = 30;
/** Collectors and allocators come to rest. */
const SETTLE_MS = 1500;
const DELIVERY_DEADLINE_MS = 10_000;
const RECONNECT_DEADLINE_MS = 60_000;
/** Long enough for a server to see that they are gone. */
const AWAY_MS = 500;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Files of a server that are no streams. */
const SPARE_FILES = 200;

/** Whether a process may have so many streams; says so when it may not. */
export function canOpen(bench: Workbench, subscribers: number): boolean {
  const can = subscribers + SPARE_FILES <= bench.maxFiles;
  if (!can) bench.say(`Left out: ${subscribers} subscribers, because a process may only have ${bench.maxFiles} files.`);
  return can;
}

/** One round of one contender, just started: open, idle, warm up, a modest rate, bursts, everybody at once. */
export async function measureFanOut(bench: Workbench, server: Contender, plan: FanOutPlan): Promise<FanOutRound> {
  const rows = { steady: Math.round(plan.perSecond * plan.seconds), bursts: plan.bursts * BURST };
  const events = 1 + Math.max(WARM_UP_ROWS, rows.steady, rows.bursts);
  const crowd = startSubscribers(bench, { port: server.port, count: plan.subscribers, events, place: 'other' });
  try {
    const before = server.cost().rssBytes;
    const { opened, refused, ms: openMs } = await crowd.open(server.requests(plan.subscribers));
    if (opened < plan.subscribers) throw new Error(`${refused} of ${plan.subscribers} streams were refused.`);
    if (plan.crowd) await pause(SETTLE_MS);
    const idleBytesPerStream = (server.cost().rssBytes - before) / plan.subscribers;

    await crowd.clear();
    for (let row = 0; row < WARM_UP_ROWS; row += 1) {
      server.publish([row]);
      await pause(WARM_UP_MS);
    }
    await crowd.wait(WARM_UP_ROWS * plan.subscribers, DELIVERY_DEADLINE_MS);
    // The first row of the modest rate comes as long after another as all that follow.
    await pause(1000 / plan.perSecond);

    /** @param send tells how many rows it has sent */
    const phase = async (send: () => Promise<number>): Promise<Phase> => {
      await crowd.clear();
      const cpuBefore = server.cost().cpuUs;
      const count = await send();
      await crowd.wait(count * plan.subscribers, DELIVERY_DEADLINE_MS);
      const cpuUs = server.cost().cpuUs - cpuBefore;
      const report = await crowd.report();
      return {
        cpuPerDeliveryUs: cpuUs / Math.max(1, report.delivered),
        slowestP99Ms: report.slowestP99Us / 1000,
        medianMs: report.medianUs / 1000,
        delivered: report.delivered / (count * plan.subscribers),
      };
    };

    const steady = await phase(async () => {
      const from = performance.now();
      for (let row = 0; row < rows.steady; row += 1) {
        server.publish([row]);
        await pause(Math.max(0, from + ((row + 1) * 1000) / plan.perSecond - performance.now()));
      }
      return rows.steady;
    });
    const bursts =
      rows.bursts === 0
        ? undefined
        : await phase(async () => {
            for (let sent = 0; sent < rows.bursts; ) {
              server.publish(numbers(sent, BURST));
              sent += BURST;
              // Whoever cannot deliver one in time is not given more.
              if ((await crowd.wait(sent * plan.subscribers, DELIVERY_DEADLINE_MS)) < sent * plan.subscribers)
                return sent;
            }
            return rows.bursts;
          });
    const reconnect = plan.crowd ? await reconnectAll(server, crowd, plan.subscribers) : undefined;
    return { openMs, steady, bursts, crowd: plan.crowd ? { idleBytesPerStream, reconnect } : undefined };
  } finally {
    await crowd.stop();
  }
}

/** Everybody is cut off, a burst of rows is missed, and everybody comes back at once, from the same place. */
async function reconnectAll(
  server: Contender,
  crowd: ReturnType<typeof startSubscribers>,
  subscribers: number,
): Promise<Crowd['reconnect']> {
  const lastId = server.lastId();
  if (lastId === undefined) return undefined;
  await crowd.drop();
  await crowd.clear();
  server.publish(numbers(0, BURST));
  await pause(AWAY_MS);
  forgetPeak(server.pid);
  const from = performance.now();
  await crowd.open(server.requests(subscribers, lastId));
  const delivered = await crowd.wait(BURST * subscribers, RECONNECT_DEADLINE_MS - (performance.now() - from));
  const ms = performance.now() - from;
  return { ms, missed: BURST * subscribers - delivered, peakBytes: server.cost().peakBytes };
}

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

import { CONTENDERS, type ContenderName, sampleFrame, startContender, startSideBySide } from '../fan-out/contenders.ts';
import { BURST, canOpen, type FanOutPlan, measureFanOut, type Phase } from '../fan-out/measure.ts';
import { type Figures, MSP } from '../figures.ts';
import { type Ground, startGround } from '../servers/shop.ts';
import type { Workbench } from '../workbench.ts';

/**
 * The modest rate is 20,000 deliveries a second, which even the slowest contender's core can nearly bear. It lasts so
 * long that a subscriber's p99 is not its one worst row, where rows are many enough for that.
 */
const PLANS: Record<Workbench['extent'], FanOutPlan[]> = {
  full: [
    { subscribers: 1_000, perSecond: 20, seconds: 10, bursts: 12, crowd: false },
    { subscribers: 5_000, perSecond: 4, seconds: 4, bursts: 4, crowd: false },
    { subscribers: 10_000, perSecond: 2, seconds: 6, bursts: 3, crowd: true },
  ],
  quick: [
    { subscribers: 1_000, perSecond: 20, seconds: 1, bursts: 2, crowd: false },
    { subscribers: 5_000, perSecond: 4, seconds: 1.5, bursts: 1, crowd: true },
  ],
  smoke: [{ subscribers: 50, perSecond: 20, seconds: 0.5, bursts: 2, crowd: true }],
};

const STREAM_SSE_IN_HASTE = 1_000;

/** One notifier and two, on all cores. */
const SIDE_BY_SIDE: Record<Workbench['extent'], FanOutPlan> = {
  full: { subscribers: 10_000, perSecond: 2, seconds: 6, bursts: 3, crowd: false },
  quick: { subscribers: 2_000, perSecond: 10, seconds: 1, bursts: 1, crowd: false },
  smoke: { subscribers: 50, perSecond: 20, seconds: 0.5, bursts: 2, crowd: false },
};

/** The notifier, with all that it does, against nchan and against Hono's streamSSE, in the same rounds; then two of it. */
export async function benchFanOut(bench: Workbench, figures: Figures): Promise<void> {
  const ground = await startGround(bench, 'other');
  try {
    const frame = await sampleFrame(bench, ground);
    bench.say(`Rows of ${Buffer.byteLength(frame)} bytes, the same for all; bursts of ${BURST}.`);
    for (const plan of PLANS[bench.extent].filter(({ subscribers }) => canOpen(bench, subscribers))) {
      const contenders = CONTENDERS.filter((name) => takesPart(bench, name, plan));
      for (let round = 0; round < bench.rounds; round += 1) {
        // Whoever begins changes from round to round.
        for (const [turn] of contenders.entries()) {
          const name = contenders[(turn + round) % contenders.length]!;
          const server = await startContender(bench, ground, name, frame);
          try {
            note(figures, name, plan, await measureFanOut(bench, server, plan));
          } finally {
            await server.stop();
          }
        }
      }
    }
    await sideBySide(bench, ground, figures);
  } finally {
    await ground.stop();
  }
}

async function sideBySide(bench: Workbench, ground: Ground, figures: Figures): Promise<void> {
  const plan = SIDE_BY_SIDE[bench.extent];
  if (!canOpen(bench, plan.subscribers)) return;
  const copies = [1, 2];
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const count of round % 2 === 0 ? copies : copies.toReversed()) {
      const server = await startSideBySide(bench, ground, count);
      try {
        const name = count === 1 ? MSP : `${count} of it`;
        note(figures, name, plan, await measureFanOut(bench, server, plan), 'on all cores, ');
      } finally {
        await server.stop();
      }
    }
  }
}

function takesPart(bench: Workbench, name: ContenderName, plan: FanOutPlan): boolean {
  if (name === 'nchan') return bench.nginx !== undefined;
  // It takes half a minute for its bursts to thousands.
  if (name === 'streamSSE') return bench.extent === 'full' || plan.subscribers <= STREAM_SSE_IN_HASTE;
  return true;
}

function note(
  figures: Figures,
  name: string,
  plan: FanOutPlan,
  { steady, bursts, openMs, crowd }: Awaited<ReturnType<typeof measureFanOut>>,
  where = '',
): void {
  const streams = `${where}${plan.subscribers.toLocaleString('en')} subscribers`;
  const phase = (at: string, { cpuPerDeliveryUs, slowestP99Ms, medianMs, delivered }: Phase) => {
    figures.add(at, 'CPU per delivery', 'µs', name, cpuPerDeliveryUs);
    figures.add(at, 'median', 'ms', name, medianMs);
    figures.add(at, "slowest subscriber's p99", 'ms', name, slowestP99Ms);
    figures.add(at, 'delivered', '%', name, delivered * 100);
  };
  phase(`${streams}, ${plan.perSecond} rows/s`, steady);
  if (bursts) phase(`${streams}, bursts of ${BURST}`, bursts);
  figures.add(streams, 'to open them all', 's', name, openMs / 1000);
  if (!crowd) return;
  figures.add(streams, 'memory per idle stream', 'kB', name, crowd.idleBytesPerStream / 1000);
  if (!crowd.reconnect) return;
  const at = `${streams} reconnect at once`;
  figures.add(at, 'until all have what they missed', 's', name, crowd.reconnect.ms / 1000);
  figures.add(at, 'rows missed', '', name, crowd.reconnect.missed);
  figures.add(at, 'most memory', 'MB', name, crowd.reconnect.peakBytes / 1e6);
}

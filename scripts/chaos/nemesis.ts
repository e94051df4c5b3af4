import { whyNoSlowDisk } from '../faults/slow-disk.ts';
import type { Fault, Heal, Shape } from './faults/fault.ts';
import { drawWaves, kindOf } from './plan.ts';
import type { Run } from './run.ts';

const HEAL_MS = 30_000;

export interface NemesisOptions {
  /** No new wave begins once this has passed; what has begun is healed. */
  durationMs: number;
  /** Told of each fault as it begins and ends. */
  onFault?: (phase: 'begin' | 'end', fault: Fault, detail?: string) => void;
  signal?: AbortSignal;
}

function shapeOf({ system, desks }: Run): Shape {
  const own = new Set(desks.map(({ name }) => `${name}-notifier`));
  return {
    parts: system.parts.map(({ name, kind }) => ({ name, kind })),
    links: [...system.links.keys()].filter((name) => !own.has(name)).sort(),
    desks: desks.filter(({ link }) => link).map(({ name }) => name),
    disk: system.disk !== undefined,
    clocks: system.clock('orders1') !== undefined,
    writes: whyNoSlowDisk() === null,
  };
}

/** Breaks the system wave after wave, and heals it each time. What is broken when, and for how long, is the seed's. */
export async function haunt(run: Run, options: NemesisOptions): Promise<void> {
  const { durationMs, signal } = options;
  const end = performance.now() + durationMs;
  // A run that is over in a minute has no time to be healthy in.
  const longPauses = durationMs < 60_000 ? 0 : undefined;
  const lingering: Promise<void>[] = [];
  let faults = 0;

  async function perform(fault: Fault & { offsetMs: number }): Promise<void> {
    if (!(await waited(fault.offsetMs, signal))) return;
    faults += 1;
    const entry = { e: 'fault', id: faults, kind: fault.kind, target: fault.target } as const;
    const kind = kindOf(fault);
    run.recorder.note({ ...entry, phase: 'begin', detail: JSON.stringify(fault.detail) });
    options.onFault?.('begin', fault);
    const ended = (detail?: string) => {
      run.recorder.note({ ...entry, phase: 'end', ...(detail ? { detail } : {}) });
      options.onFault?.('end', fault, detail);
    };
    let heal: Heal;
    try {
      heal = await kind.begin(
        { system: run.system, desks: run.desks, random: run.random.fork(`fault ${entry.id}`) },
        fault,
      );
    } catch (error) {
      return ended(`could not be done: ${(error as Error).message}`);
    }
    await waited(fault.durationMs, signal);
    const healed = await untilHealed(heal);
    if (healed) lingering.push(healed.noticed.then(() => ended()));
    else ended();
  }

  for (const wave of drawWaves(run.random.fork('nemesis'), shapeOf(run), longPauses)) {
    const isLast = performance.now() + wave.afterMs > end;
    if (!(await waited(isLast ? end - performance.now() : wave.afterMs, signal)) || isLast) break;
    await Promise.all(wave.faults.map(perform));
  }
  if (!signal?.aborted) await Promise.all(lingering);
}

/** What heals may meet what is still broken by another fault; it is tried again until it works. */
async function untilHealed(heal: Heal): ReturnType<Heal> {
  const deadline = performance.now() + HEAL_MS;
  for (;;) {
    try {
      return await heal();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** False when the run was called off meanwhile. */
function waited(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve(false);
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve(!signal?.aborted);
    };
    const timer = setTimeout(done, Math.max(0, ms));
    signal?.addEventListener('abort', done, { once: true });
  });
}

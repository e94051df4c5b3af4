import { badDesks } from './faults/bad-desk.ts';
import { badLinks } from './faults/bad-link.ts';
import { clockJump } from './faults/clock-jump.ts';
import { cutCommits } from './faults/cut-commits.ts';
import type { Fault, FaultKind, Shape } from './faults/fault.ts';
import { fewConnections } from './faults/few-connections.ts';
import { freeze } from './faults/freeze.ts';
import { fullDisk } from './faults/full-disk.ts';
import { fullRedis } from './faults/full-redis.ts';
import { kill } from './faults/kill.ts';
import { powerCut } from './faults/power-cut.ts';
import { rollingRestart } from './faults/rolling-restart.ts';
import type { Random } from './random.ts';

/** Kinds that stand here twice come twice as often. */
const KINDS: readonly FaultKind[] = [
  kill,
  kill,
  freeze,
  freeze,
  rollingRestart,
  cutCommits,
  cutCommits,
  ...badLinks,
  fewConnections,
  fullRedis,
  fullDisk,
  powerCut,
  clockJump,
  ...badDesks,
];

/** Faults that overlap, or nearly. The next wave waits until all of them have healed. */
export interface Wave {
  /** Milliseconds after the wave before has healed, or after the start. */
  afterMs: number;
  faults: (Fault & {
    /** Milliseconds after the wave began. */
    offsetMs: number;
  })[];
}

const FIRST_MS = 4_000;
const MAX_OFFSET_MS = 1_500;
const SHORT_PAUSE_MS = [1_000, 6_000] as const;
/** Long enough to be healthy again, which takes ten seconds without a fault. */
const LONG_PAUSE_MS = [14_000, 22_000] as const;
/** How many of the pauses are long. */
const LONG_SHARE = 1 / 4;

/**
 * Draws the waves of a run, one after the other, for as long as it lasts. Kinds are dealt as from a shuffled pack: each
 * has had its turn before any comes again, so that even a short run is a mixed one.
 *
 * @param longPauses the share of pauses that are long enough for a healthy stretch
 */
export function* drawWaves(random: Random, shape: Shape, longPauses = LONG_SHARE): Generator<Wave, never> {
  let pack: FaultKind[] = [];
  for (let number = 0; ; number += 1) {
    const faults: Wave['faults'] = [];
    const claimed = new Set<string>();
    for (let left = random.pick([1, 1, 2, 2, 3]); left > 0; left -= 1) {
      if (pack.length === 0) pack = random.shuffled(KINDS);
      const kind = pack.pop()!;
      const drawn = kind.draw(random, shape);
      if (!drawn || drawn.claims.some((claim) => claimed.has(claim))) continue;
      for (const claim of drawn.claims) claimed.add(claim);
      faults.push({ kind: kind.kind, ...drawn, offsetMs: random.between(0, MAX_OFFSET_MS) });
    }
    const pause = random.chance(longPauses) ? LONG_PAUSE_MS : SHORT_PAUSE_MS;
    if (faults.length > 0) yield { afterMs: number === 0 ? FIRST_MS : random.between(pause[0], pause[1]), faults };
  }
}

export function kindOf(fault: Fault): FaultKind {
  return KINDS.find(({ kind }) => kind === fault.kind)!;
}

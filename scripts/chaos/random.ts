/**
 * Everything a run draws comes from its seed: the same seed makes the same plan and the same shoppers. What the
 * machine does with them in which instant stays its own.
 */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number; both ends included. */
  between(from: number, to: number): number;
  /** True this often, 0 to 1. */
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  /** Another generator, for somebody whose draws are not to depend on who else draws meanwhile. */
  fork(name: string): Random;
}

/** Mulberry32 by Tommy Ettinger (public domain): 32 bits of state, good enough to mix faults with. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const random: Random = {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick(from) {
      if (from.length === 0) throw new Error('There is nothing to pick from.');
      return from[Math.floor(next() * from.length)] as (typeof from)[number];
    },
    shuffled(list) {
      const left = [...list];
      return Array.from(list, () => left.splice(Math.floor(next() * left.length), 1)[0] as (typeof list)[number]);
    },
    fork: (name) => seededRandom(seed ^ hash(name)),
  };
  return random;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (const byte of Buffer.from(text)) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum;
}

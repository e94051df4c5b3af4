import type { FaultSpan } from './index-history.ts';

/** After the last part has recovered, the system has this long to be well again. */
const RECOVERY_MS = 10_000;
/** With Redis down throughout, an event takes no longer than this to the screen: a poll's turn and what it needs. */
const WITHOUT_REDIS_MS = 35_000;

/** When the system, as one desk meets it, was free of faults. */
export interface Calm {
  /** Whether nothing was broken between these moments, nor in the 10 s before them. */
  isHealthy(from: number, to: number): boolean;
  /** Whether Redis, and nothing else, was down throughout. */
  isWithoutRedis(from: number, to: number): boolean;
  /** When whatever happens at `t` has to be on the screen. */
  deadline(t: number): number;
  /** When the last of what broke before `t` worked again: -Infinity when nothing ever broke, NaN when something still is. */
  recoveredBefore(t: number): number;
}

/**
 * Faults of one desk are nobody else's excuse, and a fault in one part is everybody's: who depends on what is not for
 * the checker to guess.
 */
export function calmFor(desk: string, faults: readonly FaultSpan[], desks: ReadonlySet<string>): Calm {
  const own = faults
    .filter(({ target }) => target === desk || !desks.has(target))
    .sort((one, other) => one.from - other.from);
  const others = own.filter(({ target }) => !/redis/i.test(target));
  const redis = own.filter(({ target }) => /redis/i.test(target));

  const touches = (spans: readonly FaultSpan[], from: number, to: number) =>
    spans.some((span) => span.from <= to && span.to >= from);

  /** The first moment from `t` on after which nothing is broken for as long as recovery may take. */
  const calmFrom = (spans: readonly FaultSpan[], t: number) => {
    let calm = t;
    for (const span of spans) {
      if (span.from > calm + RECOVERY_MS) break;
      calm = Math.max(calm, span.to);
    }
    return calm;
  };

  return {
    isHealthy: (from, to) => !touches(own, from - RECOVERY_MS, to),
    isWithoutRedis: (from, to) =>
      redis.some((span) => span.from <= from && span.to >= to) && !touches(others, from - RECOVERY_MS, to),
    deadline(t) {
      const afterAll = calmFrom(own, t) + RECOVERY_MS;
      const withoutRedis = calmFrom(others, t) + WITHOUT_REDIS_MS;
      return Math.min(afterAll, withoutRedis);
    },
    recoveredBefore(t) {
      const before = own.filter(({ from }) => from <= t);
      if (before.some(({ to }) => to > t)) return Number.NaN;
      return Math.max(Number.NEGATIVE_INFINITY, ...before.map(({ to }) => to));
    },
  };
}

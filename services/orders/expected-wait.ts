/** So few that a slower disk is noticed within a second, so many that one long group is not taken for a slow disk. */
const REMEMBERED = 9;

/**
 * Reckons how long an order that comes now will wait for its transaction to begin, from how long the latest groups
 * took. By their median: one group that waited seconds for a lock says nothing about the next ones, and while it
 * lasts orders should wait for it rather than be refused.
 */
export function expectWait(options: { lanes: number; maxGroup: number }) {
  const times: number[] = [];
  return {
    /** Takes note of a group's time, in milliseconds. */
    note(groupMs: number): void {
      times.push(groupMs);
      if (times.length > REMEMBERED) times.shift();
    },
    /** In milliseconds, for whoever comes behind so many who wait while every lane is taken. */
    behind(waiting: number): number {
      const groups = Math.floor(waiting / options.maxGroup) + 1;
      return (groups * median(times)) / options.lanes;
    },
  };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

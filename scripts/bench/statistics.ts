/** The middle value, or the mean of the two in the middle. @throws when there are none */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('nothing was measured');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that `share` (0 … 1) of all are not above, as the C clients reckon it. @throws when there are none */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('nothing was measured');
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/**
 * How many times the one is of the other, round by round, and of that the median: what slows the machine down for a
 * moment slows both of a round. Undefined when they were not measured in the same rounds.
 */
export function ratio(ours: readonly number[], theirs: readonly number[]): number | undefined {
  if (ours.length !== theirs.length || ours.length === 0 || theirs.some((value) => value === 0)) return undefined;
  return median(ours.map((value, round) => value / theirs[round]!));
}

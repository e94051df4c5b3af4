/**
 * How long orders wait, kept as how many waited about so long: counts can be added up over days, and taken back when a
 * change is undone, and a median cannot.
 *
 * A class is a tenth longer than the one before, so the middle of one is at most 5 % off.
 */
const GROWTH = Math.log(1.1);

/** Orders by the class of their wait. */
export type Waits = Map<number, number>;

/** The class of a wait; clocks that went back make it no shorter than nought. */
export function waitClass(fromMs: number, untilMs: number): number {
  return Math.floor(Math.log(Math.max(1, (untilMs - fromMs) / 1000)) / GROWTH);
}

/** What half of them waited at most, in seconds; null of none. */
export function medianSeconds(waits: Waits): number | null {
  const classes = [...waits].filter(([, orders]) => orders > 0).sort(([a], [b]) => a - b);
  const half = classes.reduce((sum, [, orders]) => sum + orders, 0) / 2;
  let before = 0;
  for (const [wait, orders] of classes) {
    if (before + orders >= half) return Math.exp(GROWTH * (wait + (half - before) / orders));
    before += orders;
  }
  return null;
}

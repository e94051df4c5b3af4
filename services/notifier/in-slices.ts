import { setImmediate } from 'node:timers/promises';

/** Looking at the clock costs about as much as a small write, so it is looked at once in so many. */
const BETWEEN_LOOKS = 32;

/**
 * Visits every item of a set and gives the event loop a turn whenever `sliceMs` have passed.
 * Without need for a second slice everything has happened before this returns its promise.
 * Items that leave the set meanwhile are not visited; items that join it are.
 *
 * @returns milliseconds of the loop that were used
 */
export async function eachInSlices<Item>(
  items: ReadonlySet<Item>,
  sliceMs: number,
  visit: (item: Item) => void,
): Promise<number> {
  let usedMs = 0;
  let startMs = performance.now();
  let visits = 0;
  for (const item of items) {
    visit(item);
    visits += 1;
    if (visits % BETWEEN_LOOKS !== 0) continue;
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs < sliceMs) continue;
    usedMs += elapsedMs;
    await setImmediate();
    startMs = performance.now();
  }
  return usedMs + performance.now() - startMs;
}

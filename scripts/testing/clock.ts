import { join } from 'node:path';
import { findFaketime, type WallClock, wallClock } from '../faults/clock.ts';
import { testDirectory } from './test-guard.ts';

/** For `describe.skipIf`: why no clock can be moved here; undefined when one can. */
export const whyNoClock = findFaketime()
  ? undefined
  : 'libfaketime is missing (Debian: libfaketime; npm test installs it)';

let clocks = 0;

/** A wall clock of its own, for the processes and servers that are given its `env`. */
export function testClock(): WallClock {
  clocks += 1;
  return wallClock(join(testDirectory(), `clock-${clocks}`));
}

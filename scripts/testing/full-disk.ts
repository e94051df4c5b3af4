import { type SmallDisk, smallDisk, whyNoSmallDisk } from '../faults/full-disk.ts';
import { atEnd, testGuard } from './test-guard.ts';

/** For `describe.skipIf`: why no small disk can be made here; undefined when one can. */
export const whyNoDisk = whyNoSmallDisk() ?? undefined;

/** A disk of so many megabytes in the place of a directory; ended with the test file. */
export async function testDisk(directory: string, megabytes: number): Promise<SmallDisk> {
  const disk = await smallDisk({ guard: testGuard(), directory, megabytes });
  atEnd(() => disk.close());
  return disk;
}

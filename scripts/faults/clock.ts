import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A wall clock that several processes go by, and that can be moved while they run. */
export interface WallClock {
  /** Belongs into the environment of every process that is to go by this clock. */
  env: Record<string, string>;
  /** Puts the clock so far ahead of the true time, or behind it when negative. From then on it runs as fast as ever. */
  set(aheadSeconds: number): void;
}

/** Debian keeps a folder for each kind of machine. */
const LIBRARIES = '/usr/lib';
/** The variant for programs with threads, which all of ours are. */
const LIBRARY = 'faketime/libfaketimeMT.so.1';

/** libfaketime, Debian's package `libfaketime`; undefined when it is not there. */
export function findFaketime(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return readdirSync(LIBRARIES)
    .map((folder) => join(LIBRARIES, folder, LIBRARY))
    .find((path) => existsSync(path));
}

/**
 * A clock that shows the true time until it is set.
 *
 * Only the wall clock moves: the monotonic one, by which timers and deadlines run, stays true, as on a machine whose
 * clock somebody sets or NTP steps.
 *
 * @param file where the processes look; on a file system that all of them see
 * @throws when libfaketime is not there
 */
export function wallClock(file: string): WallClock {
  const library = findFaketime();
  if (!library) throw new Error('There is no libfaketime here (Debian: libfaketime).');
  const set = (aheadSeconds: number) => {
    // Every look at the time reads the file, so it must never be seen half written.
    writeFileSync(`${file}.new`, `${aheadSeconds < 0 ? '-' : '+'}${Math.abs(aheadSeconds)}\n`);
    renameSync(`${file}.new`, file);
  };
  set(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    set,
  };
}

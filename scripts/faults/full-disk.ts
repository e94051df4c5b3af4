import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '../supervise/child.ts';
import type { Guard } from '../supervise/guard.ts';

/** A disk of a few megabytes in the place of a directory, seen only by what is started on it. */
export interface SmallDisk {
  /** Goes before the command that is to see the disk: `[...disk.within, 'mariadbd', …]`. */
  within: readonly string[];
  /** The directory as this process can reach it. */
  path: string;
  /** Takes all the space that is left. */
  fill(): void;
  /** Gives that space back. */
  free(): void;
  /** Ends the disk, and what was written to it with it. Programs on it have to be ended before. */
  close(): Promise<void>;
}

const SETUP_MS = 30_000;
const BALLAST = 'ballast';
const CHUNK = Buffer.alloc(1024 * 1024);

/**
 * Why no small disk can be made here; null when it can. Mounting takes root, and containers often keep even root
 * from it.
 */
export function whyNoSmallDisk(): string | null {
  if (process.platform !== 'linux') return 'mount namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'mounting takes root';
  const trial = spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs none /mnt'], { encoding: 'utf8' });
  return trial.status === 0
    ? null
    : `a tmpfs cannot be mounted: ${(trial.stderr || trial.error?.message || '').trim()}`;
}

/**
 * Puts a tmpfs with the directory's present content in its place, in a mount namespace of its own that a sleeping
 * process holds: so the data outlive the programs that use them, and nothing stays mounted once the holder has ended,
 * however it ends.
 *
 * @param options.directory an absolute path; it stays as it is for everybody else
 * @throws when it could not be mounted, or the content does not fit
 */
export async function smallDisk(options: { guard: Guard; directory: string; megabytes: number }): Promise<SmallDisk> {
  const { directory, megabytes } = options;
  const script = [
    'set -e',
    'mkdir "$1.small"',
    'mount -t tmpfs -o "size=$2m,mode=0700" none "$1.small"',
    'cp -a --sparse=never "$1/." "$1.small"',
    'mount --move "$1.small" "$1"',
    'rmdir "$1.small"',
    'echo mounted',
    'exec sleep infinity',
  ].join('\n');
  let said = '';
  let onSaid = () => {};
  const holder = startChild({
    guard: options.guard,
    name: 'small disk',
    stage: 'server',
    command: 'unshare',
    args: ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', directory, String(megabytes)],
    env: { PATH: process.env.PATH },
    cwd: '/',
    output: {
      listener: (text) => {
        said += text;
        onSaid();
      },
    },
  });
  const mounted = new Promise<void>((resolve) => {
    onSaid = () => said.includes('mounted') && resolve();
  });
  const late = setTimeout(() => holder.signal('SIGKILL'), SETUP_MS);
  const failed = await Promise.race([mounted, holder.exited]);
  clearTimeout(late);
  if (failed) throw new Error(`A small disk could not be made in ${directory} (${failed.reason}): ${said.trim()}`);

  const path = `/proc/${holder.pid}/root${directory}`;
  return {
    within: ['nsenter', `--mount=/proc/${holder.pid}/ns/mnt`, '--'],
    path,
    fill() {
      const file = openSync(join(path, BALLAST), 'a');
      try {
        for (;;) writeSync(file, CHUNK);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(join(path, BALLAST), { force: true }),
    close: async () => void (await holder.stop()),
  };
}

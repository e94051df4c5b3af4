import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from './find-binaries.ts';
import { ServerFailure } from './server-failure.ts';

const run = promisify(execFile);

const APT_DEADLINE_MS = 10 * 60_000;

/**
 * Why packages may not be installed here; null when they may. MSP_INSTALL=never forbids it on a machine
 * where it would be possible.
 */
export function whyNotInstall(): string | null {
  if (process.env.MSP_INSTALL === 'never') return 'MSP_INSTALL=never forbids installing';
  if (!findProgram(['apt-get'])) return 'this system has no apt-get';
  if (process.getuid?.() !== 0) return 'installing packages takes root';
  return null;
}

/**
 * Installs Debian packages, after another apt that is busy now has finished (at most 5 minutes).
 * @throws {ServerFailure} with apt's last words
 */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const apt = async (...args: string[]) => {
    await run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: APT_DEADLINE_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
  };
  try {
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', ...packages);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const words = (stderr || message).trim().split('\n').slice(-6).join('\n');
    throw new ServerFailure(`apt-get could not install ${packages.join(', ')}:\n${words}`);
  }
}

/**
 * The packages of each part, by Debian's names. The server's core package starts no service; its set-up script calls
 * `my_print_defaults`, which Debian keeps with the clients.
 */
export const PACKAGES = {
  database: ['mariadb-server-core', 'mariadb-client-core'],
  redis: ['redis-server'],
  clock: ['libfaketime'],
  /** Holds up the writes of a database, so that it can be killed before them. */
  slowDisk: ['strace'],
  browser: ['chromium', 'fonts-dejavu-core', 'fonts-noto-color-emoji'],
  /** What the bench compares with, and what compiles its clients. */
  nchan: ['nginx', 'libnginx-mod-nchan'],
  compiler: ['gcc', 'libc6-dev'],
} as const;

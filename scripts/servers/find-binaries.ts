import { execFile } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface DatabaseBinaries {
  flavour: 'mariadb' | 'mysql';
  version: string;
  server: string;
  /** MariaDB alone makes a new data directory with a program of its own. */
  install?: string;
}

/** Servers are often outside of a user's PATH. */
const FURTHER_PLACES = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/usr/libexec',
  '/usr/local/mysql/bin',
  '/opt/homebrew/bin',
];

/** The first program of that name on PATH or where servers usually are; earlier names are tried first in each place. */
export function findProgram(names: readonly string[], env = process.env): string | undefined {
  const places = new Set([...(env.PATH ?? '').split(':').filter((place) => place !== ''), ...FURTHER_PLACES]);
  for (const place of places) {
    for (const name of names) {
      const path = join(place, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {}
    }
  }
  return undefined;
}

/**
 * A MySQL (8.4 or newer) or MariaDB (10.6 or newer) server that can be run from here.
 * A string says why what was found will not do; undefined means that nothing was found.
 */
export async function findDatabase(): Promise<DatabaseBinaries | string | undefined> {
  // MariaDB's packages call it by both names, so its own is tried first.
  const server = findProgram(['mariadbd', 'mysqld']);
  if (!server) return undefined;
  const { stdout } = await run(server, ['--no-defaults', '--version']);
  const version = /Ver ([0-9]+\.[0-9]+\.[0-9]+)/.exec(stdout)?.[1] ?? '0.0.0';
  const flavour = stdout.includes('MariaDB') ? 'mariadb' : 'mysql';
  const required = flavour === 'mariadb' ? '10.6' : '8.4';
  if (!isAtLeast(version, required)) return `${server} is ${flavour} ${version}; ${required} or newer is needed`;
  if (flavour === 'mysql') return { flavour, version, server };
  const beside = dirname(dirname(realpathSync(server)));
  const install = findProgram(['mariadb-install-db', 'mysql_install_db'], {
    PATH: `${process.env.PATH}:${beside}/bin:${beside}/scripts`,
  });
  if (!install) return `${server} has no mariadb-install-db beside it`;
  return { flavour, version, server, install };
}

/** A Redis or Valkey server that can be run from here. */
export function findRedis(): string | undefined {
  return findProgram(['redis-server', 'valkey-server']);
}

export function findChromium(): string | undefined {
  return findProgram(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);
}

export function isAtLeast(version: string, required: string): boolean {
  const have = version.split('.').map(Number);
  const want = required.split('.').map(Number);
  for (const [index, number] of want.entries()) {
    const found = have[index] ?? 0;
    if (found !== number) return found > number;
  }
  return true;
}

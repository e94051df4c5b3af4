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

/** The first program of these names on PATH or where servers usually are; all names are tried in each place. */
export function findProgram(names: readonly string[]): string | undefined {
  return findIn([...(process.env.PATH ?? '').split(':'), ...FURTHER_PLACES], names);
}

/** Like `findProgram`; SERVER_PATH says where to look instead, for those who have several servers. */
function findServer(names: readonly string[]): string | undefined {
  const { SERVER_PATH } = process.env;
  return SERVER_PATH ? findIn(SERVER_PATH.split(':'), names) : findProgram(names);
}

function findIn(places: readonly string[], names: readonly string[]): string | undefined {
  for (const place of new Set(places)) {
    if (place === '') continue;
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
  const server = findServer(['mariadbd', 'mysqld']);
  if (!server) return undefined;
  const { stdout } = await run(server, ['--no-defaults', '--version']);
  const version = /Ver ([0-9]+\.[0-9]+\.[0-9]+)/.exec(stdout)?.[1] ?? '0.0.0';
  const flavour = stdout.includes('MariaDB') ? 'mariadb' : 'mysql';
  const required = flavour === 'mariadb' ? '10.6' : '8.4';
  if (!isAtLeast(version, required)) return `${server} is ${flavour} ${version}; ${required} or newer is needed`;
  if (flavour === 'mysql') return { flavour, version, server };
  const beside = dirname(dirname(realpathSync(server)));
  const names = ['mariadb-install-db', 'mysql_install_db'];
  const install = findIn([dirname(server), `${beside}/bin`, `${beside}/scripts`], names) ?? findProgram(names);
  if (!install) return `${server} has no mariadb-install-db beside it`;
  return { flavour, version, server, install };
}

/** A Redis or Valkey server that can be run from here. */
export function findRedis(): string | undefined {
  return findServer(['redis-server', 'valkey-server']);
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

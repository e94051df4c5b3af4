import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from '../build.ts';
import { type DatabaseBinaries, findDatabase, findProgram, findRedis } from '../servers/find-binaries.ts';
import { installPackages, PACKAGES, whyNotInstall } from '../servers/install-packages.ts';
import { runCommand } from '../servers/run-command.ts';
import { Guard } from '../supervise/guard.ts';
import type { Extent, PartName } from './arguments.ts';
import { compileClient, findCompiler } from './clients/compile.ts';
import { findNginx } from './servers/nginx.ts';

/** Which core a process has for itself and its like: the thing measured, or everything that serves to measure it. */
export type Place = 'measured' | 'other' | 'anywhere';

/** What every part needs: programs, a directory, a way to start things that end with us. */
export interface Workbench {
  guard: Guard;
  /** Removed at the end. */
  home: string;
  /** The processes as built for this run; nothing that is built meanwhile changes them. */
  dist: string;
  database: DatabaseBinaries;
  redis: string;
  /** Undefined when no part asked for it. */
  nginx: string | undefined;
  compiler: string;
  subscribers: string;
  shoppers: string;
  /** Open files that a process may have; streams are files. */
  maxFiles: number;
  extent: Extent;
  rounds: number;
  /** A command as it is to be started in its place. */
  placed(place: Place, command: string, args: readonly string[]): { command: string; args: string[] };
  say(line: string): void;
  close(): Promise<void>;
}

const ROOT = resolve(import.meta.dirname, '../..');

const WANTED_FILES = 65_536;
/** For a shell that then becomes the program: what it raises is inherited. */
const RAISE_FILES = `ulimit -n ${WANTED_FILES} 2>/dev/null || ulimit -n "$(ulimit -Hn)"`;

/** Installs what is missing, compiles the clients, builds the services. @throws an Error for people */
export async function openWorkbench(options: {
  parts: readonly PartName[];
  extent: Extent;
  rounds: number;
  say: (line: string) => void;
}): Promise<Workbench> {
  if (process.platform !== 'linux')
    throw new Error('The bench reads /proc and pins processes to cores: it needs Linux.');
  const needsNginx =
    options.extent !== 'smoke' && options.parts.some((part) => part === 'fan-out' || part === 'growth');
  await installMissing(needsNginx, options.say);
  const database = await findDatabase();
  if (typeof database !== 'object') throw new Error(database ?? 'There is no MySQL or MariaDB here.');

  const guard = new Guard();
  const home = mkdtempSync(join(tmpdir(), 'msp-bench-'));
  guard.removeAtEnd(home);
  const dist = `node_modules/.cache/msp/bench-${process.pid}`;
  guard.removeAtEnd(join(ROOT, dist));
  const { failed } = await build({ directory: dist });
  if (failed.length > 0) throw new Error(`These could not be built: ${failed.join(', ')}`);

  const compiler = findCompiler() as string;
  const [subscribers, shoppers] = await Promise.all([
    compileClient(guard, compiler, 'subscribers', home),
    compileClient(guard, compiler, 'shoppers', home),
  ]);
  const maxFiles =
    Number((await runCommand(guard, 'sh', ['-c', 'ulimit -Hn'], { timeoutMs: 5000 })).trim()) || 1_048_576;

  const taskset = findProgram(['taskset']);
  const cores = cpus().length;
  const canPin = taskset !== undefined && cores > 1;
  if (!canPin) options.say('Nothing is pinned to a core: there is only one, or no taskset.');
  // We ourselves feed and count: that belongs beside the clients.
  if (canPin) await runCommand(guard, taskset, ['-a', '-c', '-p', '1', String(process.pid)], { timeoutMs: 5000 });
  mkdirSync(join(home, 'logs'));

  return {
    guard,
    home,
    dist: join(ROOT, dist),
    database,
    redis: findRedis() as string,
    nginx: needsNginx ? findNginx() : undefined,
    compiler,
    subscribers,
    shoppers,
    maxFiles,
    extent: options.extent,
    rounds: options.rounds,
    placed(place, command, args) {
      const raised = ['-c', `${RAISE_FILES}; exec "$0" "$@"`, command, ...args];
      if (!canPin) return { command: 'sh', args: raised };
      const core = place === 'measured' ? '0' : place === 'other' ? '1' : `0-${cores - 1}`;
      return { command: taskset, args: ['-c', core, 'sh', ...raised] };
    },
    say: options.say,
    async close() {
      await guard.close();
      for (const path of [home, join(ROOT, dist)]) rmSync(path, { recursive: true, force: true });
    },
  };
}

async function installMissing(needsNginx: boolean, say: (line: string) => void): Promise<void> {
  const missing: string[] = [];
  if (!(await findDatabase())) missing.push(...PACKAGES.database);
  if (!findRedis()) missing.push(...PACKAGES.redis);
  if (!findCompiler()) missing.push(...PACKAGES.compiler);
  if (needsNginx && !findNginx()) missing.push(...PACKAGES.nchan);
  if (missing.length === 0) return;
  const obstacle = whyNotInstall();
  if (obstacle) throw new Error(`The bench needs ${missing.join(', ')} (Debian's names), and ${obstacle}.`);
  say(`Installing ${missing.join(', ')} …`);
  await installPackages(missing);
}

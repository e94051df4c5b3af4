import { mkdirSync, mkdtempSync } from 'node:fs';
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
  /** A temporary directory, gone at the end. */
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
  /** Moves a running process to its place, all of its threads. */
  move(pid: number, place: Place): Promise<void>;
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
  const limit = await runCommand(guard, 'sh', ['-c', `${RAISE_FILES}; ulimit -n`], { timeoutMs: 5000 });
  const maxFiles = Number(limit) || WANTED_FILES;
  if (maxFiles < WANTED_FILES) options.say(`A process may open ${maxFiles} files, and no more can be had here.`);

  const taskset = findProgram(['taskset']);
  const lastCore = cpus().length - 1;
  const canPin = taskset !== undefined && lastCore > 0;
  if (!canPin) options.say('Nothing is pinned to a core: there is only one, or no taskset.');
  const coresOf = (place: Place) => (place === 'measured' ? '0' : place === 'other' ? '1' : `0-${lastCore}`);
  const move = async (pid: number, place: Place) => {
    if (canPin) await runCommand(guard, taskset, ['-a', '-c', '-p', coresOf(place), String(pid)], { timeoutMs: 5000 });
  };
  // We ourselves feed and count: that belongs beside the clients.
  await move(process.pid, 'other');
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
      return canPin
        ? { command: taskset, args: ['-c', coresOf(place), 'sh', ...raised] }
        : { command: 'sh', args: raised };
    },
    move,
    say: options.say,
    close: () => guard.close(),
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

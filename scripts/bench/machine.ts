import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import type { DatabaseBinaries } from '../servers/find-binaries.ts';

/** What a figure has to be read with. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  kernel: string;
  node: string;
  database: string;
  redis: string;
  nginx: string;
  compiler: string;
  /** The commit, with a `+` when files differed from it. */
  commit: string;
  at: string;
  /** Of the minute before the first measurement: what else ran. */
  loadBefore: number;
}

export function describeMachine(programs: {
  database: DatabaseBinaries;
  redis: string;
  nginx: string | undefined;
  compiler: string;
}): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: /^PRETTY_NAME="?([^"\n]+)/m.exec(quietly(() => readFileSync('/etc/os-release', 'utf8')))?.[1] ?? 'unknown',
    kernel: release(),
    node: process.version,
    database: `${programs.database.flavour} ${programs.database.version}`,
    redis: /v=(\S+)/.exec(says(programs.redis, '--version'))?.[1] ?? 'unknown',
    nginx: programs.nginx ? (/nginx\/(\S+)/.exec(says(programs.nginx, '-v'))?.[1] ?? 'unknown') : 'none',
    compiler: says(programs.compiler, '--version').split('\n')[0] ?? 'unknown',
    commit: commit(),
    at: new Date().toISOString(),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

/** One line for people. */
export function machineLine(machine: Machine): string {
  const { cpu, cores, memoryGb, system, kernel, node, database, redis, nginx, commit, loadBefore } = machine;
  return (
    `${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Linux ${kernel}; Node ${node}, ${database}, Redis ${redis}, ` +
    `nginx ${nginx}; commit ${commit}; load before ${loadBefore}`
  );
}

function commit(): string {
  const git = (...args: string[]) => says('git', '-C', import.meta.dirname, ...args).trim();
  return `${git('rev-parse', '--short', 'HEAD') || 'unknown'}${git('status', '--porcelain', '-uno') ? '+' : ''}`;
}

function says(program: string, ...args: string[]): string {
  // nginx tells its version on the other output.
  return quietly(() => execFileSync('sh', ['-c', 'exec "$0" "$@" 2>&1', program, ...args], { encoding: 'utf8' }));
}

function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

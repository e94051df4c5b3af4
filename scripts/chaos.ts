/**
 * `npm run chaos`: runs the whole system under load, breaks it in every way we know, and judges by what was written
 * down whether anything of what is promised was broken.
 *
 *   npm run chaos -- [--seed N] [--minutes M] [--out history.jsonl] [--rate orders/s] [--poll-seconds S]
 *                    [--own-disk] [--dist built]
 *
 * Everything is private and on loopback: a database, a Redis, two orders, two notifiers, web, and a proxy on every
 * line between them. The same seed makes the same plan. The history stays when `--out` names it, or when the run is
 * red. Exits 1 when it is.
 *
 * As root on Linux, the database is on a small disk in memory that gets filled; `--own-disk` leaves it on the machine's,
 * where a commit takes the time that it takes. With strace, its writes are lost when it dies; with libfaketime, clocks
 * jump. `--dist` runs what was built elsewhere.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { checkHistory } from './chaos/checker.ts';
import { haunt } from './chaos/nemesis.ts';
import { readHistory } from './chaos/record.ts';
import { type Run, startRun } from './chaos/run.ts';
import { summarize } from './chaos/summary.ts';
import { findFaketime } from './faults/clock.ts';
import { whyNoSmallDisk } from './faults/full-disk.ts';
import { whyNoSlowDisk } from './faults/slow-disk.ts';
import { findDatabase, findProgram, findRedis } from './servers/find-binaries.ts';
import { installPackages, PACKAGES, whyNotInstall } from './servers/install-packages.ts';
import { followParent } from './supervise/follow-parent.ts';

const MAX_MINUTES = 24 * 60;
/** The server's own files with room to work in, and amply what an order a second takes in a minute. Filling takes time. */
const DISK_MEGABYTES = { base: 200, perMinute: 1.2 };

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`Chaos: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
process.exit();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
      minutes: { type: 'string', default: '2' },
      out: { type: 'string' },
      rate: { type: 'string', default: '12' },
      'poll-seconds': { type: 'string', default: '30' },
      'own-disk': { type: 'boolean', default: false },
      dist: { type: 'string' },
    },
  });
  const seed = number('--seed', values.seed, 0, 2 ** 32 - 1);
  const minutes = number('--minutes', values.minutes, 0.1, MAX_MINUTES);
  const ratePerSecond = number('--rate', values.rate, 1, 200);
  const pollSeconds = number('--poll-seconds', values['poll-seconds'], 1, 300);
  console.log(`seed ${seed}`);

  await installMissing();
  if (!values.dist && (await build()).failed.length > 0) throw new Error('It cannot be built; why stands above.');
  const noDisk = values['own-disk'] ? 'it is on the machine’s own' : whyNoSmallDisk();
  if (noDisk) console.log(`  without a full disk: ${noDisk}`);
  const noSlowDisk = whyNoSlowDisk();
  if (noSlowDisk) console.log(`  without power cuts: ${noSlowDisk}`);
  if (!findFaketime()) console.log('  without clock jumps: there is no libfaketime here');

  const folder = values.out ? undefined : mkdtempSync(join(tmpdir(), 'msp-history-'));
  const historyFile = values.out ? resolve(values.out) : join(folder!, 'history.jsonl');
  const abort = new AbortController();
  const callOff = () => abort.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, callOff);
  followParent(callOff);

  const run = await startRun({
    seed,
    minutes,
    historyFile,
    ratePerSecond,
    pollSeconds,
    clocks: true,
    ...(values.dist ? { dist: values.dist } : {}),
    ...(noDisk
      ? {}
      : { diskMegabytes: Math.ceil(DISK_MEGABYTES.base + DISK_MEGABYTES.perMinute * minutes * ratePerSecond) }),
    onFall: (part, reason) => console.log(`  ${part} fell: ${reason}`),
  });
  await haunt(run, {
    durationMs: minutes * 60_000,
    signal: abort.signal,
    onFault: (phase, { kind, target }, detail = '') =>
      console.log(`  ${seconds(run)} ${phase === 'begin' ? '↯' : '✓'} ${kind}: ${target} ${detail}`.trimEnd()),
  });
  if (abort.signal.aborted) {
    await run.abandon();
    run.forget();
    console.log(`Called off. The history so far: ${historyFile}`);
    return 130;
  }
  console.log(`  ${seconds(run)} healing, and waiting for every desk`);
  await run.finish();

  const verdict = checkHistory(readHistory(historyFile));
  const ownFalls = run.falls.filter(({ part }) => part !== 'database' && part !== 'redis');
  const ok = verdict.ok && ownFalls.length === 0;
  console.log(`\nseed ${seed}, ${minutes} minutes: ${ok ? 'nothing that is promised was broken' : 'RED'}`);
  console.log(summarize(verdict, run.falls));
  if (ok) {
    run.forget();
    if (folder) rmSync(folder, { recursive: true });
    else console.log(`The history: ${historyFile}`);
  } else {
    console.log(`The history: ${historyFile}\nThe logs: ${run.logs}`);
  }
  return ok ? 0 : 1;
}

function seconds(run: Run): string {
  return `${(run.recorder.now() / 1000).toFixed(1).padStart(7)} s`;
}

function number(name: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < from || value > to) throw new Error(`${name} takes ${from} to ${to}.`);
  return value;
}

async function installMissing(): Promise<void> {
  const database = await findDatabase();
  if (typeof database === 'string') throw new Error(database);
  const missing: string[] = [];
  if (!database) missing.push(...PACKAGES.database);
  if (!findRedis()) missing.push(...PACKAGES.redis);
  // A run goes without these where they cannot be had, and says so.
  if (!findFaketime() && !whyNotInstall()) missing.push(...PACKAGES.clock);
  if (!findProgram(['strace']) && !whyNotInstall()) missing.push(...PACKAGES.slowDisk);
  if (missing.length === 0) return;
  const obstacle = whyNotInstall();
  if (obstacle) throw new Error(`This needs ${missing.join(', ')} (Debian's names), and ${obstacle}.`);
  console.log(`Installing ${missing.join(', ')} …`);
  await installPackages(missing);
}

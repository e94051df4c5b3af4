/**
 * `npm test`: installs what the tests need and this machine lacks, and runs them all, or those that the
 * arguments name (they go to vitest as they are). The last line of its output is `N passed, M failed`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findFaketime } from './faults/clock.ts';
import { findChromium, findDatabase, findProgram, findRedis } from './servers/find-binaries.ts';
import { installPackages, PACKAGES, whyNotInstall } from './servers/install-packages.ts';
import { followParent } from './supervise/follow-parent.ts';

const ROOT = resolve(import.meta.dirname, '..');

async function installMissing(): Promise<void> {
  const missing: string[] = [];
  if (!process.env.DATABASE_URL) {
    const database = await findDatabase();
    if (typeof database === 'string') throw new Error(database);
    if (!database) missing.push(...PACKAGES.database);
  }
  if (!findRedis()) missing.push(...PACKAGES.redis);
  if (!findChromium()) missing.push(...PACKAGES.browser);
  // Debian's packages; where there is no apt, the tests of moved clocks and slow disks say that they are left out.
  if (!findFaketime() && !whyNotInstall()) missing.push(...PACKAGES.clock);
  if (!findProgram(['strace']) && !whyNotInstall()) missing.push(...PACKAGES.slowDisk);
  if (missing.length === 0) return;
  const obstacle = whyNotInstall();
  if (obstacle) throw new Error(`The tests need ${missing.join(', ')} (Debian's names), and ${obstacle}.`);
  console.log(`Installing ${missing.join(', ')} …`);
  const start = performance.now();
  await installPackages(missing);
  console.log(`Installed in ${((performance.now() - start) / 1000).toFixed(1)} s.`);
}

async function runVitest(args: readonly string[]): Promise<{ passed: number; failed: number; code: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'msp-counts-'));
  const file = join(directory, 'counts.json');
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, MSP_TEST_COUNTS: file, MSP_PARENT_PID: String(process.pid) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  followParent(() => child.kill('SIGTERM'));
  const code = await new Promise<number>((done) => {
    child.on('error', () => done(1));
    child.on('exit', (exitCode) => done(exitCode ?? 1));
  });
  let counts = { passed: 0, failed: 0 };
  try {
    counts = JSON.parse(readFileSync(file, 'utf8')) as typeof counts;
  } catch {
    // It ended before it could count: the setup failed, or a signal came.
  }
  rmSync(directory, { recursive: true, force: true });
  // A run that failed in a way that is no test's is still one failure.
  return { ...counts, failed: code !== 0 ? Math.max(1, counts.failed) : counts.failed, code };
}

try {
  await installMissing();
  const { passed, failed } = await runVitest(process.argv.slice(2));
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

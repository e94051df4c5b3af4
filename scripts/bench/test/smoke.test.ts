import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { startChild } from '../../supervise/child.ts';
import { testDirectory, testGuard } from '../../testing/test-guard.ts';
import { findCompiler } from '../clients/compile.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const CACHE = join(ROOT, 'node_modules/.cache/msp');

/** It takes ten seconds on a machine that has nothing else to do. */
const DEADLINE_MS = 180_000;
const canRun = process.platform === 'linux' && findCompiler() !== undefined;

test.skipIf(!canRun)(
  'a tiny run measures ours and a rival, and leaves nothing behind (skipped without Linux and a C compiler)',
  async () => {
    let output = '';
    const child = startChild({
      guard: testGuard(),
      name: 'bench',
      stage: 'service',
      command: process.execPath,
      args: [join(ROOT, 'scripts/bench.ts'), '--smoke', 'fan-out'],
      env: { PATH: process.env.PATH, TMPDIR: testDirectory(), MSP_INSTALL: 'never' },
      output: { listener: (text) => (output += text) },
    });
    const { code } = await child.exited;
    expect(leftovers(child.pid)).toEqual([]);
    expect(output).toContain('Measured in');
    expect(code).toBe(0);
    expect(output).toMatch(/CPU per delivery +[\d.]+ µs +[\d.]+ µs/);
    expect(output).toMatch(/rows missed +0$/m);
    expect(output).toMatch(/delivered +100 % +100 %/);
  },
  DEADLINE_MS,
);

/** Its build, its files, and processes that still run on them. */
function leftovers(pid: number): string[] {
  const builds = readdirSync(CACHE).filter((name) => name === `bench-${pid}`);
  const running = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandOf)
    .filter((command) => command.includes(testDirectory()));
  return [...builds, ...readdirSync(testDirectory()), ...running];
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It ended while we looked.
    return '';
  }
}

import { join, resolve } from 'node:path';
import { startChild } from '../supervise/child.ts';
import type { Environment } from './process.ts';
import { testGuard } from './test-guard.ts';

const SCRIPTS = resolve(import.meta.dirname, '..');

/** Runs one of the project's own commands, such as `backup.ts`, to its end. Nobody is there to answer its questions. */
export async function runScript(
  name: string,
  args: readonly string[],
  env: Environment,
): Promise<{ code: number | null; output: string }> {
  let output = '';
  const child = startChild({
    guard: testGuard(),
    name,
    stage: 'service',
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(SCRIPTS, name), ...args],
    env: { PATH: process.env.PATH, MSP_INSTALL: 'never', ...env },
    output: { listener: (text) => (output += text) },
  });
  const { code } = await child.exited;
  return { code, output };
}

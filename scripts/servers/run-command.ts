import { startChild } from '../supervise/child.ts';
import type { Guard } from '../supervise/guard.ts';

/**
 * Runs a program to its end, and ends it should we be killed.
 * @returns everything it wrote
 * @throws an Error whose message is what it wrote, when it fails or takes too long
 */
export async function runCommand(
  guard: Guard,
  command: string,
  args: readonly string[],
  options: { timeoutMs: number; env?: Record<string, string | undefined> },
): Promise<string> {
  let output = '';
  const child = startChild({
    guard,
    name: command,
    stage: 'server',
    command,
    args,
    env: options.env ?? { PATH: process.env.PATH },
    cwd: '/',
    output: { listener: (text) => (output += text) },
  });
  const timer = setTimeout(() => void child.stop(), options.timeoutMs);
  const { code, reason } = await child.exited;
  clearTimeout(timer);
  if (code !== 0) throw new Error(output.trim() || `${command}: ${reason}`);
  return output;
}

import { findProgram } from '../servers/find-binaries.ts';
import { startChild } from '../supervise/child.ts';
import type { Guard } from '../supervise/guard.ts';

/** A process none of whose writes have been made since. */
export interface SlowDisk {
  /** Kills the process before any of them is. */
  kill(): Promise<void>;
}

/** Longer than anybody waits for an answer. */
const DELAY_SECONDS = 60;
const ATTACH_MS = 5_000;

/** Why writes cannot be held up here; null when they can. */
export function whyNoSlowDisk(): string | null {
  if (!findProgram(['strace'])) return 'there is no strace';
  if (process.getuid?.() !== 0) return 'holding up the writes of another process takes root';
  return null;
}

/**
 * Holds up every positioned write of a process from now on, before it is made. For database servers, which write
 * their logs so: whatever they tell others in the meantime, a kill now loses.
 *
 * @throws when strace cannot hold on to the process
 */
export async function slowDisk(guard: Guard, pid: number): Promise<SlowDisk> {
  let words = '';
  let heard = () => {};
  const strace = startChild({
    guard,
    name: 'strace',
    stage: 'service',
    command: findProgram(['strace']) ?? 'strace',
    args: ['-f', '-p', `${pid}`, '-e', 'trace=pwrite64', '-e', `inject=pwrite64:delay_enter=${DELAY_SECONDS}s`],
    env: { PATH: process.env.PATH },
    output: {
      listener(text) {
        words += text;
        heard();
      },
    },
  });
  const timer = setTimeout(() => strace.signal('SIGKILL'), ATTACH_MS);
  await new Promise<void>((resolve, reject) => {
    heard = () => {
      if (/attached/.test(words)) resolve();
    };
    void strace.exited.then(() => reject(new Error(`strace could not hold on to process ${pid}: ${words.trim()}`)));
  });
  clearTimeout(timer);
  return {
    async kill() {
      process.kill(pid, 'SIGKILL');
      // It would sit out its delay with the dead in its hands. The order matters: let go first, they would write.
      strace.signal('SIGKILL');
      await strace.exited;
    },
  };
}

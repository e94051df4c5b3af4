import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { Guard } from './guard.ts';
import type { Stage } from './guardian.ts';
import { signalGroup } from './process-identity.ts';

export interface ChildExit {
  /** What happened, for people: `exit code 1`, `SIGKILL`, or why it could not be started at all. */
  reason: string;
  code: number | null;
}

export interface Child {
  name: string;
  /** 0 when the command could not be started; `exited` says why. */
  pid: number;
  exited: Promise<ChildExit>;
  /** What it reads, for those that were started to be spoken to; else null. */
  input: Writable | null;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL after the grace; resolves when the process is gone. */
  stop(graceMs?: number): Promise<ChildExit>;
}

export interface ChildOptions {
  guard: Guard;
  name: string;
  stage: Stage;
  command: string;
  args: readonly string[];
  env: Record<string, string | undefined>;
  cwd?: string;
  /** Whether somebody will speak to it; it reads nothing unless told. */
  spokenTo?: boolean;
  /** A file that gets both outputs (it outlives the supervisor), or a listener for them. */
  output: { file: string } | { listener: (text: string) => void };
}

const GRACE_MS = 10_000;

/**
 * Starts a process in a session and a group of its own, so that a terminal's Ctrl-C reaches the supervisor alone, which
 * then ends everything in the right order.
 */
export function startChild(options: ChildOptions): Child {
  const file = 'file' in options.output ? openSync(options.output.file, 'a', 0o600) : undefined;
  const child = spawn(options.command, options.args, {
    detached: true,
    env: options.env,
    stdio: [options.spokenTo ? 'pipe' : 'ignore', file ?? 'pipe', file ?? 'pipe'],
    ...(options.cwd ? { cwd: options.cwd } : {}),
  });
  if (child.pid !== undefined) options.guard.watch(child.pid, options.stage);
  if (file !== undefined) closeSync(file);
  if ('listener' in options.output) {
    const { listener } = options.output;
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', listener);
  }

  // It may end before it has read all; that is told by its end.
  child.stdin?.on('error', () => {});

  let running = child.pid !== undefined;
  const exited = new Promise<ChildExit>((resolve) => {
    child.on('error', (error) => resolve({ reason: error.message, code: null }));
    // `close` comes after the last output; `exit` may come before it.
    child.on('close', (code, signal) => {
      running = false;
      options.guard.forget(child.pid as number);
      resolve({ reason: signal ?? `exit code ${code}`, code });
    });
  });

  const signal = (name: NodeJS.Signals) => void (running && signalGroup(child.pid as number, name));
  return {
    name: options.name,
    pid: child.pid ?? 0,
    exited,
    input: child.stdin,
    isRunning: () => running,
    signal,
    async stop(graceMs = GRACE_MS) {
      signal('SIGTERM');
      signal('SIGCONT');
      const deadline = setTimeout(signal, graceMs, 'SIGKILL');
      const exit = await exited;
      clearTimeout(deadline);
      return exit;
    },
  };
}

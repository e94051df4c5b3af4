import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach } from 'vitest';
import { isReady } from '../servers/is-ready.ts';
import { type Child, startChild } from '../supervise/child.ts';
import { NODE_FLAGS } from '../supervise/node-flags.ts';
import { atEnd, testGuard } from './test-guard.ts';

export type ProcessName = 'migrate' | 'orders' | 'notifier' | 'web';
export type Environment = Record<string, string>;

export interface TestProcess {
  name: ProcessName;
  /** Where it listens; empty for `migrate`, which has ended well by now. */
  url: string;
  readonly pid: number;
  isRunning(): boolean;
  /** SIGKILL, SIGSTOP, SIGCONT … */
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL after 10 s; the exit code, null when a signal ended it. */
  stop(): Promise<number | null>;
  /** Starts it again on the same port, after ending it if it still runs. */
  restart(env?: Environment): Promise<void>;
  /** Resolves with the exit code when it ends by itself. */
  exited(): Promise<number | null>;
  /** Everything it has written so far, restarts included. */
  logs(): string;
}

export interface ProcessOptions {
  args?: readonly string[];
  /** `listening` does not wait for `/readyz` to say yes, for starts in the middle of a fault. */
  until?: 'ready' | 'listening';
}

const DIST = resolve(import.meta.dirname, '../../dist');
const READY_DEADLINE_MS = 45_000;
const MAX_LOG_CHARS = 4_000_000;
const LOG_LINES_OF_FAILURE = 60;

const started: TestProcess[] = [];

afterEach(({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const process of started) console.error(`--- ${process.name} (${process.pid})\n${lastLines(process.logs())}`);
});

/**
 * Runs `dist/<name>.js` with this environment and nothing else, and waits until it is ready.
 * Ports are chosen by the system unless given. What it writes is shown when a test fails.
 *
 * @throws when it ends before it is ready, or is not ready after 45 s; with what it wrote
 */
export async function startProcess(
  name: ProcessName,
  env: Environment,
  options: ProcessOptions = {},
): Promise<TestProcess> {
  const file = resolve(DIST, `${name}.js`);
  if (!existsSync(file)) throw new Error(`dist/${name}.js was not built`);
  const portName = `${name.toUpperCase()}_PORT`;
  let log = '';
  let child: Child;
  let url = '';
  let settings = env;

  const start = async (port: string) => {
    const from = log.length;
    child = startChild({
      guard: testGuard(),
      name,
      stage: 'service',
      command: process.execPath,
      args: [...NODE_FLAGS, '--enable-source-maps', file, ...(options.args ?? [])],
      env: { PATH: process.env.PATH, ...settings, [portName]: port },
      output: { listener: (text) => (log = (log + text).slice(-MAX_LOG_CHARS)) },
    });
    if (name === 'migrate') {
      const { code, reason } = await child.exited;
      if (code !== 0) throw new Error(`migrate ended with ${reason}:\n${lastLines(log)}`);
      return;
    }
    await waitFor(child, () => {
      const found = listeningPort(log.slice(from));
      if (found) url = `http://127.0.0.1:${found}`;
      return found !== undefined;
    });
    if (options.until !== 'listening') await waitFor(child, () => isReady(url));
  };

  const waitFor = async (child: Child, condition: () => boolean | Promise<boolean>) => {
    const deadline = Date.now() + READY_DEADLINE_MS;
    while (!(await condition())) {
      const why = child.isRunning() ? (Date.now() > deadline ? 'was not ready in time' : '') : 'ended at its start';
      if (why) {
        await child.stop();
        throw new Error(`${name} ${why}:\n${lastLines(log)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  const running: TestProcess = {
    name,
    get url() {
      return url;
    },
    get pid() {
      return child.pid;
    },
    isRunning: () => child.isRunning(),
    signal: (signal) => child.signal(signal),
    stop: async () => (await child.stop()).code,
    exited: async () => (await child.exited).code,
    async restart(changes = {}) {
      await child.stop();
      settings = { ...settings, ...changes };
      await start(new URL(url).port);
    },
    logs: () => log,
  };
  // All at once, by whichever ends first: each waits half a second for requests that might cross with its end.
  atEnd(() => Promise.all([running, ...started].map((process) => process.stop())));
  await start(env[portName] ?? '0');
  started.push(running);
  return running;
}

function listeningPort(log: string): number | undefined {
  for (const line of log.split('\n')) {
    if (!line.includes('"listening"')) continue;
    try {
      const { msg, port } = JSON.parse(line) as { msg?: string; port?: number };
      if (msg === 'listening') return port;
    } catch {}
  }
  return undefined;
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-LOG_LINES_OF_FAILURE).join('\n');
}

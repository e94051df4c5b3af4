import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../servers/free-port.ts';
import { identify, isRunning, type ProcessIdentity, signalProcess } from '../supervise/process-identity.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A run of `npm start`'s program, with a folder and ports of its own. */
export interface StartRun {
  dataDirectory: string;
  env: Record<string, string | undefined>;
  webUrl: string;
  pid: number;
  output(): string;
  /** Resolves when this text was written; rejects with the output when the program ends before. */
  said(text: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  exited: Promise<number | null>;
  /** Every process that it has started and said so of, by `running.json`. */
  children(): ProcessIdentity[];
}

const opened: StartRun[] = [];
const folders: string[] = [];

export async function startEnvironment(): Promise<Record<string, string | undefined>> {
  const folder = mkdtempSync(join(tmpdir(), 'msp-start-'));
  folders.push(folder);
  const [web, orders, notifier] = [await freePort(), await freePort(), await freePort()];
  return {
    PATH: process.env.PATH,
    HOME: folder,
    DATA_DIR: join(folder, 'data'),
    MSP_INSTALL: 'never',
    WEB_PORT: String(web),
    ORDERS_PORT: String(orders),
    NOTIFIER_PORT: String(notifier),
  };
}

export function runStart(env: Record<string, string | undefined>, args: readonly string[] = []): StartRun {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/start.ts'), ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let ended = false;
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const exited = new Promise<number | null>((done) => {
    child.on('close', (code) => {
      ended = true;
      done(code);
      for (const listener of listeners) listener();
    });
  });
  const dataDirectory = env.DATA_DIR as string;
  const run: StartRun = {
    dataDirectory,
    env,
    webUrl: `http://localhost:${env.WEB_PORT}`,
    pid: child.pid as number,
    output: () => output,
    said: (text) =>
      new Promise((done, fail) => {
        const look = () => {
          if (output.includes(text)) done();
          else if (ended) fail(new Error(`It ended without saying «${text}»:\n${output}`));
          else return;
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
    signal: (signal) => void child.kill(signal),
    exited,
    children: () => JSON.parse(readFileSync(join(dataDirectory, 'running.json'), 'utf8')).children,
  };
  opened.push(run);
  return run;
}

/** Ends what a failed test has left, and removes the folders. */
export async function endRuns(): Promise<void> {
  for (const run of opened.splice(0)) {
    const identity = identify(run.pid);
    if (identity && isRunning(identity)) run.signal('SIGTERM');
    await run.exited;
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Kills without a word, and not the group: nothing the program could react to. */
export function kill(identity: ProcessIdentity): void {
  signalProcess(identity, 'SIGKILL');
}

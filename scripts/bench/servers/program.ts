import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../servers/free-port.ts';
import { isReady } from '../../servers/is-ready.ts';
import { tail } from '../../servers/server-failure.ts';
import { type Child, startChild } from '../../supervise/child.ts';
import { NODE_FLAGS } from '../../supervise/node-flags.ts';
import { type Cost, readCost } from '../cost.ts';
import type { Place, Workbench } from '../workbench.ts';

/** A Node process that is measured, or that something measured needs. */
export interface Program {
  name: string;
  port: number;
  url: string;
  pid: number;
  cost(): Cost;
  stop(): Promise<void>;
}

const READY_DEADLINE_MS = 30_000;

/**
 * Runs one of our processes or a rival of theirs, and waits until it says that it can do its work.
 * @param options.file under the bench's own build (`orders.js`), or a TypeScript file by its whole path
 * @param options.port a free one unless told
 * @throws an Error with its last words when it does not come up
 */
export async function startProgram(
  bench: Workbench,
  options: { name: string; file: string; place: Place; env: Record<string, string>; port?: number },
): Promise<Program> {
  const port = options.port ?? (await freePort());
  const { child, logFile } = launch(bench, {
    ...options,
    env: { LOG_LEVEL: 'warn', ...options.env, [`${options.name.toUpperCase()}_PORT`]: String(port) },
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (!(await isReady(url))) {
    if (!child.isRunning() || performance.now() > deadline) {
      const { reason } = await child.stop();
      throw new Error(`${options.name} did not become ready (${reason}). Its last words:\n${await tail(logFile, 12)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    name: options.name,
    port,
    url,
    pid: child.pid,
    cost() {
      if (child.isRunning()) return readCost(child.pid);
      throw new Error(`${options.name} has ended. Its last words:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
    },
    stop: async () => void (await child.stop()),
  };
}

/** Runs one to its end. @returns what it wrote @throws an Error with its last words when it fails */
export async function runProgram(
  bench: Workbench,
  options: { name: string; file: string; place: Place; env: Record<string, string>; args?: readonly string[] },
): Promise<string> {
  let output = '';
  const { child } = launch(bench, options, (text) => (output += text));
  const { code, reason } = await child.exited;
  if (code !== 0) throw new Error(`${options.name} ended with ${reason}:\n${output.trimEnd().slice(-2000)}`);
  return output;
}

let launched = 0;

function launch(
  bench: Workbench,
  options: { name: string; file: string; place: Place; env: Record<string, string>; args?: readonly string[] },
  listener?: (text: string) => void,
): { child: Child; logFile: string } {
  launched += 1;
  const logFile = join(bench.home, 'logs', `${launched}-${options.name}.log`);
  const file = options.file.startsWith('/') ? options.file : join(bench.dist, options.file);
  // Ours as `npm start` and the images run them; rivals may have all the memory that they want.
  const ours = file === options.file ? [] : NODE_FLAGS;
  const flags = ['--disable-warning=ExperimentalWarning', '--enable-source-maps', ...ours];
  const args = [...flags, file, ...(options.args ?? [])];
  const child = startChild({
    guard: bench.guard,
    name: options.name,
    stage: 'service',
    ...bench.placed(options.place, process.execPath, args),
    env: { PATH: process.env.PATH, ...options.env },
    output: listener ? { listener } : { file: logFile },
  });
  return { child, logFile };
}

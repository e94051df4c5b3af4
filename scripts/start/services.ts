import { join, resolve } from 'node:path';
import { tail } from '../servers/server-failure.ts';
import { type Child, type ChildOptions, startChild } from '../supervise/child.ts';
import type { Guard } from '../supervise/guard.ts';
import { NODE_FLAGS } from '../supervise/node-flags.ts';
import type { DataDirectory } from './data-directory.ts';
import { StartFailure } from './start-failure.ts';

const DIST = resolve(import.meta.dirname, '../../dist');
const READY_DEADLINE_MS = 60_000;
const WORDS = 12;

export interface Service extends Child {
  logFile: string;
}

/** Starts `dist/<name>.js` with its own log. */
export function startService(
  options: { guard: Guard; data: DataDirectory; env: ChildOptions['env'] },
  name: string,
  args: readonly string[] = [],
): Service {
  const logFile = options.data.startLog(name);
  const child = startChild({
    guard: options.guard,
    name,
    stage: 'service',
    command: process.execPath,
    args: [...NODE_FLAGS, '--enable-source-maps', join(DIST, `${name}.js`), ...args],
    env: options.env,
    output: { file: logFile },
  });
  return { ...child, logFile };
}

/** Waits for a job's end. @throws {StartFailure} with its last words when it failed */
export async function finished(job: Service): Promise<void> {
  const { code, reason } = await job.exited;
  if (code !== 0) throw await serviceFailure(job, reason);
}

/** Waits until the service says that it can do its work. @throws {StartFailure} with its last words */
export async function ready(service: Service, url: string): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  let last = 'no answer';
  while (Date.now() < deadline) {
    if (!service.isRunning()) throw await serviceFailure(service, (await service.exited).reason);
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3000) });
      last = await response.text();
      if (response.ok) return;
    } catch {}
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new StartFailure(`${service.name} is not ready after ${READY_DEADLINE_MS / 1000} s: ${last}`);
}

export async function serviceFailure(
  service: Pick<Service, 'name' | 'logFile'>,
  reason: string,
): Promise<StartFailure> {
  const words = await tail(service.logFile, WORDS);
  return new StartFailure(`${service.name} has ended (${reason}). Its last words, from ${service.logFile}:\n${words}`);
}

import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describeFileError } from '../servers/server-failure.ts';
import { identify, isRunning, type ProcessIdentity, signalProcess } from '../supervise/process-identity.ts';
import { StartFailure } from './start-failure.ts';

/** What a running shop leaves for a second `npm start` to read, and for the first one after a crash. */
export interface RunningShop {
  supervisor: ProcessIdentity;
  webUrl: string;
  children: ProcessIdentity[];
}

const LEFTOVER_DEADLINE_MS = 15_000;

/** Never closed, and kept from the garbage collector: the system frees a lock when its process ends, in whatever way. */
const locks: DatabaseSync[] = [];

/** The folder where `npm start` keeps everything, DATA_DIR; held by one supervisor at a time. */
export class DataDirectory {
  readonly path: string;

  /** @throws {StartFailure} when it cannot be written, or another supervisor holds it */
  constructor(path: string) {
    this.path = path;
    try {
      mkdirSync(path, { recursive: true });
      // World-executable, so that a database server with an account of its own can reach its folder below.
      mkdirSync(this.file('logs'), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new StartFailure(
        `${path} cannot be used: ${describeFileError(error)}\nDATA_DIR names another folder for the data.`,
      );
    }
    locks.push(this.#take());
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** The JSON in a file; undefined when there is none, or it is not JSON. */
  readJson<T>(name: string): T | undefined {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8')) as T;
    } catch {
      return undefined;
    }
  }

  /** Replaces the file as a whole, readable for its owner alone. */
  writeJson(name: string, value: unknown): void {
    const temporary = this.file(`${name}.new`);
    try {
      writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
      renameSync(temporary, this.file(name));
    } catch (error) {
      throw new StartFailure(`${this.file(name)} cannot be written: ${describeFileError(error)}`);
    }
  }

  /** The path of a new log; the one before keeps `.1`. */
  startLog(name: string): string {
    const path = this.file(`logs/${name}.log`);
    if (statSync(path, { throwIfNoEntry: false })) renameSync(path, `${path}.1`);
    return path;
  }

  announce(webUrl: string, children: readonly { pid: number }[]): void {
    this.writeJson('running.json', {
      supervisor: identify(process.pid),
      webUrl,
      children: children.flatMap(({ pid }) => identify(pid) ?? []),
    });
  }

  withdraw(): void {
    rmSync(this.file('running.json'), { force: true });
  }

  /** Ends what a supervisor left running that was killed together with its guardian. */
  async endLeftovers(): Promise<number> {
    const left = (this.readJson<RunningShop>('running.json')?.children ?? []).filter(isRunning);
    for (const identity of left) signalProcess(identity, 'SIGTERM');
    const deadline = Date.now() + LEFTOVER_DEADLINE_MS;
    while (left.some(isRunning)) {
      if (Date.now() > deadline) for (const identity of left) signalProcess(identity, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    this.withdraw();
    return left.length;
  }

  /** A lock of the operating system, by way of SQLite's: unlike a file with a process id, it cannot be stale. */
  #take(): DatabaseSync {
    try {
      const lock = new DatabaseSync(this.file('lock'), { timeout: 0 });
      lock.exec('BEGIN EXCLUSIVE');
      return lock;
    } catch (error) {
      const SQLITE_BUSY = 5;
      if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) {
        throw new StartFailure(`${this.file('lock')} cannot be written: ${(error as Error).message}`);
      }
      const running = this.readJson<RunningShop>('running.json');
      throw new StartFailure(
        running
          ? `MSP runs already from this folder: ${running.webUrl} (process ${running.supervisor.pid}).\nCtrl-C in its terminal stops it, or: kill ${running.supervisor.pid}`
          : 'Another `npm start`, `backup` or `restore` is at work in this folder right now.',
      );
    }
  }
}

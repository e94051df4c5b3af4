import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { GuardianCommand, Stage } from './guardian.ts';
import { identify } from './process-identity.ts';

/** The supervisor's end of a guardian: says what is to be ended should the supervisor die. */
export class Guard {
  readonly pid: number;
  readonly #pipe: Writable;
  readonly #gone: Promise<unknown>;
  #closed = false;

  constructor() {
    const guardian = spawn(process.execPath, [join(import.meta.dirname, 'guardian.ts')], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
    });
    this.pid = guardian.pid as number;
    this.#pipe = guardian.stdin;
    this.#gone = once(guardian, 'exit').catch(() => {});
    this.#pipe.on('error', () => {});
    // Neither may keep a supervisor alive that has nothing else to do.
    guardian.unref();
    (this.#pipe as unknown as { unref(): void }).unref();
  }

  watch(pid: number, stage: Stage): void {
    const identity = identify(pid);
    if (identity) this.#tell({ watch: identity, stage });
  }

  forget(pid: number): void {
    this.#tell({ forget: pid });
  }

  /** A temporary directory that nobody needs once everything has ended. */
  removeAtEnd(path: string): void {
    this.#tell({ removeAtEnd: path });
  }

  keep(path: string): void {
    this.#tell({ keep: path });
  }

  /** Ends whatever is still watched, and then the guardian itself. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#pipe.end();
    const hold = setInterval(() => {}, 1000);
    await this.#gone;
    clearInterval(hold);
  }

  #tell(command: GuardianCommand): void {
    if (!this.#closed) this.#pipe.write(`${JSON.stringify(command)}\n`);
  }
}

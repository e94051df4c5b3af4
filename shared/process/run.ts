import { setFlagsFromString } from 'node:v8';
import { ConfigError } from './config.ts';
import type { Logger } from './log.ts';

/** Ends one part of a process; called once, in the order the parts were named. */
export type Closer = () => void | Promise<void>;

/** After this long a process goes, whatever still hangs. */
const SHUTDOWN_DEADLINE_MS = 9_500;

/**
 * Ends the process on SIGTERM or SIGINT: runs the closers in order, then exits 0; exits 1 at the deadline.
 * A second signal changes nothing: impatient supervisors send two. An error nobody caught is logged and ends
 * the process with 1, because its state is unknown; the supervisor starts a new one.
 */
export function closeOnSignals(log: Logger, closers: readonly Closer[]): void {
  let closing = false;
  const close = async (reason: string, exitCode: number) => {
    if (closing) return;
    closing = true;
    log.info({ reason }, 'closing');
    setTimeout(() => {
      log.error('did not close in time');
      process.exit(1);
    }, SHUTDOWN_DEADLINE_MS).unref();
    for (const closer of closers) {
      try {
        await closer();
      } catch (error) {
        log.error({ err: error }, 'a part did not close cleanly');
      }
    }
    log.info('closed');
    process.exit(exitCode);
  };
  process.on('SIGTERM', () => void close('SIGTERM', 0));
  process.on('SIGINT', () => void close('SIGINT', 0));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught');
    void close('uncaught error', 1);
  });
}

// No options of the command line, because the images could not pass them on: NODE_OPTIONS does not take them.
const HEAP_FLAGS = [
  // By how much the old part of the heap may grow before it is collected again. Left alone, V8 grows a heap that is
  // bounded as ours is (scripts/supervise/node-flags.ts) by so little that an intake under load collected 35 MB three
  // times a second, and stood still for up to 40 ms each time. The bound stays.
  '--heap-growing-percent=200',
  // What belongs to a request that waits for the database is often still there when the young part is collected. Left
  // alone, V8 takes it for long-lived, and puts the like of it into the old part at once, where it stays, with all that
  // it holds, until that is collected.
  '--no-allocation-site-pretenuring',
];

/** Runs a `main`, turning a start that fails into one clear message and exit code 1 (78 for wrong settings). */
export async function runMain(main: () => Promise<void>): Promise<void> {
  for (const flag of HEAP_FLAGS) setFlagsFromString(flag);
  try {
    await main();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const { port, address } = error as { port?: number; address?: string };
    if (error instanceof ConfigError) console.error(error.message);
    else if (code === 'EADDRNOTAVAIL') console.error(`BIND_ADDRESS: ${address} is no address of this machine.`);
    else if (code === 'EADDRINUSE') console.error(`Port ${port} on ${address} is taken by another program.`);
    else console.error('Could not start:', error);
    process.exit(error instanceof ConfigError ? 78 : 1);
  }
}

import { join } from 'node:path';
import { findRedis } from '../servers/find-binaries.ts';
import { freePort } from '../servers/free-port.ts';
import { startRedisServer } from '../servers/redis-server.ts';
import type { RedisPasswords } from '../servers/redis-users.ts';
import type { Child } from '../supervise/child.ts';
import { atEnd, testDirectory, testGuard } from './test-guard.ts';

export interface TestRedis {
  url: string;
  port: number;
  readonly pid: number;
  /** SIGSTOP and SIGCONT freeze and thaw it, SIGKILL ends it at once. */
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
  /** Starts it again on the same port, empty, after ending it if it still runs. */
  restart(): Promise<void>;
}

/** A private Redis of its own, ended with the test file; whoever reaches it may do anything, unless there are passwords. */
export async function testRedis(options: { passwords?: RedisPasswords } = {}): Promise<TestRedis> {
  const program = findRedis();
  if (!program) throw new Error('There is no redis-server or valkey-server here. `npm test` installs what is missing.');
  const start = async (port: number) => {
    const directory = join(testDirectory(), `redis-${port}`);
    const { child } = await startRedisServer({
      guard: testGuard(),
      program,
      port,
      directory,
      logFile: `${directory}.log`,
      ...options,
    });
    return child;
  };
  let port = await freePort();
  let child: Child;
  try {
    child = await start(port);
  } catch {
    // Another test may have taken the port between our look and the start.
    port = await freePort();
    child = await start(port);
  }
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid;
    },
    signal: (signal) => child.signal(signal),
    stop: async () => void (await child.stop()),
    async restart() {
      await child.stop();
      child = await start(port);
    },
  };
  atEnd(() => redis.stop());
  return redis;
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { createDataDirectory, startDatabaseServer } from '../servers/database-server.ts';
import { findDatabase } from '../servers/find-binaries.ts';
import { freePort } from '../servers/free-port.ts';
import type { Child } from '../supervise/child.ts';
import { atEnd, testDirectory, testGuard } from './test-guard.ts';

export interface TestDatabaseServer {
  /** Of a database on it; the same after a restart. */
  url: string;
  query<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it has ended, whatever ended it. */
  exited(): Promise<void>;
  /** Starts it again with its data, on the same port. */
  restart(): Promise<void>;
}

export interface DatabaseServerSurroundings {
  /** Its data directory, once there is one, is put on a disk that this makes; see full-disk.ts. */
  disk?: (directory: string) => Promise<{ within: readonly string[] }>;
  /** Further environment, such as a clock's; see clock.ts. */
  env?: Record<string, string>;
}

/** A database server of a test's own, to be killed and frozen; ended with the test file. */
export async function testDatabaseServer(surroundings: DatabaseServerSurroundings = {}): Promise<TestDatabaseServer> {
  const binaries = await findDatabase();
  if (binaries === undefined || typeof binaries === 'string')
    throw new Error(binaries ?? 'There is no database server.');
  const home = join(testDirectory(), 'server');
  mkdirSync(home);
  const directory = join(home, 'data');
  await createDataDirectory(testGuard(), binaries, directory, { asRoot: true });
  const disk = await surroundings.disk?.(directory);
  const options = {
    guard: testGuard(),
    binaries,
    directory,
    port: await freePort(),
    logFile: join(home, 'database.log'),
    account: { user: 'tester', password: 'only-on-loopback', scope: '`msp\\_test\\_own`.*' },
    database: 'msp_test_own',
    asRoot: true,
    ...(disk ? { within: disk.within } : {}),
    ...(surroundings.env ? { env: surroundings.env } : {}),
  };
  const start = () => startDatabaseServer(options);
  const first = await start();
  let child: Child = first.child;
  let pool: Pool | undefined;
  atEnd(async () => {
    await pool?.end().catch(() => {});
    child.signal('SIGCONT');
    await child.stop();
  });
  return {
    url: first.url,
    async query<Row>(sql: string) {
      pool ??= createPool({ uri: first.url, connectionLimit: 2, timezone: 'Z' });
      const [rows] = await pool.query<RowDataPacket[]>(sql);
      return rows as Row[];
    },
    signal: (signal) => child.signal(signal),
    exited: async () => void (await child.exited),
    async restart() {
      await child.stop();
      child = (await start()).child;
    },
  };
}

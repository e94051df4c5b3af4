import { join } from 'node:path';
import { type SmallDisk, smallDisk } from '../faults/full-disk.ts';
import { databaseAnswers } from '../servers/check-database.ts';
import { createDataDirectory, startDatabaseServer } from '../servers/database-server.ts';
import { findDatabase, findRedis } from '../servers/find-binaries.ts';
import { freePort } from '../servers/free-port.ts';
import { redisAnswers, startRedisServer } from '../servers/redis-server.ts';
import type { Guard } from '../supervise/guard.ts';
import { type Part, startPart } from './part.ts';

export interface ServerOptions {
  guard: Guard;
  home: string;
  logFile: string;
  onFall: (reason: string) => void;
  isOver: () => boolean;
}

export interface DatabasePart {
  part: Part;
  /** With the rights of an administrator, and straight to the server. */
  url: string;
  disk: SmallDisk | undefined;
}

/**
 * A database server that can be killed and started again with its data.
 *
 * @param options.env goes by another clock, for one
 * @param options.diskMegabytes undefined: on the machine's own disk
 */
export async function startDatabasePart(
  options: ServerOptions & { env: Record<string, string>; diskMegabytes: number | undefined },
): Promise<DatabasePart> {
  const { guard, home, logFile, env, diskMegabytes, onFall, isOver } = options;
  const binaries = await findDatabase();
  if (typeof binaries !== 'object') throw new Error(binaries ?? 'There is no database server here.');
  const directory = join(home, 'database');
  await createDataDirectory(guard, binaries, directory, { asRoot: true });
  const disk = diskMegabytes ? await smallDisk({ guard, directory, megabytes: diskMegabytes }) : undefined;
  const port = await freePort();
  const account = { user: 'chaos', password: 'only-on-loopback', scope: '*.*' };
  const url = `mysql://${account.user}:${account.password}@127.0.0.1:${port}/msp`;
  const server = { guard, binaries, directory, port, logFile, account, database: 'msp', asRoot: true, env };
  const part = await startPart({
    name: 'database',
    kind: 'database',
    port,
    launch: async () => (await startDatabaseServer({ ...server, ...(disk ? { within: disk.within } : {}) })).child,
    isReady: () => databaseAnswers(url),
    onFall,
    isOver,
  });
  return { part, url, disk };
}

/** A Redis that comes back empty, as one without a disk does. */
export async function startRedisPart({ guard, home, logFile, onFall, isOver }: ServerOptions): Promise<Part> {
  const program = findRedis();
  if (!program) throw new Error('There is no Redis here.');
  const port = await freePort();
  const directory = join(home, 'redis');
  return startPart({
    name: 'redis',
    kind: 'redis',
    port,
    launch: async () => (await startRedisServer({ guard, program, port, directory, logFile })).child,
    isReady: () => redisAnswers(port),
    onFall,
    isOver,
  });
}

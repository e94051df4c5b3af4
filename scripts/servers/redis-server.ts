import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { type Child, startChild } from '../supervise/child.ts';
import type { Guard } from '../supervise/guard.ts';
import { type RedisPasswords, redisUsers } from './redis-users.ts';
import { ServerFailure, tail } from './server-failure.ts';

const START_DEADLINE_MS = 15_000;

/**
 * Starts a private Redis or Valkey on loopback, for messages only: nothing is written to disk, memory is bounded,
 * and a subscriber that falls behind is cut (it reads the log instead).
 *
 * @returns a URL without a user, see `redisUrlOf`
 * @throws {ServerFailure} when it does not come up
 */
export async function startRedisServer(options: {
  guard: Guard;
  program: string;
  port: number;
  /** Its working directory; nothing is kept there. */
  directory: string;
  logFile: string;
  /** With them, each process may do its own part and strangers nothing; without, whoever reaches it may do anything. */
  passwords?: RedisPasswords;
}): Promise<{ child: Child; url: string }> {
  mkdirSync(options.directory, { recursive: true });
  const usersFile = join(options.directory, 'users.acl');
  if (options.passwords) writeFileSync(usersFile, redisUsers(options.passwords), { mode: 0o600 });
  const child = startChild({
    guard: options.guard,
    name: 'Redis',
    stage: 'server',
    command: options.program,
    args: [
      ...['--port', String(options.port)],
      ...['--bind', '127.0.0.1'],
      ...['--save', ''],
      ...['--appendonly', 'no'],
      ...['--maxmemory', '64mb'],
      ...['--maxmemory-policy', 'noeviction'],
      ...['--client-output-buffer-limit', 'pubsub 32mb 8mb 60'],
      ...['--maxclients', '1000'],
      ...['--dir', options.directory],
      ...(options.passwords ? ['--aclfile', usersFile] : []),
    ],
    env: { PATH: process.env.PATH },
    cwd: options.directory,
    output: { file: options.logFile },
  });
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await redisAnswers(options.port))) {
    if (!child.isRunning() || Date.now() > deadline) {
      const { reason } = await child.stop();
      throw new ServerFailure(`Redis could not start (${reason}). Its last words:\n${await tail(options.logFile, 8)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  // Another program that took the port in between would have answered just as well.
  if (!child.isRunning()) throw new ServerFailure(`Redis could not start: its port ${options.port} was taken.`);
  return { child, url: `redis://127.0.0.1:${options.port}` };
}

/** One PING, spoken by hand. An answer that wants a password is an answer too. */
export function redisAnswers(port: number, host = '127.0.0.1', timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host, timeout: timeoutMs }, () => socket.write('PING\r\n'));
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data) => end(/^(\+PONG|-NOAUTH)/.test(data.toString('latin1'))));
    for (const event of ['error', 'timeout', 'close']) socket.once(event, () => end(false));
  });
}

import { spawnSync } from 'node:child_process';
import { type Child, startChild } from '../supervise/child.ts';
import type { Guard } from '../supervise/guard.ts';
import { databaseAnswers } from './check-database.ts';
import { redisAnswers } from './redis-server.ts';
import { type RedisPasswords, redisUsers } from './redis-users.ts';
import { ServerFailure, tail } from './server-failure.ts';

/** The image has to be pulled the first time. */
const START_DEADLINE_MS = 10 * 60_000;

/** True when there is a `docker` command and an engine behind it. */
export function dockerAnswers(): boolean {
  return spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 5000 }).status === 0;
}

interface DockerOptions {
  guard: Guard;
  /** Of the container, and of the volume with its data. */
  name: string;
  port: number;
  logFile: string;
}

/** MySQL in a container; its data are in a volume of the container's name. */
export async function startDatabaseInDocker(
  options: DockerOptions & { database: string; user: string; password: string },
): Promise<{ child: Child; url: string }> {
  const { database, user, password, port } = options;
  const child = startContainer(options, {
    image: 'docker.io/library/mysql:8.4',
    user: 'mysql',
    port: 3306,
    volume: '/var/lib/mysql',
    env: {
      MYSQL_DATABASE: database,
      MYSQL_USER: user,
      MYSQL_PASSWORD: password,
      MYSQL_ROOT_PASSWORD: password,
      MYSQL_ROOT_HOST: 'localhost',
    },
    args: ['--character-set-server=utf8mb4', '--skip-name-resolve', '--skip-log-bin', '--mysqlx=OFF'],
  });
  const url = `mysql://${user}:${password}@127.0.0.1:${port}/${database}`;
  await untilAnswer(child, options.logFile, () => databaseAnswers(url));
  return { child, url };
}

export async function startRedisInDocker(
  options: DockerOptions & { passwords: RedisPasswords },
): Promise<{ child: Child; url: string }> {
  const settings = ['--save', '', '--maxmemory', '64mb', '--protected-mode', 'no', '--aclfile', '/data/users.acl'];
  const child = startContainer(options, {
    image: 'docker.io/library/redis:8-alpine',
    user: 'redis',
    port: 6379,
    env: { REDIS_USERS: redisUsers(options.passwords) },
    // The container's only way in is the published port on loopback.
    args: ['sh', '-c', 'printf "%s" "$REDIS_USERS" > /data/users.acl && exec redis-server "$@"', 'sh', ...settings],
  });
  await untilAnswer(child, options.logFile, () => redisAnswers(options.port));
  return { child, url: `redis://127.0.0.1:${options.port}` };
}

const started = new Set<string>();

/** Ends containers that did not end with their clients. */
export function endContainers(): void {
  for (const name of started) spawnSync('docker', ['rm', '--force', name], { stdio: 'ignore' });
  started.clear();
}

/** Removes a container and its data. */
export function removeFromDocker(name: string): void {
  spawnSync('docker', ['rm', '--force', name], { stdio: 'ignore' });
  spawnSync('docker', ['volume', 'rm', '--force', name], { stdio: 'ignore' });
}

/**
 * Runs the container in the foreground: the client passes SIGTERM on to it, so it ends like any other child.
 * One that was left by a client that was killed is removed first. Values go by environment, because arguments
 * can be read by every user of the machine.
 */
function startContainer(
  options: DockerOptions,
  container: {
    image: string;
    user: string;
    port: number;
    volume?: string;
    env: Record<string, string>;
    args: readonly string[];
  },
): Child {
  spawnSync('docker', ['rm', '--force', options.name], { stdio: 'ignore' });
  started.add(options.name);
  return startChild({
    guard: options.guard,
    name: container.image,
    stage: 'server',
    command: 'docker',
    args: [
      ...['run', '--rm', '--name', options.name, '--user', container.user],
      ...['--publish', `127.0.0.1:${options.port}:${container.port}`],
      ...(container.volume ? ['--volume', `${options.name}:${container.volume}`] : []),
      ...Object.keys(container.env).flatMap((name) => ['--env', name]),
      container.image,
      ...container.args,
    ],
    env: { ...process.env, ...container.env },
    output: { file: options.logFile },
  });
}

async function untilAnswer(child: Child, logFile: string, answers: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await answers())) {
    if (!child.isRunning() || Date.now() > deadline) {
      const { reason } = await child.stop();
      throw new ServerFailure(
        `${child.name} could not start in Docker (${reason}). Its last words:\n${await tail(logFile, 8)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Child, startChild } from '../supervise/child.ts';
import type { Guard } from '../supervise/guard.ts';
import { databaseAnswers } from './check-database.ts';
import type { DatabaseBinaries } from './find-binaries.ts';
import { runCommand } from './run-command.ts';
import { describeFileError, ServerFailure, tail } from './server-failure.ts';

/** Making a data directory takes 1–2 s on a quick disk. */
const CREATE_DEADLINE_MS = 180_000;
const START_DEADLINE_MS = 90_000;
/** Unix socket paths are cut at about 108 characters; a temporary directory longer than this is not used. */
const MAX_SOCKET_DIRECTORY = 60;
/** Log settings by their MariaDB and their MySQL name; each server skips the other's. */
const LOG_SIZE = ['--loose-innodb-log-file-size=48M', '--loose-innodb-redo-log-capacity=96M'];

export interface DatabaseServerOptions {
  guard: Guard;
  binaries: DatabaseBinaries;
  /** The data directory; made by `createDataDirectory`. */
  directory: string;
  port: number;
  logFile: string;
  /** The one account that can be used over TCP, and what it may touch (a grant's object such as `msp`.*). */
  account: { user: string; password: string; scope: string };
  /** A second account, which may log in and no more until the first one gives it rights (the migrate job does). */
  runAccount?: { user: string; password: string };
  /** Made when it does not exist. */
  database?: string;
  /** Runs as root when we are root, for data that live no longer than this run. */
  asRoot?: boolean;
  /** A command that runs the server, such as `nsenter …`, for tests that change its surroundings. */
  within?: readonly string[];
  /** Further environment, for the same. */
  env?: Record<string, string>;
  /** Further settings of the server; they win over ours. */
  settings?: readonly string[];
}

export interface DatabaseServer {
  child: Child;
  /** With user and password, and the database when one was named. */
  url: string;
  /** The same for `runAccount`; `url` itself when there is none. */
  runUrl: string;
}

/**
 * The account that a server runs as: itself, unless we are root, where it is `mysql` when there is such an
 * account and it can reach the directory, and root (who has to be asked for by name) when not.
 */
function runAs(
  directory: string,
  options: { asRoot?: boolean | undefined } = {},
): { args: string[]; uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return { args: [] };
  const entry = /^mysql:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (options.asRoot || !entry || !isReachable(resolve(directory))) return { args: ['--user=root'] };
  return { args: ['--user=mysql'], uid: Number(entry[1]), gid: Number(entry[2]) };
}

function isReachable(directory: string): boolean {
  for (let place = dirname(directory); ; place = dirname(place)) {
    const mode = statSync(place, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o001) === 0) return false;
    if (place === dirname(place)) return true;
  }
}

/**
 * Fills a new data directory. It appears under its name only when it is whole, so that one that was
 * interrupted is never mistaken for data.
 */
export async function createDataDirectory(
  guard: Guard,
  binaries: DatabaseBinaries,
  directory: string,
  options: { asRoot?: boolean } = {},
): Promise<void> {
  const account = runAs(directory, options);
  const unfinished = `${directory}.new`;
  const temporary = `${directory}.tmp`;
  const common = ['--no-defaults', ...account.args, `--datadir=${unfinished}`, `--tmpdir=${temporary}`, ...LOG_SIZE];
  try {
    for (const made of [unfinished, temporary]) {
      rmSync(made, { recursive: true, force: true });
      mkdirSync(made, { recursive: true, mode: 0o700 });
      giveTo(account, made);
    }
    // `socket`: the server's root is the system's root or nobody, and has no password to lose.
    const install = ['--auth-root-authentication-method=socket', '--skip-test-db', '--skip-name-resolve'];
    await (binaries.flavour === 'mysql'
      ? runCommand(guard, binaries.server, [...common, '--initialize-insecure'], { timeoutMs: CREATE_DEADLINE_MS })
      : runCommand(guard, binaries.install as string, [...common, ...install], { timeoutMs: CREATE_DEADLINE_MS }));
    // Old servers leave a world-readable directory behind.
    chmodSync(unfinished, 0o700);
    renameSync(unfinished, directory);
  } catch (error) {
    const words = describeFileError(error);
    rmSync(unfinished, { recursive: true, force: true });
    if (isDiskFull(words)) throw new ServerFailure(`The disk is full: no database can be made in ${directory}.`);
    const last = words.split('\n').slice(-8).join('\n');
    throw new ServerFailure(`A new database could not be made in ${directory}:\n${last}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Starts a private server on loopback and waits until the account can log in.
 *
 * Everything is said on the command line and no option file of the machine is read, so two machines with the
 * same server behave the same. Commits are durable (`flush_log_at_trx_commit=1`), text is utf8mb4, time is UTC.
 * The account is set up by statements that the server runs before it listens: there is never a moment in which
 * it listens without a password, and a lost password heals by starting again.
 *
 * @throws {ServerFailure} saying why, with the server's own last words
 */
export async function startDatabaseServer(options: DatabaseServerOptions): Promise<DatabaseServer> {
  const { guard, binaries, directory, port } = options;
  const account = runAs(directory, options);
  const base = tmpdir().length <= MAX_SOCKET_DIRECTORY ? tmpdir() : '/tmp';
  const run = mkdtempSync(join(base, 'msp-db-'));
  guard.removeAtEnd(run);
  const init = join(run, 'init.sql');
  writeFileSync(init, accountStatements(options).join('\n'), { mode: 0o600 });
  giveTo(account, run);

  const [command, ...before] = [...(options.within ?? []), binaries.server];
  const child = startChild({
    guard,
    name: binaries.flavour === 'mariadb' ? 'MariaDB' : 'MySQL',
    stage: 'server',
    command: command as string,
    args: [
      ...before,
      '--no-defaults',
      ...account.args,
      `--datadir=${directory}`,
      // A server that starts clears its temporary tables away, and in a shared directory those of others as well.
      `--tmpdir=${run}`,
      `--socket=${run}/s.sock`,
      `--pid-file=${run}/pid`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      `--init-file=${init}`,
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_unicode_520_ci',
      '--default-time-zone=+00:00',
      '--innodb-flush-log-at-trx-commit=1',
      '--skip-log-bin',
      '--local-infile=0',
      '--max-connections=300',
      '--performance-schema=OFF',
      '--loose-mysqlx=OFF',
      ...LOG_SIZE,
      ...(options.settings ?? []),
    ],
    env: { PATH: process.env.PATH, TZ: 'UTC', ...options.env },
    cwd: '/',
    output: { file: options.logFile },
  });
  void child.exited.then(() => {
    rmSync(run, { recursive: true, force: true });
    guard.keep(run);
  });

  const urlOf = ({ user, password }: { user: string; password: string }) =>
    `mysql://${user}:${password}@127.0.0.1:${port}/${options.database ?? ''}`;
  const url = urlOf(options.account);
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await databaseAnswers(url))) {
    if (!child.isRunning()) throw await startFailure(options, (await child.exited).reason);
    if (Date.now() > deadline) {
      await child.stop();
      throw await startFailure(options, 'no answer in time');
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  rmSync(init, { force: true });
  return { child, url, runUrl: urlOf(options.runAccount ?? options.account) };
}

function accountStatements(options: DatabaseServerOptions): string[] {
  const { user, password, scope } = options.account;
  const name = accountName(user);
  return [
    ...(options.database ? [`CREATE DATABASE IF NOT EXISTS \`${options.database}\`;`] : []),
    ...loginStatements({ user, password }),
    `GRANT ALL ON ${scope} TO ${name}${options.runAccount ? ' WITH GRANT OPTION' : ''};`,
    ...(options.runAccount ? loginStatements(options.runAccount) : []),
    // MySQL alone makes root without a password; it is for the socket only, which nobody else can reach.
    ...(options.binaries.flavour === 'mysql' ? [`ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}';`] : []),
    '',
  ];
}

function loginStatements({ user, password }: { user: string; password: string }): string[] {
  const name = accountName(user);
  return [`CREATE USER IF NOT EXISTS ${name};`, `ALTER USER ${name} IDENTIFIED BY '${password}';`];
}

const accountName = (user: string) => `'${user}'@'127.0.0.1'`;

async function startFailure(options: DatabaseServerOptions, reason: string): Promise<ServerFailure> {
  const log = await tail(options.logFile, 12);
  if (isDiskFull(log)) return new ServerFailure(`The disk is full: the database in ${options.directory} cannot start.`);
  return new ServerFailure(
    `The database server could not start on ${options.directory} (${reason}). Its last words, from ${options.logFile}:\n${log}`,
  );
}

/** As the servers and the system put it. */
function isDiskFull(words: string): boolean {
  return /No space left|disk is full|errno: 28\b|error 28\b/i.test(words);
}

function giveTo(account: { uid?: number; gid?: number }, path: string): void {
  const { uid, gid } = account;
  if (uid === undefined || gid === undefined) return;
  chownSync(path, uid, gid);
  if (!statSync(path).isDirectory()) return;
  for (const entry of readdirSync(path, { recursive: true })) chownSync(join(path, String(entry)), uid, gid);
}

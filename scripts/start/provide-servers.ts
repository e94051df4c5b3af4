import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { checkDatabase } from '../servers/check-database.ts';
import { createDataDirectory, startDatabaseServer } from '../servers/database-server.ts';
import { dockerAnswers, startDatabaseInDocker, startRedisInDocker } from '../servers/docker.ts';
import { type DatabaseBinaries, findDatabase, findRedis } from '../servers/find-binaries.ts';
import { freePort } from '../servers/free-port.ts';
import { installPackages, PACKAGES, whyNotInstall } from '../servers/install-packages.ts';
import { redisAnswers, startRedisServer } from '../servers/redis-server.ts';
import { redisUrlOf } from '../servers/redis-users.ts';
import { ServerFailure } from '../servers/server-failure.ts';
import type { Child } from '../supervise/child.ts';
import type { Guard } from '../supervise/guard.ts';
import type { DataDirectory } from './data-directory.ts';
import type { Secrets } from './secrets.ts';
import type { StartSettings } from './settings.ts';
import { StartFailure } from './start-failure.ts';
import type { Steps } from './steps.ts';

const IF_DATA_ARE_BROKEN =
  'If its files are damaged, move that folder away and put a backup in its place: `npm run restore -- FILE`.\n`npm start -- --reset` deletes everything and begins anew.';

/** Kept between runs: ports that people may have noted, and whose data the folder holds. */
interface ServerMemory {
  databasePort?: number;
  redisPort?: number;
  flavour?: DatabaseBinaries['flavour'];
}

export interface Provided {
  /** With the rights that orders needs to run. */
  databaseUrl: string;
  /** With all rights on the tables, for migrations; the same as `databaseUrl` where there is one account only. */
  ownerDatabaseUrl: string;
  /** As orders, and as notifier. */
  redisUrls: { orders: string; notifier: string };
}

interface Context {
  guard: Guard;
  data: DataDirectory;
  secrets: Secrets;
  settings: StartSettings;
  steps: Steps;
  /** Hears of each server as it starts, so that it is on record before the next step can fail. */
  started: (child: Child) => void;
  /** What the database's account may touch, as a grant's object; its own database unless told. */
  scope?: string;
}

/**
 * Finds a database and a Redis, in this order: those that the settings name; servers that are installed here;
 * Debian's packages, after saying so; Docker.
 *
 * @throws {StartFailure} or {ServerFailure} saying what to do, when none of these is to be had
 */
export async function provideServers(context: Context): Promise<Provided> {
  const { data, settings, steps } = context;
  if (settings.databaseUrl) {
    const complaint = await steps.run('Looking at the database of DATABASE_URL', () =>
      checkDatabase(settings.databaseUrl as string, 5000),
    );
    if (complaint) throw new StartFailure(`DATABASE_URL cannot be used: ${complaint}`);
  }
  if (settings.redisUrl) await checkRedis(settings.redisUrl, steps);

  let database = settings.databaseUrl ? undefined : await findDatabase();
  let redis = settings.redisUrl ? undefined : findRedis();
  const missing = [
    ...(settings.databaseUrl || typeof database === 'object' ? [] : PACKAGES.database),
    ...(settings.redisUrl || redis ? [] : PACKAGES.redis),
  ];
  if (missing.length > 0) {
    const obstacle = typeof database === 'string' ? database : whyNotInstall();
    if (!obstacle) {
      await steps.run(`Installing ${missing.join(' and ')} with apt-get`, () => installPackages(missing));
      database = settings.databaseUrl ? undefined : await findDatabase();
      redis = settings.redisUrl ? undefined : findRedis();
    } else if (!dockerAnswers()) throw nothingToBeHad(missing, obstacle);
  }

  const memory = data.readJson<ServerMemory>('servers.json') ?? {};
  const databases = settings.databaseUrl
    ? { databaseUrl: settings.databaseUrl, ownerDatabaseUrl: settings.migrateDatabaseUrl ?? settings.databaseUrl }
    : await startDatabase(context, memory, database);
  const redisUrls = settings.redisUrl
    ? { orders: settings.redisUrl, notifier: settings.redisUrl }
    : await startRedis(context, memory, redis);
  return { ...databases, redisUrls };
}

/** The private database alone, as its owner, for what needs nothing else. @throws as `provideServers` does */
export async function provideDatabase(context: Context): Promise<string> {
  const binaries = await findDatabase();
  if (typeof binaries !== 'object' && !dockerAnswers()) {
    throw nothingToBeHad(PACKAGES.database, typeof binaries === 'string' ? binaries : 'only `npm start` installs');
  }
  const memory = context.data.readJson<ServerMemory>('servers.json') ?? {};
  return (await startDatabase(context, memory, binaries)).ownerDatabaseUrl;
}

async function startDatabase(
  context: Context,
  memory: ServerMemory,
  binaries: DatabaseBinaries | string | undefined,
): Promise<Pick<Provided, 'databaseUrl' | 'ownerDatabaseUrl'>> {
  const { guard, data, secrets, steps } = context;
  const port = await freePort(memory.databasePort);
  const account = { user: 'msp', password: secrets.databasePassword };
  const logFile = data.startLog('database');
  if (typeof binaries !== 'object') {
    const { child, url } = await steps.run(`Starting MySQL in Docker on port ${port}`, () =>
      startDatabaseInDocker({ guard, name: containerName(data, 'mysql'), port, logFile, database: 'msp', ...account }),
    );
    remember(context, { databasePort: port }, child);
    return { databaseUrl: url, ownerDatabaseUrl: url };
  }
  const directory = data.file('database');
  if (existsSync(directory) && memory.flavour && memory.flavour !== binaries.flavour) {
    throw new StartFailure(
      `The data in ${directory} were written by ${memory.flavour}, and only ${binaries.flavour} is installed here.\nInstall ${memory.flavour} again, or begin anew with \`npm start -- --reset\`.`,
    );
  }
  const isNew = !existsSync(directory);
  if (isNew) await steps.run('Making an empty database', () => createDataDirectory(guard, binaries, directory));
  const name = binaries.flavour === 'mariadb' ? 'MariaDB' : 'MySQL';
  const { child, url, runUrl } = await steps.run(`Starting ${name} ${binaries.version} on port ${port}`, () =>
    startDatabaseServer({
      guard,
      binaries,
      directory,
      port,
      logFile,
      account: { ...account, scope: context.scope ?? '`msp`.*' },
      runAccount: { user: 'msp_run', password: secrets.runPassword },
      database: 'msp',
    }).catch((error: Error) => {
      if (isNew || !(error instanceof ServerFailure)) throw error;
      throw new StartFailure(`${error.message}\n${IF_DATA_ARE_BROKEN}`);
    }),
  );
  remember(context, { databasePort: port, flavour: binaries.flavour }, child);
  return { databaseUrl: runUrl, ownerDatabaseUrl: url };
}

async function startRedis(
  context: Context,
  memory: ServerMemory,
  program: string | undefined,
): Promise<Provided['redisUrls']> {
  const { guard, data, secrets, steps } = context;
  const passwords = { orders: secrets.redisOrdersPassword, notifier: secrets.redisNotifierPassword };
  const port = await freePort(memory.redisPort);
  const logFile = data.startLog('redis');
  const { child } = await (program
    ? steps.run(`Starting Redis on port ${port}`, () =>
        startRedisServer({ guard, program, port, directory: data.file('redis'), logFile, passwords }),
      )
    : steps.run(`Starting Redis in Docker on port ${port}`, () =>
        startRedisInDocker({ guard, name: containerName(data, 'redis'), port, logFile, passwords }),
      ));
  remember(context, { redisPort: port }, child);
  return { orders: redisUrlOf('orders', passwords, port), notifier: redisUrlOf('notifier', passwords, port) };
}

function remember(context: Context, news: ServerMemory, child: Child): void {
  const kept = context.data.readJson<ServerMemory>('servers.json');
  context.data.writeJson('servers.json', { ...kept, ...news });
  context.started(child);
}

async function checkRedis(url: string, steps: Steps): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  // One that wants TLS is left to the services' own clients.
  if (protocol === 'rediss:') return;
  const answers = await steps.run('Looking at the Redis of REDIS_URL', () =>
    redisAnswers(Number(port || 6379), hostname, 5000),
  );
  if (!answers) throw new StartFailure(`REDIS_URL cannot be used: no Redis answers at ${hostname}:${port || 6379}.`);
}

/** Two folders on one machine have containers of their own. */
export function containerName(data: { path: string }, part: 'mysql' | 'redis'): string {
  return `msp-${createHash('sha256').update(data.path).digest('hex').slice(0, 10)}-${part}`;
}

function nothingToBeHad(missing: readonly string[], obstacle: string): StartFailure {
  return new StartFailure(
    [
      `There is no ${missing.length > 1 ? 'database and no Redis' : missing[0]?.startsWith('redis') ? 'Redis' : 'database'} here that could be used, and none could be got: ${obstacle}; no Docker engine answers.`,
      'One of these helps:',
      `  as root:     apt-get install ${missing.join(' ')}      (or MySQL 8.4+ / MariaDB 10.6+ and Redis or Valkey in any other way)`,
      '  or start Docker',
      '  or name servers that run:   DATABASE_URL=mysql://user:password@host/database REDIS_URL=redis://host npm start',
    ].join('\n'),
  );
}

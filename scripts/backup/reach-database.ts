import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDatabase } from '../servers/check-database.ts';
import { DataDirectory } from '../start/data-directory.ts';
import { provideDatabase } from '../start/provide-servers.ts';
import { keepSecrets, type Secrets } from '../start/secrets.ts';
import type { StartSettings } from '../start/settings.ts';
import { StartFailure } from '../start/start-failure.ts';
import type { Steps } from '../start/steps.ts';
import { Guard } from '../supervise/guard.ts';
import { BackupFailure } from './backup-failure.ts';

export interface ReachedDatabase {
  url: string;
  /** Stops what was started to reach it. */
  close(): Promise<void>;
}

/**
 * The database that `npm start` would use: the one of MIGRATE_DATABASE_URL or DATABASE_URL; else the private one of DATA_DIR, as it runs, or
 * started for as long as it is needed. Its password goes from file to connection, never over a command line.
 *
 * @param options.mayBeRunning false: a shop that runs from DATA_DIR is a reason to refuse, and a folder without a
 * database gets a new one
 * @throws {BackupFailure} or {StartFailure} when it cannot be had
 */
export async function reachDatabase(
  settings: StartSettings,
  steps: Steps,
  options: { mayBeRunning: boolean },
): Promise<ReachedDatabase> {
  if (settings.databaseUrl) {
    const url = settings.migrateDatabaseUrl ?? settings.databaseUrl;
    const complaint = await checkDatabase(url, 5_000);
    if (complaint) throw new BackupFailure(`DATABASE_URL cannot be used: ${complaint}`);
    return { url, close: async () => {} };
  }
  const folder = settings.dataDirectory;
  if (options.mayBeRunning && !existsSync(join(folder, 'secrets.json'))) {
    throw new BackupFailure(`There is no shop in ${folder}. DATA_DIR or DATABASE_URL name another.`);
  }
  let data: DataDirectory;
  try {
    data = new DataDirectory(folder);
  } catch (error) {
    if (!options.mayBeRunning || !(error instanceof StartFailure)) throw error;
    return reachRunning(folder, error);
  }
  await data.endLeftovers();
  const guard = new Guard();
  const close = () => guard.close();
  try {
    const secrets = keepSecrets(data, settings);
    const url = await provideDatabase({
      guard,
      data,
      secrets,
      settings,
      steps,
      started: () => {},
      // A backup is loaded beside the data that it replaces.
      scope: '`msp%`.*',
    });
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The running shop's own server: where it is stands beside its password. */
async function reachRunning(folder: string, inUse: StartFailure): Promise<ReachedDatabase> {
  try {
    const read = <T>(name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
    const { databasePassword } = read<Secrets>('secrets.json');
    const { databasePort } = read<{ databasePort: number }>('servers.json');
    const url = `mysql://msp:${databasePassword}@127.0.0.1:${databasePort}/msp`;
    if ((await checkDatabase(url, 5_000)) === null) return { url, close: async () => {} };
  } catch {}
  throw inUse;
}

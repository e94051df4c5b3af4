import { cp, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { build } from '../build.ts';
import { checkDatabase } from '../servers/check-database.ts';
import { createDataDirectory, startDatabaseServer } from '../servers/database-server.ts';
import { type DatabaseBinaries, findDatabase } from '../servers/find-binaries.ts';
import { freePort } from '../servers/free-port.ts';
import { Guard } from '../supervise/guard.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server where databases named `msp_test_…` can be made. */
    databaseServerUrl: string;
    /** As an account without rights, to which the first one may give some; the same where there is only one. */
    databaseRunUrl: string;
  }
}

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/msp');

/**
 * Before all tests: builds what they run, and starts one private database server for the whole run, or takes
 * the one that DATABASE_URL names. Tests make databases of their own on it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { failed } = await build();
  if (failed.length > 0) console.error(`Not built, so tests that run these will fail: ${failed.join(', ')}`);

  const given = process.env.DATABASE_URL;
  if (given) {
    const complaint = await checkDatabase(given, 5000);
    if (complaint) throw new Error(`DATABASE_URL cannot be used: ${complaint}`);
    project.provide('databaseServerUrl', given);
    project.provide('databaseRunUrl', given);
    return async () => {};
  }

  const binaries = await findDatabase();
  if (binaries === undefined)
    throw new Error('There is no MySQL or MariaDB here. `npm test` installs what is missing.');
  if (typeof binaries === 'string') throw new Error(binaries);

  const guard = new Guard();
  const home = await mkdtemp(join(tmpdir(), 'msp-test-'));
  guard.removeAtEnd(home);
  const directory = join(home, 'data');
  await copyTemplate(guard, binaries, directory);
  const { child, url, runUrl } = await startDatabaseServer({
    guard,
    binaries,
    directory,
    port: await freePort(),
    logFile: join(home, 'database.log'),
    account: { user: 'tester', password: 'only-on-loopback', scope: '`msp\\_test\\_%`.*' },
    runAccount: { user: 'runner', password: 'only-on-loopback' },
    asRoot: true,
  });
  project.provide('databaseServerUrl', url);
  project.provide('databaseRunUrl', runUrl);
  return async () => {
    await child.stop();
    await guard.close();
  };
}

/** Making a data directory takes seconds, copying one does not; the first run of a server's version makes it. */
async function copyTemplate(guard: Guard, binaries: DatabaseBinaries, directory: string): Promise<void> {
  const template = join(CACHE, `${binaries.flavour}-${binaries.version}`);
  if (!(await stat(template).catch(() => undefined))) {
    const own = `${template}.${process.pid}`;
    await mkdir(dirname(own), { recursive: true });
    await createDataDirectory(guard, binaries, own, { asRoot: true });
    // Another run may have been faster; its template is as good.
    await rename(own, template).catch(() => rm(own, { recursive: true, force: true }));
  }
  await cp(template, directory, { recursive: true });
}

/**
 * `npm run backup`: the whole database in one file, as it stood at one instant, while the shop runs.
 *
 *   npm run backup                     into DATA_DIR/backups, named after the time
 *   npm run backup -- --to FILE
 *
 * Where the database is only reached from within, as in compose.yaml, the migrate job's container makes it:
 *
 *   docker compose run --rm --user "$(id -u)" --volume ./backups:/backups migrate node dist/backup.js --to /backups/FILE
 *
 * Reads the database of DATABASE_URL, or the private one of `npm start`, running or not. The file holds personal data
 * and password hashes: it is readable for its owner alone. It holds no secret of `npm start`.
 */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BackupFailure } from './backup/backup-failure.ts';
import { writeBackup } from './backup/backup-file.ts';
import { dumpDatabase } from './backup/dump-database.ts';
import { reachDatabase } from './backup/reach-database.ts';
import { runBackupCommand } from './backup/run-backup-command.ts';
import { readStartSettings } from './start/settings.ts';
import { Steps } from './start/steps.ts';

await runBackupCommand('backup', async (onStop) => {
  const { values } = parseArgs({ options: { to: { type: 'string' } } });
  const settings = await readStartSettings(process.env);
  const name = `msp-${new Date().toISOString().slice(0, 19).replace(/\D/g, '')}.backup.gz`;
  const file = values.to ? resolve(values.to) : join(settings.dataDirectory, 'backups', name);
  const steps = new Steps();
  const database = await reachDatabase(settings, steps, { mayBeRunning: true });
  onStop(database.close);
  try {
    const { rows, manifest } = await steps.run('Reading everything', () =>
      dumpDatabase(database.url, async (manifest, parts) => ({
        manifest,
        rows: await writeBackup(file, manifest, parts),
      })),
    );
    const kilobytes = Math.ceil(statSync(file).size / 1024);
    console.log(`\n${file}\n${rows} rows, ${kilobytes} kB, events up to ${manifest.epoch}.${manifest.head}.`);
  } catch (error) {
    throw error instanceof BackupFailure || !(error as { errno?: number }).errno
      ? error
      : new BackupFailure(`The database could not be read: ${(error as Error).message}`);
  } finally {
    await database.close();
  }
});

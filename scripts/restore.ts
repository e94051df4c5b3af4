/**
 * `npm run restore -- FILE [--yes]`: puts a backup in the place of what is in the database, all of it or nothing.
 *
 * For the database of DATABASE_URL, or the private one of `npm start`, while no orders process runs. The file is
 * checked to its end before anything is touched, and loaded beside the live tables, which stay as they are until
 * everything is there; then they change places in one step. With --yes it does not ask before it replaces data.
 *
 *   docker compose stop orders
 *   docker compose run --rm --user "$(id -u)" --volume ./backups:/backups migrate node dist/restore.js /backups/FILE
 *   docker compose up --detach        (its migrate job gives the account of orders its rights, as ever)
 */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { BackupFailure } from './backup/backup-failure.ts';
import { checkBackup, type Manifest, readBackup } from './backup/backup-file.ts';
import { checkVersion, loadDatabase } from './backup/load-database.ts';
import { lookAround } from './backup/look-around.ts';
import { reachDatabase } from './backup/reach-database.ts';
import { runBackupCommand } from './backup/run-backup-command.ts';
import { dropSideDatabases, makeSideDatabase, openServer, placesOf, swap, urlOf } from './backup/side-database.ts';
import { type TakenOver, takeOver } from './backup/take-over.ts';
import { readStartSettings } from './start/settings.ts';
import { Steps } from './start/steps.ts';

await runBackupCommand('restore', async (onStop) => {
  const { values, positionals } = parseArgs({
    options: { yes: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (!file || positionals.length > 1) throw new BackupFailure('Which backup? npm run restore -- FILE [--yes]');
  const path = resolve(file);
  const steps = new Steps();
  const { manifest, rows } = await steps.run('Checking the backup', () => checkBackup(path));
  checkVersion(manifest);
  const settings = await readStartSettings(process.env);
  const database = await reachDatabase(settings, steps, { mayBeRunning: false });
  const places = placesOf(database.url);
  onStop(async () => {
    // Whichever comes first, this or the exchange: one of the two sets of tables is live, and whole.
    await openServer(database.url)
      .then((server) => dropSideDatabases(server, places))
      .catch(() => {});
    await database.close();
  });
  try {
    const server = await openServer(database.url);
    try {
      const before = await lookAround(server, database.url);
      if (before.hasData && !values.yes) await ask(manifest.at);
      await makeSideDatabase(server, places);
      try {
        await steps.run('Loading it beside what is there', () =>
          loadDatabase(urlOf(database.url, places.loading), { manifest, rows, parts: readBackup(path) }),
        );
        const taken = await takeOver(server, database.url, places);
        if ((await lookAround(server, database.url)).pulse !== before.pulse) {
          throw new BackupFailure(
            'An orders process was at work meanwhile. Stop all of them first. Nothing was changed.',
          );
        }
        await steps.run('Putting it in place', () => swap(server, places));
        report(manifest, rows, taken);
      } finally {
        await dropSideDatabases(server, places).catch(() => {});
      }
    } finally {
      await server.end();
    }
  } finally {
    await database.close();
  }
});

function report({ at, server }: Manifest, rows: Record<string, number>, { erased, sessions }: TakenOver): void {
  console.log(`\nRestored ${rows.orders} orders, as of ${at} (${server}), in a new epoch.`);
  console.log(`${sessions} sessions go on; customers were erased again from ${erased} orders.`);
}

async function ask(at: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new BackupFailure(
      'There are data that this would replace, and no terminal to ask on. Add --yes if you are sure.',
    );
  }
  const dialog = createInterface({ input: process.stdin, output: process.stdout });
  const question = dialog.question(`Everything since ${at} will be gone for good. Type yes to go on: `);
  // Ctrl-C and Ctrl-D reject the question, and an input that ends never answers it.
  const answer = await Promise.race([question, once(dialog, 'close').then(() => 'no')]).catch(() => 'no');
  dialog.close();
  if (answer.trim().toLowerCase() !== 'yes') throw new BackupFailure('Nothing was changed.');
}

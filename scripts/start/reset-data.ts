import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { dockerAnswers, removeFromDocker } from '../servers/docker.ts';
import type { DataDirectory } from './data-directory.ts';
import { containerName } from './provide-servers.ts';
import type { StartSettings } from './settings.ts';
import { StartFailure } from './start-failure.ts';

const EVERYTHING = ['database', 'database.new', 'redis', 'secrets.json', 'servers.json'];

/**
 * Deletes what earlier runs kept, after asking; `yes` does not ask.
 * @throws {StartFailure} when there is nobody to ask, or the answer is not yes
 */
export async function resetData(data: DataDirectory, settings: StartSettings, yes: boolean): Promise<void> {
  if (settings.databaseUrl) {
    throw new StartFailure('--reset only empties a private database. The one of DATABASE_URL is left to its owner.');
  }
  if (!yes) {
    if (!process.stdin.isTTY) {
      throw new StartFailure(
        '--reset asks before it deletes, and there is no terminal to ask on. Add --yes if you are sure.',
      );
    }
    const dialog = createInterface({ input: process.stdin, output: process.stdout });
    const question = dialog.question(
      `All orders, products and logins in ${data.path} will be deleted for good. Type yes to go on: `,
    );
    // Ctrl-C and Ctrl-D reject the question, and an input that ends never answers it.
    const answer = await Promise.race([question, once(dialog, 'close').then(() => 'no')]).catch(() => 'no');
    dialog.close();
    if (answer.trim().toLowerCase() !== 'yes') throw new StartFailure('Nothing was deleted.');
  }
  if (!existsSync(data.file('database')) && dockerAnswers()) {
    for (const part of ['mysql', 'redis'] as const) removeFromDocker(containerName(data, part));
  }
  for (const name of EVERYTHING) rmSync(data.file(name), { recursive: true, force: true });
}

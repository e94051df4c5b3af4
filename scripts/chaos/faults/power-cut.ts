import { slowDisk } from '../../faults/slow-disk.ts';
import { asFaultKind, READY_MS, until } from './fault.ts';

/**
 * The database dies and nothing that it wanted to write since is on the disk: as when the power goes, where a kill
 * alone would leave its last writes to the system. Whoever was told of them was told too early.
 */
export const powerCut = asFaultKind<null>({
  kind: 'power cut',
  draw: (random, { writes }) =>
    writes
      ? { target: 'database', claims: ['database'], durationMs: random.between(100, 3_000), detail: null }
      : undefined,
  async begin({ system: { database, guard } }) {
    const disk = await slowDisk(guard, database.pid);
    return async () => {
      await Promise.all([database.kill(), disk.kill()]);
      await database.start().catch(() => {});
      await until(database.isReady, READY_MS);
    };
  },
});

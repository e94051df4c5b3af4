import { asFaultKind, READY_MS, until } from './fault.ts';

/** No byte is left on the database's disk. */
export const fullDisk = asFaultKind<null>({
  kind: 'disk full',
  draw: (random, { disk }) =>
    disk
      ? { target: 'database', claims: ['database'], durationMs: random.between(1_000, 6_000), detail: null }
      : undefined,
  async begin({ system }) {
    const disk = system.disk!;
    disk.fill();
    return async () => {
      disk.free();
      // A server that could not go on ended itself, and is started again by whoever looks after it.
      await until(system.database.isReady, READY_MS);
    };
  },
});

import { setTimeout as pause } from 'node:timers/promises';
import { presenceLocks } from '../../services/orders/presence.ts';
import { BackupFailure } from './backup-failure.ts';
import { placesOf, type Server } from './side-database.ts';

/** Sessions of a process that was killed, or frozen, live on for up to 3 s; see services/orders/connect.ts. */
const LINGER_MS = 4_000;
const LOOK_EVERY_MS = 100;

/** What is in the place where a backup is to go. */
export interface Surroundings {
  /** There are orders or products that would be replaced. */
  hasData: boolean;
  /** Changes with whatever orders processes do here; undefined where there is no shop. */
  pulse: string | undefined;
}

/**
 * Refuses while an orders process is at work in the database: orders that it answers for now would be gone. One that
 * cannot be seen (of a version that did not show itself yet) changes the pulse as soon as it does anything.
 */
export async function lookAround(server: Server, databaseUrl: string): Promise<Surroundings> {
  const { live } = placesOf(databaseUrl);
  const deadline = performance.now() + LINGER_MS;
  while (await somebodyIsHere(server, databaseUrl)) {
    if (performance.now() > deadline) {
      throw new BackupFailure(
        `Orders processes are at work in «${live}». Stop all of them first. Nothing was changed.`,
      );
    }
    await pause(LOOK_EVERY_MS);
  }
  const tables = await server.tables(live);
  if (!tables.includes('event_head')) return { hasData: false, pulse: undefined };
  const [found] = await server.query<{ pulse: string; data: number }>(
    `select concat(epoch, '.', head, ' ', (select coalesce(sum(beat), 0) from \`${live}\`.durability_guard)) as pulse,
      exists(select 1 from \`${live}\`.orders) or exists(select 1 from \`${live}\`.products) as data
      from \`${live}\`.event_head`,
  );
  return { hasData: Number(found?.data) === 1, pulse: found?.pulse };
}

async function somebodyIsHere(server: Server, databaseUrl: string): Promise<boolean> {
  const locks = presenceLocks(databaseUrl);
  const holders = locks.map(() => 'is_used_lock(?)').join(', ');
  const [found] = await server.query<{ holder: number | null }>(`select coalesce(${holders}) as holder`, locks);
  return found?.holder !== null;
}

import { setTimeout as pause } from 'node:timers/promises';
import { BackupFailure } from './backup-failure.ts';
import type { Places, Server } from './side-database.ts';

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
 * Refuses while anybody is connected to the database: orders that they are answered for now would be gone.
 *
 * The server shows an account its own connections, and all of them to one with the PROCESS right. Processes with
 * another account may stay unseen; whoever compares the pulse before and after knows whether they did anything.
 *
 * @throws {BackupFailure} naming whoever is there
 */
export async function lookAround(server: Server, { live }: Places): Promise<Surroundings> {
  const deadline = performance.now() + LINGER_MS;
  for (;;) {
    const here = await connectionsTo(server, live);
    if (here.length === 0) break;
    if (performance.now() > deadline) {
      throw new BackupFailure(
        `${here.length} connections are open to «${live}» (${[...new Set(here)].join(', ')}).\n` +
          'Stop the orders processes, and whatever else uses it, first. Nothing was changed.',
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

/** Who is connected, as `user@host`; ourselves left out. */
async function connectionsTo(server: Server, database: string): Promise<string[]> {
  const [me] = await server.query<{ id: number }>('select connection_id() as id');
  const all = await server.query<{ Id: number; User: string; Host: string; db: string | null }>('show processlist');
  return all
    .filter(({ db, Id }) => db === database && Number(Id) !== Number(me?.id))
    .map(({ User, Host }) => `${User}@${Host.split(':')[0]}`);
}

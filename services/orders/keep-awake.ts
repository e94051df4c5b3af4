import { sql } from 'kysely';
import type { Db } from './database.ts';

const EVERY_MS = 1_000;

/**
 * Pings the connections that nobody uses right now, because the server ends sessions that are silent for three
 * seconds (that is how a frozen process loses its locks), and a lone order should not wait for a new one.
 *
 * @param idle how many connections of the pool are free
 * @returns ends it
 */
export function keepAwake(db: Db, idle: () => number): () => void {
  let pinging = false;
  const timer = setInterval(async () => {
    if (pinging) return;
    pinging = true;
    // All at once, so that each gets a connection of its own. One that fails is replaced when it is needed.
    await Promise.allSettled(Array.from({ length: idle() }, () => sql`select 1`.execute(db)));
    pinging = false;
  }, EVERY_MS);
  return () => clearInterval(timer);
}

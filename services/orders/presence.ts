import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { type ConnectOptions, connect } from './connect.ts';

/** More orders processes at one database than this, and the further ones stay unseen. */
const SLOTS = 64;
const EVERY_MS = 1_000;
/** A connection of its own: the server ties locks to it, and frees them 3 s after the last word of a frozen process. */
const POOL: ConnectOptions = { connections: 1, queueLimit: 4, statementMs: 2_000, idleSeconds: 3 };

/**
 * The locks by which orders processes show that they are at work in a database, one each. They are the server's own,
 * so whoever must not touch the tables meanwhile sees processes of any account, and none that are gone.
 */
export function presenceLocks(databaseUrl: string): string[] {
  const database = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  const mark = createHash('sha256').update(database).digest('hex').slice(0, 16);
  return Array.from({ length: SLOTS }, (_, slot) => `msp-orders-${mark}-${slot}`);
}

/**
 * Holds one of the locks for as long as this process can reach the database. Nothing of its own work waits for that.
 * @returns ends it
 */
export function showPresence(databaseUrl: string): () => Promise<void> {
  const db = connect(databaseUrl, POOL);
  const names = presenceLocks(databaseUrl);
  let held: string | undefined;
  let busy = false;

  const ask = async (question: ReturnType<typeof sql<{ yes: number | null }>>) =>
    Number((await question.execute(db)).rows[0]?.yes) === 1;
  const hold = async () => {
    // The connection may be another by now; then the lock went with the old one.
    if (held && (await ask(sql`select is_used_lock(${held}) = connection_id() as yes`))) return;
    held = undefined;
    for (const name of names) {
      if (!(await ask(sql`select get_lock(${name}, 0) as yes`))) continue;
      held = name;
      return;
    }
  };
  const tick = async () => {
    if (busy) return;
    busy = true;
    // A database that is away is seen by whoever needs it; the next tick tries again.
    await hold().catch(() => {});
    busy = false;
  };
  const timer = setInterval(() => void tick(), EVERY_MS);
  void tick();
  return async () => {
    clearInterval(timer);
    await db.destroy();
  };
}

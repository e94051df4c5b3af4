import type { Transaction } from 'kysely';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Logger } from '../../shared/process/log.ts';
import type { Announce } from './announce.ts';
import { type Appended, appendEvents } from './append-events.ts';
import { endClaim, NOW, readLiveClaim } from './claims.ts';
import type { Database, Db } from './database.ts';
import type { Durability } from './durability.ts';
import {
  asOrder,
  type By,
  type ChangedOrder,
  currentOf,
  type LockedOrder,
  lockOrder,
  newVersion,
} from './lock-order.ts';
import { withLines } from './order-rows.ts';
import { regularly } from './regularly.ts';
import { type Outcome, transact } from './transact.ts';

const EVERY_MS = 5_000;
/** In one transaction: few enough that nobody waits for it. */
const BATCH = 50;

/**
 * Takes an admin off an order. Safe to repeat: whoever is not on it has nothing changed.
 * @throws {HttpProblem} `not_found`; `already_claimed` when somebody else is on it by now
 */
export async function releaseClaim(
  trx: Transaction<Database>,
  { number, by }: { number: string; by: By },
  durability: Durability,
): Promise<Outcome<ChangedOrder>> {
  const row = await lockOrder(trx, number);
  const claim = await readLiveClaim(trx, row.id);
  if (claim && claim.byId !== by.id) {
    throw new HttpProblem(409, 'already_claimed', { extra: { claim, current: currentOf(row) } });
  }
  if (!claim) {
    await durability.touch(trx);
    return { commit: true, value: { order: await asOrder(trx, row), appended: null } };
  }
  await endClaim(trx, row.id);
  const order = await asOrder(trx, await newVersion(trx, row));
  const did = { by: by.name, at: new Date().toISOString() };
  const appended = await appendEvents(
    trx,
    [{ type: 'order.released', previousStatus: row.status, order, token: row.token, did }],
    durability,
  );
  return { commit: true, value: { order, appended } };
}

/**
 * Every five seconds, give or take half, ends the claims that no page has renewed, so that open tables hear of it.
 * Every process does; each passes over the orders that somebody is at.
 * @returns ends it
 */
export function releaseRegularly(deps: {
  db: Db;
  durability: Durability;
  announce: Announce;
  log: Logger;
}): () => void {
  const job = { everyMs: EVERY_MS, failed: 'releasing claims failed, and will be tried again', log: deps.log };
  return regularly(job, async () => {
    const appended = await releaseExpired(deps.db, deps.durability);
    if (appended) deps.announce(appended);
  });
}

/** One batch. @returns null when there was none, or others are at it */
async function releaseExpired(db: Db, durability: Durability): Promise<Appended | null> {
  const expired = await db
    .selectFrom('order_claims')
    .select('order_id')
    .where('until', '<', NOW)
    .limit(BATCH)
    .execute();
  if (expired.length === 0) return null;
  return transact<Appended | null>(db, async (trx) => {
    const rows = await trx
      .selectFrom('orders')
      .selectAll()
      .where(
        'id',
        'in',
        expired.map(({ order_id }) => order_id),
      )
      .orderBy('id')
      .forUpdate()
      .skipLocked()
      .execute();
    const released: LockedOrder[] = [];
    for (const row of rows) {
      // Between the look and the lock it may have been renewed or ended.
      if (await readLiveClaim(trx, row.id)) continue;
      if (await endClaim(trx, row.id)) released.push(await newVersion(trx, row));
    }
    if (released.length === 0) return { commit: false, value: null };
    const orders = await withLines(trx, released);
    const did = { by: null, at: new Date().toISOString() };
    const changes = orders.map((order, i) => ({
      type: 'order.released' as const,
      previousStatus: order.status,
      order,
      token: released[i]!.token,
      did,
    }));
    return { commit: true, value: await appendEvents(trx, changes, durability) };
  });
}

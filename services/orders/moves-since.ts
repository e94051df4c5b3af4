import type { Transaction } from 'kysely';
import { isTeamEvent } from '../../shared/contracts/event.ts';
import type { Status } from '../../shared/contracts/status.ts';
import type { Database } from './database.ts';
import type { LockedOrder } from './lock-order.ts';

export interface Move {
  type: string;
  previous_status: Status | null;
}

/** Who has not looked at an order for so many changes is told to look again. */
const MAX_CHANGES = 100;

/**
 * What happened to a locked order since an admin saw a version of it, oldest first, without what the team does around
 * it: that an order was claimed or noted meanwhile is no reason to refuse a change.
 *
 * Every version is an event of the log, and so the last `row.version - version` events tell. No column could: a
 * process of an older version would not keep it.
 *
 * @returns undefined when it cannot be told, and has to be taken for a conflict
 */
export async function movesSince(
  trx: Transaction<Database>,
  row: LockedOrder,
  version: number,
): Promise<Move[] | undefined> {
  const changes = row.version - version;
  if (changes === 0) return [];
  if (changes < 0 || changes > MAX_CHANGES) return undefined;
  const events = await newestEvents(trx, row, changes);
  return events.length < changes ? undefined : events.filter(({ type }) => !isTeamEvent(type)).reverse();
}

/** What brought a locked order to where it stands; undefined when that lies too far back. */
export async function lastMove(trx: Transaction<Database>, row: LockedOrder): Promise<Move | undefined> {
  return (await newestEvents(trx, row, MAX_CHANGES)).find(({ type }) => !isTeamEvent(type));
}

function newestEvents(trx: Transaction<Database>, row: LockedOrder, limit: number): Promise<Move[]> {
  return trx
    .selectFrom('order_events')
    .select(['type', 'previous_status'])
    .where('order_id', '=', row.id)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
}

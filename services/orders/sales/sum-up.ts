import { setTimeout as pause } from 'node:timers/promises';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Logger } from '../../../shared/process/log.ts';
import type { Database, Db } from '../database.ts';
import { regularly } from '../regularly.ts';
import { transact } from '../transact.ts';
import { salesInLog } from './read-log.ts';
import { AWAITED, type Sales } from './sales.ts';

/** The id of the only row of `sales_progress`. */
export const PROGRESS_ROW = 1;

const EVERY_MS = 2_000;
/** Fewer events are left to whoever reads: they cost a read two milliseconds, and a transaction as much as many. */
const WORTH_IT = 100;
/** In one transaction: some 50 ms of work. */
const BATCH = 1_000;
/** How much longer it rests than it worked while orders wait: their figures can, they cannot. */
const REST_WHILE_BUSY = 19;
/** Rows of one statement. */
const ROWS = 500;

/**
 * Every two seconds, give or take half, adds the part of the event log that is not yet in the figures by day to them.
 * Every process does; one at a time, because the row that says how far the figures reach is locked, and whoever finds
 * it locked has nothing to do. Figures and that row change in one transaction, so every event counts once, whatever
 * dies. Nothing that an order waits for is locked.
 *
 * @param isBusy whether orders wait to be placed
 * @returns ends it
 */
export function sumUpRegularly(deps: { db: Db; timeZone: string; isBusy: () => boolean; log: Logger }): () => void {
  const job = { everyMs: EVERY_MS, failed: 'adding up sales failed, and will be tried again', log: deps.log };
  return regularly(job, async (goesOn) => {
    for (let isMore = true; isMore && goesOn(); ) {
      const from = performance.now();
      isMore = (await sumUp(deps.db, deps.timeZone, WORTH_IT)) === 'more';
      if (isMore && deps.isBusy()) await pause((performance.now() - from) * REST_WHILE_BUSY);
    }
  });
}

/**
 * One batch. Where the figures were made for another time zone, they are begun anew.
 * @param least leaves fewer events for later
 * @returns `taken` when another process is at it
 */
export function sumUp(db: Db, timeZone: string, least = 1, batch = BATCH): Promise<'done' | 'more' | 'taken'> {
  return transact<'done' | 'more' | 'taken'>(db, async (trx) => {
    const row = await trx
      .selectFrom('sales_progress')
      .selectAll()
      .where('id', '=', PROGRESS_ROW)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (!row) return { commit: false, value: 'taken' };
    const isNew = row.time_zone !== timeZone;
    const after = isNew ? 0 : row.seq;
    const { head } = await trx.selectFrom('event_head').select('head').executeTakeFirstOrThrow();
    if (head - after < least) return { commit: false, value: 'done' };
    const until = Math.min(head, after + batch);
    if (isNew) {
      for (const table of ['daily_sales', 'daily_products', 'daily_waits'] as const) {
        await trx.deleteFrom(table).execute();
      }
    }
    await addToDays(trx, await salesInLog(trx, { after, until }, timeZone));
    await trx
      .updateTable('sales_progress')
      .set({ seq: until, time_zone: timeZone })
      .where('id', '=', PROGRESS_ROW)
      .execute();
    return { commit: true, value: until < head ? 'more' : 'done' };
  });
}

async function addToDays(trx: Transaction<Database>, sales: Sales): Promise<void> {
  const days = [...sales];
  await add(
    trx,
    'daily_sales',
    ['day'],
    ['en_attente', 'en_cours', 'terminee', 'annulee', 'revenue_cents'],
    days.map(([day, { statuses, revenueCents }]) => [
      day,
      statuses.en_attente,
      statuses.en_cours,
      statuses.terminee,
      statuses.annulee,
      revenueCents,
    ]),
  );
  await add(
    trx,
    'daily_products',
    ['day', 'product_id'],
    ['quantity', 'revenue_cents'],
    days.flatMap(([day, { products }]) =>
      [...products].map(([id, { quantity, revenueCents }]) => [day, id, quantity, revenueCents]),
    ),
  );
  await add(
    trx,
    'daily_waits',
    ['day', 'status', 'wait'],
    ['orders'],
    days.flatMap(([day, { waits }]) =>
      AWAITED.flatMap((status) => [...waits[status]].map(([wait, orders]) => [day, status, wait, orders])),
    ),
  );
}

/** Adds numbers to the rows of these keys, and makes those that there are not yet. */
async function add(
  trx: Transaction<Database>,
  table: keyof Database,
  keys: readonly string[],
  numbers: readonly string[],
  rows: readonly (string | number)[][],
): Promise<void> {
  const changed = rows.filter((row) => row.slice(keys.length).some((number) => number !== 0));
  const columns = sql.join([...keys, ...numbers].map((name) => sql.ref(name)));
  const raised = sql.join(
    numbers.map((name): RawBuilder<unknown> => sql`${sql.ref(name)} = ${sql.ref(name)} + values(${sql.ref(name)})`),
  );
  for (let at = 0; at < changed.length; at += ROWS) {
    const values = sql.join(changed.slice(at, at + ROWS).map((row) => sql`(${sql.join(row)})`));
    await sql`insert into ${sql.table(table)} (${columns}) values ${values}
      on duplicate key update ${raised}`.execute(trx);
  }
}

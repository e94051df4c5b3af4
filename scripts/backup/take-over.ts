import { connect, MIGRATION_POOL } from '../../services/orders/connect.ts';
import { HEAD_ROW } from '../../services/orders/database.ts';
import { createDurability } from '../../services/orders/durability.ts';
import { ERASE_BATCH, eraseOrders } from '../../services/orders/erase-orders.ts';
import { newEpoch } from '../../services/orders/new-epoch.ts';
import { forgetSearches } from '../../services/orders/saved-views.ts';
import { transact } from '../../services/orders/transact.ts';
import { type Places, type Server, urlOf } from './side-database.ts';

export interface TakenOver {
  /** Orders from which a customer had been erased since the backup, and now is again. */
  erased: number;
  /** Sessions that go on. */
  sessions: number;
}

/**
 * Makes loaded rows fit to go live: what must not be undone by going back in time is carried over from the database
 * that they replace, as far as there is one.
 *
 * - The event log gets a new epoch, so that no number is given twice in one, and open pages ask for their rows anew.
 * - Sessions are those of now: one that was ended since the backup stays ended, one that is open stays open, unless
 *   its admin is not in the backup. Without a database to be replaced there are none.
 * - Customers that were erased since the backup are erased again, order by order, and so are saved searches for them.
 */
export async function takeOver(server: Server, databaseUrl: string, places: Places): Promise<TakenOver> {
  const { loading } = places;
  await server.query(`delete from \`${loading}\`.durability_guard`);
  await server.query(`delete from \`${loading}\`.sessions`);
  await takeOverSessions(server, places);
  const erased = await eraseAgain(server, databaseUrl, places);
  await server.query(`update \`${loading}\`.event_head set epoch = ? where id = ?`, [newEpoch(), HEAD_ROW]);
  const [open] = await server.query<{ n: number }>(
    `select count(*) as n from \`${loading}\`.sessions where revoked_at is null and expires_at > utc_timestamp()`,
  );
  return { erased, sessions: Number(open?.n ?? 0) };
}

async function takeOverSessions(server: Server, { live, loading }: Places): Promise<void> {
  if ((await server.columns(live, 'sessions')).length === 0) return;
  await server.query(`insert into \`${loading}\`.sessions (id, admin_id, created_at, expires_at, revoked_at)
    select s.id, s.admin_id, s.created_at, s.expires_at,
      case when same.id is null then coalesce(s.revoked_at, utc_timestamp(3)) else s.revoked_at end
    from \`${live}\`.sessions s
    left join \`${live}\`.admins a on a.id = s.admin_id
    left join \`${loading}\`.admins same on same.id = a.id and same.email = a.email`);
}

interface ErasedOrder {
  number: string;
  erased_at: Date;
  changed_by: string | null;
  changed_by_id: number | null;
}

async function eraseAgain(server: Server, databaseUrl: string, { live, loading }: Places): Promise<number> {
  if (!(await server.columns(live, 'orders')).includes('erased_at')) return 0;
  const orders = await server.query<ErasedOrder>(`select o.number, o.erased_at, o.changed_by, o.changed_by_id
    from \`${live}\`.orders o join \`${loading}\`.orders l on l.number = o.number
    where o.erased_at is not null and l.erased_at is null order by l.id`);
  if (orders.length === 0) return 0;
  const db = connect(urlOf(databaseUrl, loading), { ...MIGRATION_POOL, packets: true });
  const durability = createDurability(db);
  try {
    // Those of one erasure share its time and its hand.
    const erasures = Map.groupBy(orders, (order) => `${order.erased_at.getTime()} ${order.changed_by_id}`);
    for (const same of erasures.values()) {
      const { erased_at, changed_by, changed_by_id } = same[0] as ErasedOrder;
      const by = changed_by !== null && changed_by_id !== null ? { id: changed_by_id, name: changed_by } : null;
      for (let from = 0; from < same.length; from += ERASE_BATCH) {
        const numbers = same.slice(from, from + ERASE_BATCH).map(({ number }) => number);
        await transact(db, async (trx) => {
          const rows = await trx.selectFrom('orders').selectAll().where('number', 'in', numbers).forUpdate().execute();
          for (const email of new Set(rows.map((row) => row.email))) await forgetSearches(trx, email);
          await eraseOrders(trx, rows, { by, at: erased_at }, durability);
          return { commit: true, value: undefined };
        });
      }
    }
  } finally {
    await db.destroy();
  }
  return orders.length;
}

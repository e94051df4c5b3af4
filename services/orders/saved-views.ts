import type { Kysely, Transaction } from 'kysely';
import { MAX_SAVED_VIEWS, type SavedView, type SavedViewInput } from '../../shared/contracts/saved-view.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Database } from './database.ts';
import { statement } from './statement.ts';

/** The filters that an admin has given a name, by name. */
export const viewsOf = (adminId: number) =>
  statement<SavedView>`select id, name, query from saved_views where admin_id = ${adminId} order by name limit ${MAX_SAVED_VIEWS}`;

export async function listViews(db: Kysely<Database>, adminId: number): Promise<SavedView[]> {
  return (await db.executeQuery(viewsOf(adminId))).rows;
}

/**
 * Saves a view under its name; one that has the name already becomes this one.
 * @throws {HttpProblem} `validation` when the admin has as many as one may have
 */
export async function saveView(trx: Transaction<Database>, adminId: number, view: SavedViewInput): Promise<void> {
  const saved = await trx
    .selectFrom('saved_views')
    .select('name')
    .where('admin_id', '=', adminId)
    .forUpdate()
    .execute();
  const { query } = view;
  const renewed = await trx
    .updateTable('saved_views')
    .set({ query })
    .where('admin_id', '=', adminId)
    .where('name', '=', view.name)
    .executeTakeFirst();
  // An update that changes nothing counts, too: see FOUND_ROWS.
  if (Number(renewed.numUpdatedRows) > 0) return;
  if (saved.length >= MAX_SAVED_VIEWS) {
    throw new HttpProblem(400, 'validation', { extra: { errors: [{ path: 'name', message: 'too_many' }] } });
  }
  await trx
    .insertInto('saved_views')
    .values({ admin_id: adminId, ...view })
    .onDuplicateKeyUpdate({ query })
    .execute();
}

/** An admin's own, and nobody else's. Nothing happens where there is none. */
export async function forgetView(db: Kysely<Database>, adminId: number, id: number): Promise<void> {
  await db.deleteFrom('saved_views').where('admin_id', '=', adminId).where('id', '=', id).execute();
}

/**
 * Lets go of the views that search for an e-mail, when its owner is erased.
 * @param email compared without letter case; a search is for its beginning
 */
export async function forgetSearches(db: Kysely<Database>, email: string): Promise<void> {
  const views = await db.selectFrom('saved_views').select(['id', 'query']).execute();
  const found = views.filter(({ query }) => {
    const q = new URLSearchParams(query).get('q') ?? '';
    return q.includes('@') && email.toLowerCase().startsWith(q.toLowerCase());
  });
  if (found.length === 0) return;
  await db
    .deleteFrom('saved_views')
    .where(
      'id',
      'in',
      found.map(({ id }) => id),
    )
    .execute();
}

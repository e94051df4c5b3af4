import type { Transaction } from 'kysely';
import { MAX_NOTES_PER_ORDER } from '../../shared/contracts/note.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { appendEvents } from './append-events.ts';
import type { Database } from './database.ts';
import type { Durability } from './durability.ts';
import { asOrder, type By, type ChangedOrder, lockOrder, newVersion } from './lock-order.ts';
import type { Outcome } from './transact.ts';

export interface Note {
  number: string;
  /** The same note sent again has the same. */
  id: string;
  text: string;
  by: By;
}

/**
 * Writes down what the team has to know about an order. Its words are no part of the event, which says only who and
 * when: they stand in the order's history, for admins alone, and go when the customer is erased.
 *
 * @throws {HttpProblem} `not_found`; `too_many_notes` beyond 200
 */
export async function noteOrder(
  trx: Transaction<Database>,
  note: Note,
  durability: Durability,
): Promise<Outcome<ChangedOrder>> {
  const row = await lockOrder(trx, note.number);
  const notes = await trx.selectFrom('order_notes').select('note_id').where('order_id', '=', row.id).execute();
  if (notes.some(({ note_id }) => note_id === note.id)) {
    await durability.touch(trx);
    return { commit: true, value: { order: await asOrder(trx, row), appended: null } };
  }
  if (notes.length >= MAX_NOTES_PER_ORDER) throw new HttpProblem(409, 'too_many_notes');

  const noted = await newVersion(trx, row);
  await trx
    .insertInto('order_notes')
    .values({ order_id: row.id, version: noted.version, note_id: note.id, text: note.text })
    .execute();
  const order = await asOrder(trx, noted);
  const did = { by: note.by.name, at: new Date().toISOString() };
  const appended = await appendEvents(
    trx,
    [{ type: 'order.noted', previousStatus: row.status, order, token: row.token, did }],
    durability,
  );
  return { commit: true, value: { order, appended } };
}

import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { AdminProduct } from '../../shared/contracts/product.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { type ChangedBy, lockProduct, saveProduct, staleProduct } from './change-product.ts';
import type { Database, Db } from './database.ts';
import type { Durability } from './durability.ts';
import { asAdminProduct } from './product-rows.ts';
import { type Outcome, onceMore } from './transact.ts';

/** Pages that were open when a picture was replaced may still ask for it. */
const KEEP_UNUSED_MS = 24 * 3600 * 1000;

export interface PictureChange {
  productId: number;
  version: number;
  /** As it is to be served; null takes the picture away. */
  picture: Buffer | null;
  by: ChangedBy;
}

/**
 * Gives a product its picture, or takes it away. A picture is named by its content, so the same one again, for this
 * product or another, is one row; those that no product has had for a day go. The same change sent again by the same
 * admin is answered as the first was.
 *
 * @throws {HttpProblem} `not_found`; `stale_version`
 */
export async function setPicture(
  trx: Transaction<Database>,
  change: PictureChange,
  durability: Durability,
): Promise<Outcome<AdminProduct>> {
  const row = await lockProduct(trx, change.productId);
  const hash = change.picture && createHash('sha256').update(change.picture).digest('hex').slice(0, 32);
  if (row.version !== change.version) {
    if (row.version !== change.version + 1 || row.changed_by_id !== change.by.id || row.picture !== hash) {
      throw staleProduct(row);
    }
    await durability.touch(trx);
    return { commit: true, value: asAdminProduct(row) };
  }
  const now = new Date();
  if (row.picture) {
    await trx.updateTable('product_pictures').set({ used_at: now }).where('hash', '=', row.picture).execute();
  }
  if (hash && change.picture) {
    await trx
      .insertInto('product_pictures')
      .values({ hash, bytes: change.picture, used_at: now })
      .onDuplicateKeyUpdate({ used_at: now })
      .execute();
  }
  const product = await saveProduct(trx, row, { picture: hash }, change.by);
  await trx
    .deleteFrom('product_pictures')
    .where('used_at', '<', new Date(now.getTime() - KEEP_UNUSED_MS))
    .where(sql<boolean>`hash not in (select picture from products where picture is not null)`)
    .execute();
  return { commit: true, value: product };
}

/** @throws {HttpProblem} `not_found` */
export async function readPicture(db: Db, hash: string): Promise<Buffer> {
  const row = await onceMore(() =>
    db.selectFrom('product_pictures').select('bytes').where('hash', '=', hash).executeTakeFirst(),
  );
  if (!row) throw new HttpProblem(404, 'not_found');
  return row.bytes;
}

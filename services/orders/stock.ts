import type { Selectable, Transaction } from 'kysely';
import type { OrderLine } from '../../shared/contracts/order.ts';
import type { Database, ProductRow } from './database.ts';
import type { Shelf, ShelfItem } from './judge-order.ts';
import { part, type SqlPart, statement, verbatim } from './statement.ts';

type ShelfRow = Pick<Selectable<ProductRow>, 'id' | 'name' | 'price_cents' | 'stock' | 'hidden'>;

/** Locks products in id order, until the end of the transaction, and tells how they stand. Unknown ids are left out. */
export async function lockShelf(trx: Transaction<Database>, ids: readonly number[]): Promise<Map<number, ShelfItem>> {
  if (ids.length === 0) return new Map();
  const { rows } = await trx.executeQuery(
    statement<ShelfRow>`select id, name, price_cents, stock, hidden from products
      where id in (${ids}) order by id for update`,
  );
  return shelfOf(rows);
}

/**
 * The statement that locks those of the products whose stock is limited, in id order. Behind it, `readProducts` tells
 * of the others too: nothing is taken from them, so whoever orders them need not wait for each other.
 */
export const lockLimited = (ids: readonly number[]) =>
  statement<ShelfRow>`select id, name, price_cents, stock, hidden from products
    where id in (${ids}) and stock is not null order by id for update`;

export const readProducts = (ids: readonly number[]) =>
  statement<ShelfRow>`select id, name, price_cents, stock, hidden from products where id in (${ids})`;

/** @param rows of one product, the last counts */
export function shelfOf(rows: readonly ShelfRow[]): Map<number, ShelfItem> {
  return new Map(
    rows.map((row) => [
      row.id,
      { name: row.name, priceCents: row.price_cents, stock: row.stock, hidden: row.hidden !== 0 },
    ]),
  );
}

/** Takes the lines out of the stock of locked products; products whose stock is not limited stay as they are. */
export async function takeFromStock(
  trx: Transaction<Database>,
  lines: readonly Pick<OrderLine, 'productId' | 'quantity'>[],
  shelf: Shelf,
): Promise<void> {
  const change = stockChange(lines, shelf, -1);
  if (change) await trx.executeQuery(change);
}

/** Puts the lines of a cancelled order back. Products that are gone or not limited by now are left out. */
export async function giveBackToStock(
  trx: Transaction<Database>,
  lines: readonly Pick<OrderLine, 'productId' | 'quantity'>[],
): Promise<void> {
  const ids = [...new Set(lines.map(({ productId }) => productId))];
  const change = stockChange(lines, await lockShelf(trx, ids), 1);
  if (change) await trx.executeQuery(change);
}

/**
 * The statement that takes lines from what is limited of a guessed shelf, and fails where a product is no longer as it
 * was guessed to be, or not enough of it is left: its stock would fall below nought.
 * @returns it, and how many products it finds unless one is gone; undefined when nothing is limited
 */
export function takeGuessed(lines: readonly Pick<OrderLine, 'productId' | 'quantity'>[], shelf: Shelf) {
  const taken = changesOf(lines, shelf, -1);
  if (taken.size === 0) return undefined;
  const cases = [...taken].map(
    ([id, change]) => `when ${id} then if(stock is not null and ${looksLike(shelf.get(id)!)}, stock ${change}, -1)`,
  );
  return {
    statement: statement`update products set stock = case id ${verbatim(cases.join(' '))} end
      where id in (${[...taken.keys()]}) order by id`,
    count: taken.size,
  };
}

/** True in SQL while what is not limited of a guessed shelf is as it was guessed to be. */
export function unlimitedStand(shelf: Shelf): SqlPart {
  const unlimited = [...shelf].filter(([, { stock }]) => stock === null);
  if (unlimited.length === 0) return part`true`;
  const faces = unlimited.map(([id, item]) => `(id = ${id} and ${looksLike(item)})`).join(' or ');
  return part`(select count(*) from products where stock is null and id in (${unlimited.map(([id]) => id)})
    and (${verbatim(faces)})) = ${unlimited.length}`;
}

/** Names in hexadecimal: no collation takes two of them for one. */
const looksLike = ({ name, priceCents }: ShelfItem) =>
  `hidden = 0 and price_cents = ${priceCents} and hex(name) = '${Buffer.from(name).toString('hex')}'`;

/** The statement that changes the stock of products, locked in id order; none when none of them is limited. */
export function stockChange(lines: readonly Pick<OrderLine, 'productId' | 'quantity'>[], shelf: Shelf, sign: 1 | -1) {
  const changes = changesOf(lines, shelf, sign);
  if (changes.size === 0) return undefined;
  const cases = [...changes].map(([id, change]) => `when ${id} then ${change}`).join(' ');
  return statement`update products set stock = stock + case id ${verbatim(cases)} end
    where id in (${[...changes.keys()]}) order by id`;
}

/** By how much the stock of each changes that is limited. */
function changesOf(lines: readonly Pick<OrderLine, 'productId' | 'quantity'>[], shelf: Shelf, sign: 1 | -1) {
  const changes = new Map<number, number>();
  for (const { productId, quantity } of lines) {
    if ((shelf.get(productId)?.stock ?? null) === null) continue;
    changes.set(productId, (changes.get(productId) ?? 0) + sign * quantity);
  }
  return changes;
}

import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Transaction } from 'kysely';
import type { AdminOrder } from '../../../shared/contracts/order.ts';
import type { Announce } from '../announce.ts';
import { requireAdmin } from '../authenticate.ts';
import type { Database, Db } from '../database.ts';
import type { Durability } from '../durability.ts';
import type { By, ChangedOrder } from '../lock-order.ts';
import { knownNumber } from '../order-number.ts';
import { type Outcome, transact } from '../transact.ts';
import type { RouteEnv } from './describe.ts';

export interface ChangeDeps {
  changes: Db;
  durability: Durability;
  announce: Announce;
}

export const NumberParameter = z.object({ number: z.string() });

/**
 * The order that the address names, and the admin who wants something of it.
 * @throws {HttpProblem} `forbidden` for services; `not_found` for a number of another form
 */
export function orderAndAdmin(c: Context<RouteEnv>): { number: string; by: By } {
  const { id, name } = requireAdmin(c);
  return { number: knownNumber(c.req.param('number') ?? ''), by: { id, name } };
}

/** Runs one change of an order in a transaction of its own, and tells of it once it is committed. */
export async function changeOrder<Wish>(
  { changes, durability, announce }: ChangeDeps,
  change: (trx: Transaction<Database>, wish: Wish, durability: Durability) => Promise<Outcome<ChangedOrder>>,
  wish: Wish,
): Promise<AdminOrder> {
  const { order, appended } = await transact(changes, (trx) => change(trx, wish, durability));
  if (appended) announce(appended);
  return order;
}

import { sql, type Transaction } from 'kysely';
import { withoutCustomer } from '../../shared/contracts/order.ts';
import { TRIAL_PAUSE_SECONDS } from '../../shared/contracts/trial-pause.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { appendEvents } from './append-events.ts';
import type { Database } from './database.ts';
import type { Durability } from './durability.ts';
import type { By } from './lock-order.ts';
import { type PlacedGroup, placeOrders } from './place-orders.ts';
import type { PlacementRequest, Shop } from './placement.ts';
import type { Outcome } from './transact.ts';

/** The order that trials stand for in the log: no order has this id, and so none has their history. */
const TRIAL_ID = Number.MAX_SAFE_INTEGER;

/**
 * Tries whether orders arrive: places one exactly as shoppers' are, takes all of it back, and leaves only the event
 * `order.tested` in the log, which goes on to every open desk as any other does. What was never committed is in no
 * count, list, stock, export or total, and needs to be left out of none.
 *
 * A product, the head of the log and whatever else an order locks stay locked until the commit, as they do for one.
 *
 * @throws {HttpProblem} `out_of_stock` when nothing is for sale; `too_many_requests` when one of the same name has
 * tried within TRIAL_PAUSE_SECONDS
 */
export async function tryOrder(
  trx: Transaction<Database>,
  request: PlacementRequest,
  by: By,
  shop: Shop,
  durability: Durability,
): Promise<Outcome<PlacedGroup>> {
  const lines = [{ productId: await findForSale(trx), quantity: 1 }];
  await sql`savepoint trial`.execute(trx);
  const placed = await placeOrders(trx, [{ ...request, order: { ...request.order, lines } }], shop, durability);
  const [placement] = placed.value.placements;
  const event = placed.value.appended?.events[0];
  if (placement?.kind !== 'placed' || !event) return { ...placed, commit: false };
  await sql`rollback to savepoint trial`.execute(trx);

  const now = new Date();
  // Two at once wait for each other at the head of the log, which stays locked.
  await refuseTooSoon(trx, by, now);
  const at = now.toISOString();
  const order = { ...withoutCustomer(event.order, at), id: TRIAL_ID, lines: [], totalCents: 0, changedBy: by.name };
  const appended = await appendEvents(
    trx,
    [
      {
        type: 'order.tested',
        previousStatus: order.status,
        order,
        token: placement.answer.token,
        did: { by: by.name, at },
      },
    ],
    durability,
  );
  return { commit: true, value: { ...placed.value, appended } };
}

async function findForSale(trx: Transaction<Database>): Promise<number> {
  const product = await trx
    .selectFrom('products')
    .select('id')
    .where('hidden', '=', 0)
    .where((eb) => eb.or([eb('stock', 'is', null), eb('stock', '>', 0)]))
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (!product) throw new HttpProblem(409, 'out_of_stock', { detail: 'Nothing is for sale.' });
  return product.id;
}

async function refuseTooSoon(trx: Transaction<Database>, by: By, now: Date): Promise<void> {
  const earlier = await trx
    .selectFrom('order_events')
    .select('at')
    .where('order_id', '=', TRIAL_ID)
    .where('actor', '=', by.name)
    // After a clock that went ahead and back, nobody waits until it is there again.
    .where('at', '<=', now)
    .where('at', '>', new Date(now.getTime() - TRIAL_PAUSE_SECONDS * 1000))
    .limit(1)
    .executeTakeFirst();
  if (earlier) throw new HttpProblem(429, 'too_many_requests', { retryAfterSeconds: TRIAL_PAUSE_SECONDS });
}

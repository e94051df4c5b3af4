import { subscriberOf } from '../../shared/process/client-address.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Db } from './database.ts';
import { ORDER_NUMBER } from './order-number.ts';
import { canonicalEmail } from './sign-in.ts';
import { charge, findBuckets, refuseWhenFull, takeBack } from './throttle.ts';
import { onceMore, transact } from './transact.ts';

export interface FindLinkDeps {
  reads: Db;
  changes: Db;
  sessionSecret: string;
}

export interface LinkWanted {
  number: string;
  email: string;
  /** Where the question comes from. */
  address: string;
}

/**
 * The token of a shopper's page, for whoever knows both the order's number and its e-mail.
 *
 * Neither alone tells anything: a number that does not exist, another customer's number and a wrong e-mail get one
 * answer after the same statements. Whoever has one of the two and guesses the other is slowed down by that one, and
 * whoever guesses pairs by where they are; see throttle.ts.
 *
 * @throws {HttpProblem} `not_found`; `too_many_requests`
 */
export async function findLink(
  { reads, changes, sessionSecret }: FindLinkDeps,
  { number, email, address }: LinkWanted,
): Promise<string> {
  const wanted = canonicalEmail(email);
  const buckets = findBuckets(sessionSecret, { number, email: wanted, network: subscriberOf(address) });
  await refuseWhenFull(reads, buckets);
  // Before anything is looked up: questions side by side cannot slip through together.
  await charge(changes, buckets);
  const found = ORDER_NUMBER.test(number)
    ? await onceMore(() =>
        reads.selectFrom('orders').select(['token', 'email']).where('number', '=', number).executeTakeFirst(),
      )
    : undefined;
  if (!found || canonicalEmail(found.email) !== wanted) throw new HttpProblem(404, 'not_found');
  await transact(changes, async (trx) => ({ commit: true, value: await takeBack(trx, buckets) }));
  return found.token;
}

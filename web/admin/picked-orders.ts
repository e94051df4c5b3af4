import { MAX_PICKED_ORDERS } from '../../shared/contracts/export.ts';
import type { AdminOrder } from '../../shared/contracts/order.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { OrdersClient } from '../orders-client.ts';
import { refusal } from './answers.ts';

/** As many as orders has connections for reading, less some for the others. */
const AT_ONCE = 4;

/**
 * The orders that an address names: `?number=…&number=…`. Empty where it names none.
 * @throws {HttpProblem} `validation` for more than MAX_PICKED_ORDERS
 */
export function readNumbers(query: URLSearchParams): string[] {
  const numbers = [...new Set(query.getAll('number'))];
  if (numbers.length > MAX_PICKED_ORDERS) {
    throw new HttpProblem(400, 'validation', { detail: `At most ${MAX_PICKED_ORDERS} orders.` });
  }
  return numbers;
}

/**
 * Orders by their numbers, in this order, and the numbers that no order has.
 * @throws {HttpProblem} whatever else is wrong
 */
export async function findPicked(
  orders: OrdersClient,
  session: string,
  numbers: readonly string[],
): Promise<{ found: AdminOrder[]; missing: string[] }> {
  const answers: (AdminOrder | undefined)[] = [];
  const waiting = [...numbers.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [i, number] = next;
      const answer = await orders.orderByNumber(session, number);
      if (!answer.ok && answer.problem.code !== 'not_found') throw refusal(answer.problem);
      answers[i] = answer.ok ? answer.data.order : undefined;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return {
    found: answers.filter((order) => order !== undefined),
    missing: numbers.filter((_, i) => !answers[i]),
  };
}

import type { PlacedOrder } from '../../shared/contracts/order.ts';
import type { PostEntry } from './history.ts';
import type { Part } from './part.ts';
import type { Recorder } from './record.ts';

export interface Order {
  key: string;
  mark: string;
  lines: PostEntry['lines'];
}

/** Requests end within ten seconds, says the product; a client that waits a little longer sees whether they do. */
const DEADLINE_MS = 12_000;

let attempts = 0;

/** Notes that an order is sent; gives what notes its answer. */
export function noteAttempt(
  recorder: Recorder,
  order: Order,
  to: string,
): (
  status: number,
  more?: { code?: string; order?: Pick<PlacedOrder, 'number' | 'token' | 'totalCents' | 'placedAt'> },
) => void {
  attempts += 1;
  const id = attempts;
  recorder.note({ e: 'post', id, key: order.key, mark: order.mark, lines: order.lines, to });
  return (status, more = {}) => recorder.note({ e: 'answer', id, status, ...more });
}

/**
 * Sends an order to an orders process, once.
 * @returns the status; 0 when there was no answer
 */
export async function attempt(recorder: Recorder, order: Order, at: Part): Promise<number> {
  const answered = noteAttempt(recorder, order, at.name);
  try {
    const response = await fetch(`http://127.0.0.1:${at.port}/orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': order.key },
      body: JSON.stringify({ name: order.mark, email: 'chaos@msp.example', lines: order.lines }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const body = (await response.json()) as PlacedOrder & { code?: string };
    if (response.status === 201) {
      const { number, token, totalCents, placedAt } = body;
      answered(201, { order: { number, token, totalCents, placedAt } });
    } else {
      answered(response.status, body.code === undefined ? {} : { code: body.code });
    }
    return response.status;
  } catch {
    answered(0);
    return 0;
  }
}

/** True for an answer that says what became of the order; after any other it is sent again with the same key. */
export function settles(status: number): boolean {
  return status === 201 || (status >= 400 && status < 500 && status !== 408 && status !== 429);
}

import type { MiddlewareHandler } from 'hono';
import { HttpProblem } from './http-problem.ts';

/** Every request ends within ten seconds; what is left of them is for the way there and back. */
export const ANSWER_MS = 9_000;

/**
 * Ends whatever takes too long with `timeout`, however many waits of its own a route adds up. What the route was doing
 * may go on and may come to its end: whether it did is not known.
 */
export function answerWithin(milliseconds = ANSWER_MS): MiddlewareHandler {
  return async (_c, next) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new HttpProblem(504, 'timeout', { retryAfterSeconds: 1 })), milliseconds);
    });
    try {
      await Promise.race([next(), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

import { setTimeout } from 'node:timers/promises';
import type { Limits } from './limits.ts';
import { retryFrame } from './sse-frame.ts';
import type { Subscriber } from './subscriber.ts';

const SLICE_EVERY_MS = 50;
const SLICE_STREAMS = 50;

/**
 * Ends every stream, a slice at a time, telling each browser when to come back: spread over seconds, so that those
 * who take over are not met by everybody at once. Takes at most `limits.drainMs`.
 */
export async function drain(
  audience: { all: ReadonlySet<Subscriber> },
  limits: Pick<Limits, 'drainMs'>,
): Promise<void> {
  const slices = Math.floor(limits.drainMs / SLICE_EVERY_MS) - 1;
  const perSlice = Math.max(SLICE_STREAMS, Math.ceil(audience.all.size / slices));
  while (audience.all.size > 0) {
    let ended = 0;
    for (const subscriber of audience.all) {
      subscriber.end('drained', retryFrame(500, 5000));
      ended += 1;
      if (ended === perSlice) break;
    }
    if (audience.all.size > 0) await setTimeout(SLICE_EVERY_MS);
  }
}

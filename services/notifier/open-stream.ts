import type { IncomingMessage, ServerResponse } from 'node:http';
import { toProblem } from '../../shared/process/http-problem.ts';
import type { Logger } from '../../shared/process/log.ts';
import type { Limits } from './limits.ts';
import type { NotifierMetrics } from './metrics.ts';
import { comeBackFrame } from './sse-frame.ts';
import type { Ending } from './subscriber.ts';

// What every kind of stream has in common around its opening and its end.

/** Has a request for a stream opened; what goes wrong is answered as a problem, or cut once the stream has begun. */
export function openStream(
  request: IncomingMessage,
  response: ServerResponse,
  logger: Logger,
  open: () => Promise<void>,
): void {
  // A second request on a stream's connection would wait for an end that is hours away.
  if (response.socket === null) {
    request.socket.destroy();
    return;
  }
  open().catch((error: unknown) => {
    const problem = toProblem(error);
    if (problem.status >= 500) logger.error({ err: error }, 'a stream could not be opened');
    if (response.headersSent) response.destroy();
    else problem.sendTo(response);
  });
}

/** Sends away who cannot be served at the moment, though nothing is wrong with the wish. */
export function turnAway(response: ServerResponse, metrics: NotifierMetrics, reason: string): void {
  metrics.turnedAway.inc({ reason });
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(comeBackFrame());
}

export function countEnd(metrics: NotifierMetrics, ending: Ending): void {
  metrics.ended.inc({ ending });
  if (ending === 'slow') metrics.slowCut.inc();
}

/** How long a stream lives, give or take a tenth, so that those opened together do not end together. */
export function drawRotationMs({ rotationMs }: Pick<Limits, 'rotationMs'>): number {
  return rotationMs * (0.9 + Math.random() * 0.2);
}

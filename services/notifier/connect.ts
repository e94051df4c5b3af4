import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { formatCursor } from '../../shared/contracts/cursor.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Logger } from '../../shared/process/log.ts';
import type { Audience } from './audience.ts';
import { catchUpFrames, reach } from './catch-up.ts';
import type { EventLog } from './event-log.ts';
import type { FanOut } from './fan-out.ts';
import type { LogFollower } from './follow-log.ts';
import type { Limits } from './limits.ts';
import type { NotifierMetrics } from './metrics.ts';
import { countEnd, drawRotationMs, openStream, turnAway } from './open-stream.ts';
import { type LiveUrl, readLiveUrl, readWish, type Wish } from './read-wish.ts';
import type { RenderFrames } from './render-frames.ts';
import type { Revocations } from './sessions.ts';
import { comeBackFrame } from './sse-frame.ts';
import { type Due, type Ending, Subscriber } from './subscriber.ts';

export interface ConnectOptions {
  log: EventLog;
  follower: LogFollower;
  fanOut: FanOut;
  audience: Audience;
  render: RenderFrames;
  revocations: Revocations;
  sessionSecret: string;
  limits: Limits;
  metrics: NotifierMetrics;
  logger: Logger;
  isDraining: () => boolean;
}

/**
 * Takes `GET /live/orders` and `GET /live/order/<token>`, and leaves every other request to the framework.
 *
 * Refusals that a program or a person can do something about are problems with a status of their own. Being full or
 * not ready is not: an EventSource gives up for good on anything but 200, so it gets a stream that says when to come
 * back, and ends.
 */
export function connectStreams(
  options: ConnectOptions,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const catchUp = catchUpFrames(options.log, options.render);
  const onEnd = (subscriber: Subscriber, ending: Ending) => {
    options.audience.leave(subscriber);
    countEnd(options.metrics, ending);
  };

  const connect = async (request: IncomingMessage, response: ServerResponse, url: LiveUrl) => {
    const wish = readWish(request, url, options.sessionSecret);
    if (wish.from) await reach(wish.from, options.log, options.follower);
    // From here to join() nothing waits: no event, no revocation and no drain can fall in between.
    if (response.destroyed) return;
    const reason = whyNotNow(wish, options);
    if (reason) return turnAway(response, options.metrics, reason);
    if (options.revocations.ids?.has(wish.owner)) throw new HttpProblem(401, 'unauthenticated');
    const { fanOut, limits } = options;
    const nowMs = performance.now();
    const subscriber = new Subscriber({
      topic: wish.topic,
      owner: wish.owner,
      socket: response.socket as Socket,
      due: dueAt(wish, nowMs, limits),
      limits,
    });
    const cursor = formatCursor({ ...options.log.cursor, seq: fanOut.position });
    const frames = [
      comeBackFrame(),
      ...(wish.from ? [catchUp(wish.topic, wish.from, fanOut.position)] : []),
      fanOut.proof(cursor),
    ];
    subscriber.joinedPass = fanOut.pass;
    options.audience.join(subscriber);
    subscriber.open(response, frames, nowMs, onEnd);
  };

  return (request, response) => {
    const url = readLiveUrl(request);
    if (!url) return false;
    openStream(request, response, options.logger, () => connect(request, response, url));
    return true;
  };
}

/** Why a stream cannot be opened at the moment, though nothing is wrong with the wish. */
function whyNotNow(wish: Wish, options: ConnectOptions): string | undefined {
  if (options.isDraining()) return 'draining';
  if (options.log.epoch === undefined || !options.revocations.ids) return 'not_ready';
  return options.audience.fullFor(wish.owner, wish.kind);
}

function dueAt(wish: Wish, nowMs: number, limits: Limits): Due {
  const rotatesInMs = drawRotationMs(limits);
  const expiresInMs = wish.sessionEndsAtMs - Date.now();
  if (expiresInMs < rotatesInMs) return { atMs: nowMs + expiresInMs, ending: 'expired' };
  return { atMs: nowMs + rotatesInMs, ending: 'rotated' };
}

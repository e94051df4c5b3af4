import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '../../shared/process/log.ts';
import type { Facts } from '../../web/fragments/product-facts.tsx';
import { CatalogueFollower, type CatalogueState, readCatalogue } from './follow-catalogue.ts';
import { eachInSlices } from './in-slices.ts';
import type { Limits } from './limits.ts';
import type { NotifierMetrics } from './metrics.ts';
import { countEnd, drawRotationMs, openStream, turnAway } from './open-stream.ts';
import { refuseOtherSites } from './read-wish.ts';
import { comeBackFrame, headFrame, messageFrame, wholeFrame } from './sse-frame.ts';
import { type Ending, Subscriber } from './subscriber.ts';

export interface CatalogueStreamsOptions {
  /** Without a slash at its end. */
  ordersUrl: string;
  /** What changed of the catalogue as HTML; the pages own this, see web/fragments. */
  render: (facts: readonly Facts[]) => string;
  limits: Limits;
  metrics: NotifierMetrics;
  logger: Logger;
  isDraining: () => boolean;
}

/**
 * `GET /live/catalogue`: what can be had, and for how much, to every open page of the shop.
 *
 * Needs no session and tells nothing that the catalogue does not. A stream's `id:` is the stamp of what its page shows;
 * whoever comes with the stamp of now is sent nothing, whoever comes with another, or with none, everything. So there
 * is no log to keep. Sending is as in fan-out.ts: one rendering, one encoding, in slices, to a browser that is slow
 * until it is cut.
 */
export class CatalogueStreams {
  readonly all = new Set<Subscriber>();
  readonly #options: CatalogueStreamsOptions;
  readonly #follower: CatalogueFollower;
  #isPassing = false;
  #everything: { stamp: string; frame: Buffer } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CatalogueStreamsOptions) {
    this.#options = options;
    this.#follower = new CatalogueFollower({
      read: readCatalogue({ ordersUrl: options.ordersUrl, readMs: options.limits.readMs }),
      limits: options.limits,
      logger: options.logger,
      isWanted: () => this.all.size > 0,
      onChange: (changed, { stamp }) => this.#pass(messageFrame(stamp, options.render(changed))),
    });
  }

  /** Something has happened that may change what can be had: an order, or an admin's edit. */
  wake(): void {
    this.#follower.wake();
  }

  start(): void {
    this.#timer = setInterval(() => this.#tend(performance.now()), this.#options.limits.tickMs);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#follower.close();
  }

  /** Takes requests for this stream, and leaves every other to others. */
  intercept(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET' || !/^\/live\/catalogue(?:\?|$)/.test(request.url ?? '')) return false;
    openStream(request, response, this.#options.logger, () => this.#connect(request, response));
    return true;
  }

  async #connect(request: IncomingMessage, response: ServerResponse): Promise<void> {
    refuseOtherSites(request);
    const stamp = readStamp(request);
    const state = await this.#follower.fresh(stamp);
    // From here on nothing waits: no change can fall in between.
    if (response.destroyed) return;
    const { limits, metrics } = this.#options;
    const reason = this.#whyNotNow(state);
    if (reason || !state) return turnAway(response, metrics, reason ?? 'not_ready');
    const nowMs = performance.now();
    const subscriber = new Subscriber({
      topic: { catalogue: true },
      owner: 'catalogue',
      socket: response.socket as Socket,
      due: { atMs: nowMs + drawRotationMs(limits), ending: 'rotated' },
      limits,
    });
    const first = stamp === state.stamp ? headFrame(stamp) : this.#allOf(state);
    this.all.add(subscriber);
    subscriber.open(response, [comeBackFrame(), first], nowMs, this.#onEnd);
  }

  readonly #onEnd = (subscriber: Subscriber, ending: Ending) => {
    this.all.delete(subscriber);
    countEnd(this.#options.metrics, ending);
  };

  #whyNotNow(state: CatalogueState | undefined): string | undefined {
    if (this.#options.isDraining()) return 'draining';
    if (!state) return 'not_ready';
    return this.all.size >= this.#options.limits.catalogueStreams ? 'catalogue_streams' : undefined;
  }

  /** Rendered once for all who come while it stays the same. */
  #allOf({ stamp, facts }: CatalogueState): Buffer {
    if (this.#everything?.stamp !== stamp) {
      this.#everything = { stamp, frame: wholeFrame(stamp, this.#options.render([...facts.values()])) };
    }
    return this.#everything.frame;
  }

  /** Says to those who have heard nothing for a while that all is well, and asks whether it is. */
  #tend(nowMs: number): void {
    if (this.all.size === 0) return;
    for (const subscriber of this.all) subscriber.look(nowMs);
    this.#follower.look(nowMs);
    const { state } = this.#follower;
    // Not in the middle of a pass: nobody is told a stamp before the frame that leads there.
    if (!state || this.#isPassing) return;
    const quietSince = nowMs - this.#options.limits.heartbeatMs;
    void this.#pass(headFrame(state.stamp), (subscriber) => subscriber.writtenAtMs <= quietSince);
  }

  async #pass(frame: Buffer, isDue: (subscriber: Subscriber) => boolean = () => true): Promise<void> {
    this.#isPassing = true;
    const nowMs = performance.now();
    try {
      await eachInSlices(this.all, this.#options.limits.sliceMs, (subscriber) => {
        if (isDue(subscriber)) subscriber.write(frame, nowMs);
      });
    } finally {
      this.#isPassing = false;
    }
  }
}

/** What the page shows. What the stream itself said last is newer than the address the page was given. */
function readStamp(request: IncomingMessage): string | undefined {
  const query = new URLSearchParams(request.url?.split('?')[1]);
  return String(request.headers['last-event-id'] ?? '') || query.get('after') || undefined;
}

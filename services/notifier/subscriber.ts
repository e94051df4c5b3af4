import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { View } from '../../shared/contracts/status.ts';
import { detachFromHttp } from './detach-from-http.ts';
import type { Limits } from './limits.ts';
import { retryFrame } from './sse-frame.ts';
import { type Wire, wireOf, writeAtOnce } from './write-at-once.ts';

/** What a stream of orders is about: a view of the order table, or one shopper's own order. */
export type OrderTopic = { view: View } | { shopperKey: string };
/** What any stream is about. */
export type Topic = OrderTopic | { catalogue: true };

/** Why a stream ended. Only `slow` is the notifier's verdict on a browser; the rest is the course of things. */
export type Ending = 'gone' | 'slow' | 'rotated' | 'expired' | 'revoked' | 'unverified' | 'drained';

/** When a stream ends at the latest, on the clock of performance.now(), and why. */
export interface Due {
  atMs: number;
  ending: 'rotated' | 'expired';
}

const HEAD = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // no-transform: a proxy that compresses also buffers.
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
};

/** A browser that was told goodbye and still reads nothing is let go after this long. */
const LINGER_MS = 5000;

/**
 * One stream's whole life: opened with its first frames, written to, found slow or due, ended.
 *
 * Writing never waits: a browser that does not read fills its own socket's queue until it is cut, and comes back
 * by cursor. The body has neither length nor chunks (the end of the connection is its end), so that one buffer
 * goes to every subscriber as it is. It is written to the socket itself, which is all that is kept of the request,
 * and past the socket's stream while nothing is queued there.
 */
export class Subscriber {
  readonly topic: Topic;
  /** The session or the shopper's page that this stream counts against. */
  readonly owner: string;
  /** The pass of the fan-out that was the latest when this stream was caught up; see fan-out.ts. */
  joinedPass = 0;
  /** When anything was last written, on the clock of performance.now(). */
  writtenAtMs = 0;

  readonly #socket: Socket;
  readonly #limits: Pick<Limits, 'queueBytes' | 'stallMs'>;
  readonly #due: Due;
  /** Only once the head is written, and node:http has let the socket go. */
  #wire: Wire | undefined;
  /** False: something may be queued. True is what it is nearly always, and spares asking. */
  #isClear = false;
  /** Of what went by the wire, what the kernel has not taken yet. */
  #keptBytes = 0;
  #stalledSinceMs = Number.POSITIVE_INFINITY;
  #onEnd: ((subscriber: Subscriber, ending: Ending) => void) | undefined;

  constructor(options: {
    topic: Topic;
    owner: string;
    socket: Socket;
    due: Due;
    limits: Pick<Limits, 'queueBytes' | 'stallMs'>;
  }) {
    this.topic = options.topic;
    this.owner = options.owner;
    this.#socket = options.socket;
    this.#due = options.due;
    this.#limits = options.limits;
  }

  /** What the browser has not taken yet, beyond what the kernel holds for it. */
  get queuedBytes(): number {
    return this.#socket.writableLength + this.#keptBytes;
  }

  /**
   * Sends the head and the first frames, in one go and without copying them: after a restart many are sent the same.
   * `onEnd` is called once, before anything else can be written.
   */
  open(
    response: ServerResponse,
    firstFrames: readonly Buffer[],
    nowMs: number,
    onEnd: (subscriber: Subscriber, ending: Ending) => void,
  ): void {
    this.#onEnd = onEnd;
    this.#listen();
    response.useChunkedEncodingByDefault = false;
    this.#socket.cork();
    response.writeHead(200, HEAD).flushHeaders();
    for (const frame of firstFrames) this.write(frame, nowMs);
    this.#socket.uncork();
    setImmediate(() => {
      if (this.#socket.destroyed || !detachFromHttp(response)) return;
      this.#listen();
      this.#wire = wireOf(this.#socket);
    });
  }

  #listen(): void {
    this.#socket
      .on('close', () => this.#leave('gone'))
      .on('drain', () => {
        this.#stalledSinceMs = Number.POSITIVE_INFINITY;
      });
  }

  /** Writes a frame, or cuts the stream when its queue would grow past the bound. */
  write(frame: Buffer, nowMs: number): void {
    if (this.#onEnd === undefined) return;
    const queued = this.#isClear ? 0 : this.queuedBytes;
    if (queued + frame.length > this.#limits.queueBytes) {
      this.#cut();
      return;
    }
    this.writtenAtMs = nowMs;
    if (queued === 0 && this.#wire) this.#writeAtOnce(this.#wire, frame, nowMs);
    else if (!this.#socket.write(frame)) this.#stallFrom(nowMs);
  }

  #writeAtOnce(wire: Wire, frame: Buffer, nowMs: number): void {
    const outcome = writeAtOnce(wire, frame, this);
    this.#isClear = outcome === 'taken';
    if (outcome === 'failed') this.#socket.destroy();
    if (outcome !== 'kept') return;
    this.#keptBytes = frame.length;
    this.#stallFrom(nowMs);
  }

  /** What `writeAtOnce` had to keep has gone, or cannot go any more. */
  onGone(isFailed: boolean): void {
    this.#keptBytes = 0;
    this.#stalledSinceMs = Number.POSITIVE_INFINITY;
    if (isFailed) this.#socket.destroy();
  }

  #stallFrom(nowMs: number): void {
    if (this.#stalledSinceMs > nowMs) this.#stalledSinceMs = nowMs;
  }

  /** Looked at once a tick: ends the stream when its time is over, cuts it when nothing has been read for long. */
  look(nowMs: number): void {
    if (nowMs >= this.#due.atMs) this.#comeToTerm();
    else if (nowMs - this.#stalledSinceMs > this.#limits.stallMs) this.#cut();
  }

  /** Ends the stream after what is queued and one last frame. */
  end(ending: Ending, lastFrame?: Buffer): void {
    if (this.#onEnd === undefined) return;
    this.#leave(ending);
    this.#socket.setTimeout(LINGER_MS, () => this.#socket.destroy());
    if (lastFrame) this.#socket.write(lastFrame);
    this.#socket.destroySoon();
  }

  #comeToTerm(): void {
    // Turns are spread already, so the browser need not stay away for long.
    this.end(this.#due.ending, this.#due.ending === 'rotated' ? retryFrame(100, 1000) : undefined);
  }

  #cut(): void {
    this.#leave('slow');
    this.#socket.destroy();
  }

  #leave(ending: Ending): void {
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    onEnd?.(this, ending);
  }
}

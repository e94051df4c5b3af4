import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpProblem } from './http-problem.ts';

/** What those are told who are turned away, made before anybody comes. */
export interface Refusal {
  headers: Record<string, string>;
  body: string;
}

export interface ShedOptions {
  /** Requests that may be worked on at once: a burst of so many is served whole. Each takes memory and processor. */
  maxInFlight: number;
  /**
   * How many while it overflows: from the first refusal until a second has passed without one. Few, so that there is
   * time left to refuse the others at once; enough to keep the process busy. All of `maxInFlight` unless told.
   */
  overflowingInFlight?: number;
  /** Refusals a second that keep their connection; 40,000 (most of a core) unless told. */
  keptPerSecond?: number;
  /** How refusals look to whoever asks; problem details unless told. */
  refusal?: (request: IncomingMessage) => Refusal;
  onShed?: () => void;
  /** The monotonic clock, in milliseconds; another one for tests. */
  now?: () => number;
}

const RETRY_AFTER_SECONDS = 1;

/** Whoever obeys `Retry-After` has come back by then. */
const CALM_MS = 1000 * RETRY_AFTER_SECONDS;

/** Who dawdles over a body costs a connection and a few kilobytes, no work: they take no place from those who do not. */
const SENDING_PER_PLACE = 4;

/** Whoever is read at the end of a turn of the event loop has waited for all of it. */
const LONG_TURN_MS = 50;

/**
 * Half as many, and three times what a service can take was already past it: clients that only came when they were due
 * had to connect anew, in a queue that grew, and were refused after seconds.
 */
const KEPT_PER_SECOND = 40_000;

const PROBLEM: Refusal = {
  headers: { 'Content-Type': 'application/problem+json', 'X-Content-Type-Options': 'nosniff' },
  body: JSON.stringify(new HttpProblem(503, 'overloaded').body()),
};

/** Whoever supervises a process asks it most of all when it has much to do. */
const ALWAYS_ANSWERED = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Turns away what is too much: at once, before the body is read and before any routing, so that a refusal costs next
 * to nothing and whoever was let in is answered in good time. Nothing was done for a refused request.
 *
 * The connection is kept, because a new one costs more than this answer. Past a bound a second it is closed: a thousand
 * connections that ask again and again, whatever they are told, would keep the event loop from everything else. Those
 * that come anew wait in the kernel's queue, where they cost nothing.
 *
 * @returns takes a request in (true), or answers it
 */
export function shedLoad(options: ShedOptions): (request: IncomingMessage, response: ServerResponse) => boolean {
  const refusal = options.refusal ?? (() => PROBLEM);
  const keptPerSecond = options.keptPerSecond ?? KEPT_PER_SECOND;
  const now = options.now ?? (() => performance.now());
  let inFlight = 0;
  let sendingBodies = 0;
  let refusedAtMs = -Infinity;
  let kept = 0;
  let secondFromMs = 0;
  const turn = measureTurn(now);
  /** Why a request finds no room: it is one too many, or only late in its turn. */
  const refuses = (): 'full' | 'late' | undefined => {
    const turnMs = turn.lastsMs();
    if (sendingBodies >= SENDING_PER_PLACE * options.maxInFlight) return 'full';
    if (inFlight < (options.overflowingInFlight ?? options.maxInFlight)) return undefined;
    if (inFlight >= options.maxInFlight || now() - refusedAtMs <= CALM_MS) return 'full';
    return turnMs > LONG_TURN_MS ? 'late' : undefined;
  };
  const mayKeep = (nowMs: number) => {
    if (nowMs - secondFromMs >= 1000) {
      secondFromMs = nowMs;
      kept = 0;
    }
    kept += 1;
    return kept <= keptPerSecond;
  };
  const letIn = (request: IncomingMessage, response: ServerResponse) => {
    inFlight += 1;
    let isSending = false;
    const has = (sending: boolean) => {
      if (sending === isSending) return;
      isSending = sending;
      inFlight += sending ? -1 : 1;
      sendingBodies += sending ? 1 : -1;
    };
    // What came together with its head has been read by then.
    setImmediate(() => {
      if (request.complete || response.closed) return;
      has(true);
      request.once('end', () => has(false));
    });
    response.once('close', () => {
      has(false);
      inFlight -= 1;
    });
  };
  return (request, response) => {
    if (ALWAYS_ANSWERED.has(request.url ?? '')) return true;
    const reason = refuses();
    if (!reason) {
      letIn(request, response);
      return true;
    }
    const nowMs = now();
    // One long turn is no overflow: clients that ask again at once would make it one for as long as they do.
    if (reason === 'full') refusedAtMs = nowMs;
    options.onShed?.();
    const { headers, body } = refusal(request);
    response
      .writeHead(503, {
        ...headers,
        'Cache-Control': 'no-store',
        ...(mayKeep(nowMs) ? {} : { Connection: 'close' }),
        'Retry-After': String(RETRY_AFTER_SECONDS),
        'Content-Length': Buffer.byteLength(body),
      })
      .end(request.method === 'HEAD' ? undefined : body);
    return false;
  };
}

/** Tells how long the present turn of the event loop has been reading requests. */
function measureTurn(now: () => number) {
  let beganMs: number | undefined;
  return {
    lastsMs(): number {
      const nowMs = now();
      if (beganMs === undefined) {
        beganMs = nowMs;
        setImmediate(() => {
          beganMs = undefined;
        });
      }
      return nowMs - beganMs;
    },
  };
}

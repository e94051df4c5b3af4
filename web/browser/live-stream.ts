import { parseEvents, type StreamMessage } from './parse-events.ts';

export type { StreamMessage } from './parse-events.ts';

/**
 * `connecting` until the first answer, `live` while the server speaks, `down` from a loss until it speaks again,
 * `unauthorized` when the session is over (the stream has given up by then).
 */
export type StreamState = 'connecting' | 'live' | 'down' | 'unauthorized';

export interface StreamOptions {
  /** The address to ask, for what comes after this cursor. */
  url(cursor: string | undefined): string;
  /** Where the page stands; undefined for «from now on». */
  cursor: string | undefined;
  onMessage(message: StreamMessage): void;
  onState?(state: StreamState): void;
}

export interface Stream {
  readonly state: StreamState;
  /** Everything up to here has been handed to `onMessage`. */
  readonly cursor: string | undefined;
  /** Asks again at once when the stream is down or seems dead; called by itself on return to tab, network, or from sleep. */
  wake(): void;
  close(): void;
}

/** The server says something every 15 s; after this much silence the connection is taken for dead. */
const SILENCE_MS = 40_000;
/** Coming back to the tab, to the network, or from sleep, this much silence is suspicious enough… */
const STALE_MS = 20_000;
/** …and of a connection that is only being made, this much. */
const HURRY_MS = 2_000;
/** How often it is looked whether the machine has slept. */
const TICK_MS = 1_000;
const CONNECT_MS = 15_000;
const RETRY_MS = 1000;
/** So that a desk is live again within ten seconds of everything else, however long that took. */
const MAX_RETRY_MS = 8_000;

/**
 * Reads an event stream for as long as the page lives, and comes back by cursor after whatever happens.
 *
 * By fetch, because EventSource gives up for good on any answer but 200 and never notices a dead connection.
 * Every loss waits the server's own `retry:` once, then doubling with full jitter up to 8 s, so that a restarted
 * server is not met by all browsers at the same instant. A hidden tab keeps its stream: its title counts orders.
 *
 * It knows nothing of documents, so it can move into a worker shared by all tabs.
 */
export function openStream(options: StreamOptions): Stream {
  let state: StreamState = 'connecting';
  let cursor = options.cursor;
  let closed = false;
  let retryMs = RETRY_MS;
  let failures = 0;
  /** On the clock of the wall, which goes on while the machine sleeps. */
  let heardAt = Date.now();
  let connection: AbortController | undefined;
  let waitTimer: ReturnType<typeof setTimeout> | undefined;

  function enter(next: StreamState): void {
    if (next === state) return;
    state = next;
    options.onState?.(next);
  }

  async function connect(): Promise<void> {
    waitTimer = undefined;
    const abort = new AbortController();
    connection = abort;
    heardAt = Date.now();
    let watchdog = setTimeout(() => abort.abort(), CONNECT_MS);
    try {
      const response = await fetch(options.url(cursor), {
        headers: { Accept: 'text/event-stream', ...(cursor ? { 'Last-Event-ID': cursor } : {}) },
        cache: 'no-store',
        credentials: 'same-origin',
        redirect: 'error',
        signal: abort.signal,
      });
      if (response.status === 401) return giveUp();
      if (!response.ok || !response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
        await response.body?.cancel();
        throw new Error(`the stream answered ${response.status}`);
      }
      const feed = parseEvents({
        onMessage(message) {
          failures = 0;
          enter('live');
          deliver(message);
        },
        onId: (id) => {
          cursor = id;
        },
        onRetry: (ms) => {
          retryMs = Math.min(ms, MAX_RETRY_MS);
        },
      });
      const reader = response.body.getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done || closed) break;
        heardAt = Date.now();
        clearTimeout(watchdog);
        watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
        feed(value);
      }
    } catch {
      // Refused, reset, silent or malformed: all the same, it is tried again.
    } finally {
      clearTimeout(watchdog);
      abort.abort();
      if (connection === abort) connection = undefined;
    }
    if (closed) return;
    enter('down');
    waitTimer = setTimeout(connect, failures === 0 ? retryMs : Math.random() * capMs(retryMs, failures));
    failures += 1;
  }

  /** A frame that cannot be applied must not end the stream: what it held comes again with the next poll. */
  function deliver(message: StreamMessage): void {
    try {
      options.onMessage(message);
    } catch (error) {
      console.error('a message of the stream could not be applied', error);
    }
  }

  function giveUp(): void {
    closed = true;
    enter('unauthorized');
    stopListening();
  }

  function wake(): void {
    if (closed) return;
    if (waitTimer !== undefined) {
      clearTimeout(waitTimer);
      void connect();
    } else if (isSilentFor(state === 'live' ? STALE_MS : HURRY_MS)) {
      failures = 0;
      retryMs = 0;
      connection?.abort();
    }
  }

  const isSilentFor = (ms: number) => Math.abs(Date.now() - heardAt) > ms;
  const stopReturn = onReturn(wake, () => connection?.abort());
  // After sleep no event may come, and timers take up where they stood.
  const ticking = setInterval(() => {
    if (state === 'live' && isSilentFor(SILENCE_MS)) wake();
  }, TICK_MS);
  const stopListening = () => {
    clearInterval(ticking);
    stopReturn();
  };
  void connect();

  return {
    get state() {
      return state;
    },
    get cursor() {
      return cursor;
    },
    wake,
    close() {
      closed = true;
      clearTimeout(waitTimer);
      connection?.abort();
      stopListening();
    },
  };
}

/** The longest pause after this many failures in a row, in milliseconds. */
function capMs(retryMs: number, failures: number): number {
  return Math.min(MAX_RETRY_MS, Math.max(RETRY_MS, retryMs) * 2 ** Math.min(failures, 10));
}

/** Calls back when the network or the reader returns, and when the network goes; gives the function that ends it. */
function onReturn(callback: () => void, onOffline: () => void): () => void {
  const page = (globalThis as { document?: EventTarget & { visibilityState: string } }).document;
  const scope = globalThis as unknown as Partial<EventTarget>;
  const onVisible = () => {
    if (page?.visibilityState === 'visible') callback();
  };
  scope.addEventListener?.('online', callback);
  scope.addEventListener?.('offline', onOffline);
  scope.addEventListener?.('pageshow', callback);
  page?.addEventListener('visibilitychange', onVisible);
  return () => {
    scope.removeEventListener?.('online', callback);
    scope.removeEventListener?.('offline', onOffline);
    scope.removeEventListener?.('pageshow', callback);
    page?.removeEventListener('visibilitychange', onVisible);
  };
}

import { openStream, type Stream, type StreamMessage, type StreamState } from './live-stream.ts';

export interface SharedStreamOptions {
  /** Tabs with the same address share its stream. */
  address: string;
  /** Where the page stands. */
  cursor: string | undefined;
  /** Whether one who has seen everything up to `from` lacks anything of what leads to `to`. */
  lacks(from: string, to: string): boolean;
  onMessage(message: StreamMessage): void;
  onState?(state: StreamState): void;
  /** This tab has become the one that reads the stream, or is it no longer. */
  onLead?(isLeading: boolean): void;
}

/** What tabs say to each other. */
type Word =
  | { kind: 'who' }
  | { kind: 'here'; at: string | undefined; state: StreamState }
  | { kind: 'message'; from: string | undefined; at: string | undefined; message: StreamMessage };

/** The stream speaks every 15 s, and with it the leader; after this long a silence it is looked for. */
const SILENCE_MS = 20_000;
/** A leader that is alive answers as soon as it gets a turn. */
const ANSWER_MS = 1_500;
/** Tabs that nobody looks at leave the search to one that somebody does. */
const HIDDEN_ANSWER_MS = 5_000;
/** Another tab may be signing in just now; after this long it is asked once more. */
const UNAUTHORIZED_MS = 10_000;

/**
 * One stream for all tabs of a browser, which has six connections to a host over HTTP/1.1, and pages that need some.
 *
 * The tabs queue for a lock. The one that has it leads: it reads the stream and passes each message on by a channel.
 * The lock falls to the next one when the leader is closed, crashes, or is frozen; a leader that hangs without a
 * word loses it to the first tab that looks for it and hears nothing.
 *
 * How nothing is missed: each tab knows its place, and a message says from where to where it leads. A tab that is not
 * as far as `from` (new, thawed, or too late to hear the leader before) reads a stream of its own until it has
 * reached the shared one. There is one such at a time, so never more than two connections. That two lead for a moment,
 * or a message comes twice, does no harm: pages pass over what they have.
 *
 * Where there are no locks (they want HTTPS), every tab has a stream of its own.
 */
export function openSharedStream(options: SharedStreamOptions): Stream {
  const { address } = options;
  const url = (cursor: string | undefined) =>
    cursor ? `${address}${address.includes('?') ? '&' : '?'}after=${encodeURIComponent(cursor)}` : address;
  if (!navigator.locks) {
    options.onLead?.(true);
    return openStream({ ...options, url });
  }

  const name = `msp ${address}`;
  let state: StreamState = 'connecting';
  /** Everything up to here has been handed to the page. */
  let place = options.cursor;
  /** As far as the leader is. */
  let sharedPlace: string | undefined;
  let channel: BroadcastChannel | undefined;
  let heardAt = Date.now();
  let turn = new AbortController();
  let leading: Stream | undefined;
  let catchingUp: AbortController | undefined;
  let doubt: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  function enter(next: StreamState): void {
    if (next === state) return;
    state = next;
    options.onState?.(next);
  }

  const tell = (word: Word) => channel?.postMessage(word);
  const tellWhere = () => tell({ kind: 'here', at: place, state });
  const isBehind = (to: string | undefined) => to !== undefined && (place === undefined || options.lacks(place, to));

  function take(message: StreamMessage): void {
    if (message.id !== undefined) place = message.id;
    options.onMessage(message);
  }

  function join(): void {
    if (channel || isClosed) return;
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => hear(data as Word);
    queue();
    look();
  }

  /** A page that is put away keeps nobody waiting. */
  function leave(): void {
    clearTimeout(doubt);
    clearTimeout(again);
    doubt = undefined;
    stopLeading();
    stopCatchingUp();
    channel?.close();
    channel = undefined;
  }

  function queue(how: 'in turn' | 'at once' = 'in turn'): void {
    clearTimeout(again);
    turn.abort();
    const mine = new AbortController();
    turn = mine;
    navigator.locks
      .request(name, how === 'at once' ? { steal: true } : { signal: mine.signal }, () => lead(mine.signal))
      .catch(() => {
        // Another tab has taken it: it had asked, and heard nothing.
        if (turn !== mine || mine.signal.aborted) return;
        stopLeading();
        queue();
      });
  }

  /** @returns what the lock is held for */
  function lead(until: AbortSignal): Promise<void> {
    if (until.aborted) return Promise.resolve();
    clearTimeout(doubt);
    doubt = undefined;
    stopCatchingUp();
    const stream = openStream({
      url,
      cursor: place,
      onMessage(message) {
        tell({ kind: 'message', from: stream.cursor, at: message.id ?? stream.cursor, message });
        take(message);
      },
      onState(next) {
        enter(next);
        tellWhere();
        if (next !== 'unauthorized') return;
        stopLeading();
        again = setTimeout(queue, UNAUTHORIZED_MS);
      },
    });
    leading = stream;
    tellWhere();
    options.onLead?.(true);
    return new Promise((resolve) => until.addEventListener('abort', () => resolve()));
  }

  function stopLeading(): void {
    turn.abort();
    if (!leading) return;
    leading.close();
    leading = undefined;
    options.onLead?.(false);
  }

  function hear(word: Word): void {
    if (word.kind === 'who') {
      if (!leading) return;
      tellWhere();
      // Somebody has come back to one of the tabs: no time to wait for the next try.
      leading.wake();
      return;
    }
    heardAt = Date.now();
    clearTimeout(doubt);
    doubt = undefined;
    if (leading) return;
    sharedPlace = word.at;
    enter(word.kind === 'here' ? word.state : 'live');
    if (catchingUp) endCatchingUp();
    else if (isBehind(word.kind === 'here' ? word.at : word.from)) catchUp();
    else if (word.kind === 'message') take(word.message);
  }

  function look(): void {
    if (leading || !channel) return;
    tell({ kind: 'who' });
    doubt ??= setTimeout(
      () => {
        doubt = undefined;
        queue('at once');
      },
      document.visibilityState === 'visible' ? ANSWER_MS : HIDDEN_ANSWER_MS,
    );
  }

  function catchUp(): void {
    const mine = new AbortController();
    catchingUp = mine;
    navigator.locks
      .request(`${name} catching up`, { signal: mine.signal }, async () => {
        if (mine.signal.aborted) return;
        const own = openStream({
          url,
          cursor: place,
          onMessage(message) {
            take(message);
            endCatchingUp();
          },
        });
        await new Promise((resolve) => mine.signal.addEventListener('abort', resolve));
        own.close();
      })
      .catch(() => {
        // Given up while it waited for its turn.
      });
  }

  function endCatchingUp(): void {
    if (!isBehind(sharedPlace)) stopCatchingUp();
  }

  function stopCatchingUp(): void {
    catchingUp?.abort();
    catchingUp = undefined;
  }

  const onReturn = () => {
    if (document.visibilityState === 'visible') look();
  };
  const onSilence = () => {
    if (Math.abs(Date.now() - heardAt) > SILENCE_MS) look();
  };
  const ticking = setInterval(onSilence, 1000);
  const listening = new AbortController();
  const { signal } = listening;
  document.addEventListener('visibilitychange', onReturn, { signal });
  window.addEventListener('online', look, { signal });
  document.addEventListener('freeze', leave, { signal });
  document.addEventListener('resume', join, { signal });
  window.addEventListener('pagehide', leave, { signal });
  window.addEventListener('pageshow', join, { signal });
  join();

  return {
    get state() {
      return state;
    },
    get cursor() {
      return place;
    },
    wake: () => (leading ? leading.wake() : look()),
    close() {
      isClosed = true;
      clearInterval(ticking);
      listening.abort();
      leave();
    },
  };
}

import type { View } from '../../shared/contracts/status.ts';
import { openStream, type Stream, type StreamMessage } from '../../web/browser/live-stream.ts';
import type { TcpProxy } from '../faults/tcp-proxy.ts';
import { giveCookie } from './browser-cookies.ts';
import { type Applied, type DeskTable, openDeskTable } from './desk-table.ts';
import type { FinalEntry } from './history.ts';
import type { Random } from './random.ts';
import type { Recorder } from './record.ts';
import type { System } from './system.ts';

/** An admin's open order table, as far as a page goes without a screen. */
export interface Desk {
  readonly name: string;
  /** Its own line to the notifiers; undefined when its stream comes through web. */
  readonly link: TcpProxy | undefined;
  readonly cursor: string | undefined;
  /** Has it ask for news now, as «Actualiser» does. */
  ask(): Promise<void>;
  shown(): FinalEntry['desks'][number];
  close(): void;
}

export interface DeskOptions {
  system: System;
  recorder: Recorder;
  random: Random;
  name: string;
  view: View;
  /** `gateway`: straight to the notifiers in turn; `web`: through the pages' own port. */
  streamBy: 'gateway' | 'web';
  pollSeconds: number;
}

/** As in web/browser/desk/ask.ts: however often news come, a page asks for itself at most this often. */
const MIN_PAUSE_MS = 2_000;
const JITTER_MS = 1_500;
const REQUEST_MS = 15_000;
const REOPEN_MS = 500;

/** Signs in and opens the table, again and again until both worked. */
export async function openDesk(options: DeskOptions): Promise<Desk> {
  const { system, recorder, random, name, view } = options;
  const web = `http://127.0.0.1:${system.web!.port}`;
  const link = options.streamBy === 'gateway' ? await system.linkToNotifiers(name) : undefined;
  const streamOrigin = link ? `http://127.0.0.1:${link.port}` : web;

  let isClosed = false;
  let table: DeskTable = openDeskTable(view);
  let stream: Stream | undefined;
  let session: string | undefined;
  let cookie = '';
  let isStreamOpen = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  let soonTimer: NodeJS.Timeout | undefined;
  let asking: Promise<void> | undefined;
  let opening: Promise<void> | undefined;

  const get = (path: string) =>
    fetch(`${web}${path}`, {
      headers: { Cookie: cookie, 'HX-Request': 'true', 'HX-Request-Type': 'partial' },
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_MS),
    });

  /** What an admin does whose session is over, or who comes in the morning. */
  function openPage(refused?: string): Promise<void> {
    opening ??= openUntilItWorks(refused).finally(() => {
      opening = undefined;
    });
    return opening;
  }

  async function openUntilItWorks(whyNot: string | undefined): Promise<void> {
    stream?.close();
    let refused = whyNot;
    for (;;) {
      if (isClosed) return;
      try {
        session = await system.session(refused);
        cookie = `msp_session=${session}`;
        const response = await fetch(`${web}/admin/orders${view === 'all' ? '' : `?view=${view}`}`, {
          headers: { Cookie: cookie },
          redirect: 'manual',
          signal: AbortSignal.timeout(REQUEST_MS),
        });
        const html = await response.text();
        // To the sign-in.
        if (response.status === 303) refused = session;
        if (response.status !== 200) throw new Error(`the page answered ${response.status}`);
        const fresh = openDeskTable(view);
        fresh.open(html);
        table = fresh;
        break;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, REOPEN_MS));
      }
    }
    if (isClosed) return;
    recorder.note({ e: 'reload', desk: name, cursor: table.cursor!, rows: table.rows(), counts: table.counts });
    giveCookie(streamOrigin, cookie);
    follow();
  }

  function follow(): void {
    stream = openStream({
      url(cursor) {
        ended('a new try');
        isStreamOpen = true;
        recorder.note({
          e: 'open',
          desk: name,
          view,
          to: link ? 'gateway' : 'web',
          ...(cursor ? { after: cursor } : {}),
        });
        return `${streamOrigin}/live/orders?view=${view}${cursor ? `&after=${encodeURIComponent(cursor)}` : ''}`;
      },
      cursor: table.cursor,
      onMessage,
      onState(state) {
        if (state === 'down' || state === 'unauthorized') ended(state);
        if (state === 'down') askSoon();
        if (state === 'unauthorized') void openPage(session);
      },
    });
  }

  function ended(why: string): void {
    if (isStreamOpen) recorder.note({ e: 'closed', desk: name, why });
    isStreamOpen = false;
  }

  function onMessage({ event, data }: StreamMessage): void {
    if (event === 'message') {
      take('stream', table.apply(data));
      return;
    }
    const { cursor } = JSON.parse(data) as { cursor: string };
    if (event === 'head') {
      table.moveTo(cursor);
      recorder.note({ e: 'frame', desk: name, by: 'stream', kind: 'head', cursor });
    } else if (event === 'reset') {
      recorder.note({ e: 'frame', desk: name, by: 'stream', kind: 'reset', cursor });
      table.rowsAreMissing();
      askSoon();
    }
  }

  function take(by: 'stream' | 'poll', { kind, cursor, rows, counts, omitted, announced }: Applied): void {
    if (kind === 'all') recorder.note({ e: 'reload', desk: name, cursor, rows, counts });
    else recorder.note({ e: 'frame', desk: name, by, kind: 'rows', cursor, rows, omitted, counts, announced });
    if (table.lacksRows) askSoon();
  }

  function askSoon(): void {
    if (soonTimer !== undefined || isClosed) return;
    const pause = Math.max(0, askedAt + MIN_PAUSE_MS - performance.now());
    soonTimer = setTimeout(
      () => {
        soonTimer = undefined;
        askedAt = performance.now();
        void ask();
      },
      pause + random.next() * JITTER_MS,
    );
  }

  /** One poll at a time: the page's own requests wait for each other too. */
  function ask(): Promise<void> {
    asking ??= poll().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function poll(): Promise<void> {
    const after = table.lacksRows ? undefined : table.cursor;
    const sentAt = performance.now();
    const page = table;
    const query = new URLSearchParams({ view, ...(after ? { after } : {}) });
    try {
      const response = await get(`/admin/orders/rows?${query}`);
      const html = await response.text();
      // Another page was opened meanwhile: this answer went down with the one that asked.
      if (isClosed || page !== table) return;
      if (response.status === 204) {
        recorder.note({ e: 'frame', desk: name, by: 'poll', kind: 'head', cursor: after! });
      } else if (response.status === 200) {
        take('poll', table.apply(html, sentAt));
      } else if (response.status === 401) {
        ended('unauthorized');
        await openPage(session);
      }
    } catch {
      // No answer: the next turn asks again.
    }
  }

  await openPage();
  const turns = setInterval(() => void ask(), options.pollSeconds * 1000);
  return {
    name,
    link,
    get cursor() {
      return table.cursor;
    },
    ask,
    shown: () => ({
      desk: name,
      view,
      cursor: table.cursor ?? '',
      rows: table.rows(),
      counts: table.counts,
      state: stream?.state ?? 'connecting',
    }),
    close() {
      isClosed = true;
      clearInterval(turns);
      clearTimeout(soonTimer);
      stream?.close();
      ended('the end of the run');
    },
  };
}

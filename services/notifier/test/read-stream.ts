import { randomBytes } from 'node:crypto';
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import { signSessionToken } from '../../../shared/contracts/session-token.ts';
import type { Counts } from '../../../shared/contracts/status.ts';
import { SESSION_SECRET } from './order-log.ts';

export interface Frame {
  event: string | undefined;
  id: string | undefined;
  data: string;
}

/** What an update frame holds when it is rendered by `jsonRender`, see start-notifier.ts. */
export interface UpdateJson {
  view: string;
  rows: { id: number; version: number; status: string; inView: boolean }[];
  omitted: number;
  counts: Counts;
  cursor: string;
}

/** One open stream, and everything that came over it. */
export interface TestStream {
  status: number;
  headers: IncomingHttpHeaders;
  frames: Frame[];
  /** Unnamed frames. */
  updates: Frame[];
  /** In milliseconds, as they came. */
  retries: number[];
  text(): string;
  response: IncomingMessage;
  isEnded(): boolean;
  /** Resolves as soon as the condition holds; it is looked at after everything that arrives. */
  until(what: string, condition: () => boolean): Promise<void>;
  close(): void;
}

const DEADLINE_MS = 20_000;

export function newSession(options: { sessionId?: string; expiresInMs?: number; secret?: string } = {}): string {
  return signSessionToken(options.secret ?? SESSION_SECRET, {
    sessionId: options.sessionId ?? randomBytes(16).toString('base64url'),
    expiresAtMs: Date.now() + (options.expiresInMs ?? 3600_000),
  });
}

/** Opens a stream as an admin unless other headers are given. */
export function openStream(url: string, headers?: Record<string, string>): Promise<TestStream> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, headers: headers ?? { Cookie: `msp_session=${newSession()}` } });
    request.once('error', reject);
    request.once('response', (response) => {
      request.on('error', () => {});
      resolve(follow(response));
    });
  });
}

function follow(response: IncomingMessage): TestStream {
  let text = '';
  let isEnded = false;
  const waiting = new Set<() => void>();
  const look = () => {
    for (const check of waiting) check();
  };
  const parser = createParser({
    onEvent: ({ event, id, data }) => {
      const frame = { event, id, data };
      stream.frames.push(frame);
      if (event === undefined) stream.updates.push(frame);
    },
    onRetry: (ms) => stream.retries.push(ms),
  });
  const stream: TestStream = {
    status: response.statusCode as number,
    headers: response.headers,
    frames: [],
    updates: [],
    retries: [],
    text: () => text,
    response,
    isEnded: () => isEnded,
    until(what, condition) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`waited in vain for ${what}; the stream's last words: ${text.slice(-2000)}`));
        }, DEADLINE_MS);
        const check = () => {
          if (!condition()) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    close: () => response.destroy(),
  };
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    parser.feed(chunk);
    look();
  });
  response.on('error', () => {});
  response.on('close', () => {
    isEnded = true;
    look();
  });
  return stream;
}

/** What an open table shows after all frames so far: newer versions win, as on the page. */
export function appliedRows(stream: TestStream): Map<number, { version: number; status: string; inView: boolean }> {
  const rows = new Map<number, { version: number; status: string; inView: boolean }>();
  for (const { data } of stream.updates) {
    for (const { id, ...row } of (JSON.parse(data) as UpdateJson).rows) {
      if (row.version >= (rows.get(id)?.version ?? 0)) rows.set(id, row);
    }
  }
  return rows;
}

export const updateOf = (frame: Frame | undefined) => JSON.parse(frame?.data ?? 'null') as UpdateJson;

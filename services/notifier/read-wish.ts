import type { IncomingMessage } from 'node:http';
import { type Cursor, parseCursor } from '../../shared/contracts/cursor.ts';
import { isShopperToken, shopperKey } from '../../shared/contracts/shopper-token.ts';
import { View } from '../../shared/contracts/status.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { readSession } from './sessions.ts';
import type { OrderTopic } from './subscriber.ts';

/** Who asks for which stream, from where on. */
export interface Wish {
  topic: OrderTopic;
  /** What the stream counts against: a session's id or a shopper's key. */
  owner: string;
  kind: 'session' | 'shopper';
  sessionEndsAtMs: number;
  from: Cursor | undefined;
}

/** The address of a stream, taken apart. */
export interface LiveUrl {
  /** Undefined: the order table. */
  token: string | undefined;
  query: URLSearchParams;
}

/** Undefined when the request is for something else than a stream. */
export function readLiveUrl(request: IncomingMessage): LiveUrl | undefined {
  if (request.method !== 'GET' || !request.url?.startsWith('/live/')) return undefined;
  const [path, query] = splitOnce(request.url, '?');
  const isOrders = path === '/live/orders';
  const token = isOrders ? undefined : /^\/live\/order\/([^/]+)$/.exec(path)?.[1];
  return isOrders || token !== undefined ? { token, query: new URLSearchParams(query) } : undefined;
}

/**
 * What a request asks for, checked without asking anybody. Whether a session was revoked is left to the caller.
 * @throws {HttpProblem} 400, 401, 403 or 404, saying what is wrong with the wish
 */
export function readWish(request: IncomingMessage, url: LiveUrl, sessionSecret: string): Wish {
  refuseOtherSites(request);
  if (url.token !== undefined) {
    if (!isShopperToken(sessionSecret, url.token)) throw new HttpProblem(404, 'not_found');
    const key = shopperKey(url.token);
    const topic = { shopperKey: key };
    const never = Number.POSITIVE_INFINITY;
    return { topic, owner: key, kind: 'shopper', sessionEndsAtMs: never, from: readCursor(request, url) };
  }
  const session = readSession(request.headers, sessionSecret);
  if (!session) throw new HttpProblem(401, 'unauthenticated');
  const view = View.safeParse(url.query.get('view') ?? 'all');
  if (!view.success) throw new HttpProblem(400, 'validation', { detail: 'There is no such view.' });
  return {
    topic: { view: view.data },
    owner: session.sessionId,
    kind: 'session',
    sessionEndsAtMs: session.expiresAtMs,
    from: readCursor(request, url),
  };
}

/** @throws {HttpProblem} 403 for what a page of another site asked its reader's browser for */
export function refuseOtherSites(request: IncomingMessage): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new HttpProblem(403, 'forbidden', { detail: 'This request comes from another site.' });
  }
}

/** Where the browser stands. What the stream itself said last is newer than the address the page was given. */
function readCursor(request: IncomingMessage, url: LiveUrl): Cursor | undefined {
  const text = String(request.headers['last-event-id'] ?? '') || url.query.get('after') || undefined;
  if (text === undefined) return undefined;
  const cursor = parseCursor(text);
  if (!cursor) throw new HttpProblem(400, 'validation', { detail: 'This is no cursor.' });
  return cursor;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

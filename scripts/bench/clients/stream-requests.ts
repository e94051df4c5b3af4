import { randomBytes } from 'node:crypto';
import { SESSION_COOKIE } from '../../../shared/contracts/session.ts';
import { signSessionToken } from '../../../shared/contracts/session-token.ts';

/** Half of what a notifier allows a session, as two admins' browsers with many windows would have. */
const STREAMS_OF_ONE_SESSION = 16;
const HOUR_MS = 3600_000;

/** What a browser sends to open a stream. */
export function streamRequest(path: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ Host: 'bench', Accept: 'text/event-stream', ...headers });
  return `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/**
 * The requests of as many open order tables, by as many sessions as that takes.
 * @param lastEventId where they were, when they come back
 */
export function tableRequests(sessionSecret: string, streams: number, lastEventId?: string): string[] {
  return Array.from({ length: Math.ceil(streams / STREAMS_OF_ONE_SESSION) }, () => {
    const sessionId = randomBytes(16).toString('base64url');
    const token = signSessionToken(sessionSecret, { sessionId, expiresAtMs: Date.now() + HOUR_MS });
    return streamRequest('/live/orders?view=all', {
      Cookie: `${SESSION_COOKIE}=${token}`,
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
    });
  });
}

/** Listens to everything that orders processes tell notifiers: for the time between commit and Redis. */
export const CHANNEL_REQUEST = 'SUBSCRIBE msp:events\r\n';

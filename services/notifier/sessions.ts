import type { IncomingHttpHeaders } from 'node:http';
import { parse } from 'hono/utils/cookie';
import { RevokedSessions, SESSION_COOKIE, SESSION_COOKIE_SECURE } from '../../shared/contracts/session.ts';
import { type SessionToken, verifySessionToken } from '../../shared/contracts/session-token.ts';
import { call } from '../../shared/process/http-client.ts';
import type { Logger } from '../../shared/process/log.ts';

/** Sessions that were ended before they expired. */
export interface Revocations {
  /** Undefined until the list was read, and again when it was read too long ago: then nobody can be let in. */
  ids: ReadonlySet<string> | undefined;
  start(): void;
  close(): void;
}

/**
 * Keeps the list of revoked sessions by asking orders for all of it, again and again. While orders does not answer
 * the last known list stays in force, for as long as `staleMs`.
 *
 * @param options.onRevoked called with each id that is new on the list
 * @param options.onStale called when the list has become too old to let anybody stay
 */
export function followRevocations(options: {
  ordersUrl: string;
  serviceToken: string;
  pollMs: number;
  readMs: number;
  logger: Logger;
  staleMs: number;
  onRevoked: (sessionId: string) => void;
  onStale: () => void;
}): Revocations {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let failures = 0;
  let readAtMs = 0;
  const revocations: Revocations = {
    ids: undefined,
    start: () => void poll(),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };

  const poll = async () => {
    const askedAtMs = performance.now();
    try {
      const { status, body } = await call(`${options.ordersUrl}/sessions/revoked`, {
        headers: { Authorization: `Bearer ${options.serviceToken}` },
        deadlineMs: options.readMs,
      });
      if (status !== 200) throw new Error(`orders answered ${status} to a read of the revoked sessions`);
      const { revoked } = RevokedSessions.parse(body);
      const before = revocations.ids;
      revocations.ids = new Set(revoked);
      readAtMs = askedAtMs;
      for (const id of revocations.ids) if (!before?.has(id)) options.onRevoked(id);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1) options.logger.warn({ err: error }, 'the revoked sessions could not be read');
      if (revocations.ids && performance.now() - readAtMs > options.staleMs) {
        revocations.ids = undefined;
        options.logger.error('the revoked sessions are not known any more; no admin is let in');
        options.onStale();
      }
    }
    // Not having a list at all keeps everybody out: hurry.
    if (!isClosed) timer = setTimeout(poll, revocations.ids ? options.pollMs : Math.min(200, options.pollMs));
  };
  return revocations;
}

/**
 * The session that a request shows, by cookie or as a bearer, when its MAC is right and it has not expired.
 * Asks nobody; whether it was revoked is for the list to say.
 */
export function readSession(headers: IncomingHttpHeaders, secret: string): SessionToken | undefined {
  const cookies = parse(headers.cookie ?? '');
  const bearer = /^Bearer +([^ ]+)$/i.exec(headers.authorization ?? '')?.[1];
  const text = bearer ?? cookies[SESSION_COOKIE_SECURE] ?? cookies[SESSION_COOKIE];
  return text === undefined ? undefined : verifySessionToken(secret, text);
}

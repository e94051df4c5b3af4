import type { Context } from 'hono';
import {
  DEVICE_COOKIE,
  DEVICE_SECONDS,
  type OpenedSession,
  SESSION_COOKIE,
  SESSION_SECONDS,
} from '../../shared/contracts/session.ts';
import { addressOf, type TrustsProxy } from '../../shared/process/client-address.ts';
import { readCookie, writeCookie } from '../cookies.ts';
import type { WebEnv } from '../deps.ts';
import { readSession } from './require-session.ts';

const MAX_DEVICE_CHARS = 1024;

/** Hands a session that was just opened to the browser, and leads on. */
export function enter(c: Context<WebEnv>, opened: OpenedSession, next: string): Response {
  writeCookie(c, DEVICE_COOKIE, opened.device, DEVICE_SECONDS);
  // Not reckoned from `expiresAt`: this clock and that of orders may differ by more than a session lasts.
  writeCookie(c, SESSION_COOKIE, opened.token, SESSION_SECONDS);
  return c.redirect(next, 303);
}

/** What the browser holds from earlier sign-ins: orders judges whether it is any good, and ends the session it had. */
export function fromBrowser(c: Context<WebEnv>) {
  const device = readCookie(c, DEVICE_COOKIE)?.slice(0, MAX_DEVICE_CHARS);
  const replaces = readSession(c);
  return { ...(device && { device }), ...(replaces && { replaces }) };
}

export function visitor(c: Context<WebEnv>, trustsProxy: TrustsProxy) {
  return { address: addressOf(c, trustsProxy), userAgent: c.req.header('User-Agent') };
}

import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The admin's session as text: `<session id>.<expiry, Unix seconds in base 36>.<MAC>`.
 *
 * Any process that knows SESSION_SECRET can refuse a forged or expired token by itself, so opening ten
 * thousand streams asks nothing of another service. Whether a session was revoked is known to orders,
 * which every page asks anyway; notifiers keep the short list of revoked ids.
 */
export interface SessionToken {
  sessionId: string;
  /** Unix time in milliseconds, whole seconds. */
  expiresAtMs: number;
}

const PATTERN = /^([A-Za-z0-9_-]{22})\.([0-9a-z]{6,8})\.([A-Za-z0-9_-]{43})$/;

function mac(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(`msp-session:${text}`).digest();
}

/** @param token.sessionId 16 random bytes in base64url (22 characters). */
export function signSessionToken(secret: string, token: SessionToken): string {
  const text = `${token.sessionId}.${Math.floor(token.expiresAtMs / 1000).toString(36)}`;
  return `${text}.${mac(secret, text).toString('base64url')}`;
}

/** The token's content when its MAC is right and it has not expired; undefined otherwise. */
export function verifySessionToken(secret: string, text: string, nowMs = Date.now()): SessionToken | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, sessionId, expiry, signature] = match as unknown as [string, string, string, string];
  if (!timingSafeEqual(Buffer.from(signature, 'base64url'), mac(secret, `${sessionId}.${expiry}`))) return undefined;
  const expiresAtMs = Number.parseInt(expiry, 36) * 1000;
  return expiresAtMs > nowMs ? { sessionId, expiresAtMs } : undefined;
}

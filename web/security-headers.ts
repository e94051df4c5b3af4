import type { MiddlewareHandler } from 'hono';
import type { WebEnv } from './deps.ts';

/**
 * What a page may do: load our own scripts, styles and pictures, talk to us, and nothing else. No inline
 * script or style, no eval, no frame around it, no `<base>` slipped in by a name somebody typed.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Those of every answer, also of the few that no route makes. */
export const SECURITY_HEADERS: Record<string, string> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // A shopper's address is the key to their order: no other site may learn it from a link.
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** On every answer, whatever it is and however it came about. What is no page may have a stricter policy of its own. */
export function securityHeaders(): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      if (name !== 'Content-Security-Policy' || !c.res.headers.has(name)) c.res.headers.set(name, value);
    }
    // Pages depend on cookies, so nobody but the browser itself may keep one.
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'private, no-cache');
    if (c.var.secure) c.res.headers.set('Strict-Transport-Security', 'max-age=31536000');
  };
}

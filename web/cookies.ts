import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { WebEnv } from './deps.ts';

/**
 * Cookies as hard as the connection allows: `__Host-` and Secure over HTTPS, the plain name over HTTP, where a
 * browser refuses the prefix. Always HttpOnly, SameSite=Lax, for this host and the whole site.
 * Only the name that fits the connection is read, so that a cookie planted over HTTP is nothing to an HTTPS page.
 */
export function readCookie(c: Context<WebEnv>, name: string): string | undefined {
  return getCookie(c, fullName(c, name));
}

/** @param maxAgeSeconds at most 400 days, which is where browsers cut */
export function writeCookie(c: Context<WebEnv>, name: string, value: string, maxAgeSeconds: number): void {
  setCookie(c, fullName(c, name), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.var.secure,
    maxAge: maxAgeSeconds,
  });
}

export function dropCookie(c: Context<WebEnv>, name: string): void {
  writeCookie(c, name, '', 0);
}

function fullName(c: Context<WebEnv>, name: string): string {
  return c.var.secure ? `__Host-${name}` : name;
}

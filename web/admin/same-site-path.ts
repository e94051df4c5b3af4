/**
 * A path of the desk to go on to, from a form or a link anybody may have made: never another site, never
 * `//host`, never the sign-in page itself.
 */
export function deskPath(text: string | undefined): string {
  if (!text || text.length > 500) return '/admin';
  // The parser resolves backslashes, tabs, dots and escapes the way a browser will.
  const base = 'http://desk.invalid';
  if (!URL.canParse(text, base)) return '/admin';
  const { origin, pathname, search } = new URL(text, base);
  const inside = pathname === '/admin' || pathname.startsWith('/admin/');
  if (origin !== base || !inside || /^\/admin\/(login|logout)\b/.test(pathname)) return '/admin';
  return pathname + search;
}

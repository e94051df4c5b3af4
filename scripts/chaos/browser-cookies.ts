/**
 * The page's own code asks by the global `fetch`, and browsers send an origin's cookies by themselves. Here nobody
 * does, so this does, for the origins that were given one.
 */
const cookies = new Map<string, string>();
let isInstalled = false;

/** From now on every request of this process to the origin carries the cookie, unless it names one itself. */
export function giveCookie(origin: string, cookie: string): void {
  cookies.set(origin, cookie);
  if (isInstalled) return;
  isInstalled = true;
  const plain = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const url = typeof input === 'string' || input instanceof URL ? input : input.url;
    const own = cookies.get(new URL(url).origin);
    if (!own) return plain(input, init);
    const headers = new Headers(init?.headers);
    if (!headers.has('Cookie')) headers.set('Cookie', own);
    return plain(input, { ...init, headers });
  };
}

import type { MiddlewareHandler } from 'hono';
import { HttpProblem } from './http-problem.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses unsafe requests that another site made a browser send, whatever their content type.
 *
 * Every current browser says where a request comes from: `Sec-Fetch-Site` in secure contexts, `Origin` with
 * every unsafe method otherwise. `same-site` is not enough: a sibling subdomain is another party.
 *
 * @param options.origins further origins of this very site, for gateways that change the Host
 * @param options.programs whether requests that carry neither header pass: right where no cookie is ever read
 */
export function originGuard(options: { origins: readonly string[]; programs: boolean }): MiddlewareHandler {
  return async (c, next) => {
    if (!SAFE_METHODS.has(c.req.method) && !isOwn(c.req.raw.headers, options))
      throw new HttpProblem(403, 'forbidden', { detail: 'This request comes from another site.' });
    await next();
  };
}

function isOwn(headers: Headers, options: { origins: readonly string[]; programs: boolean }): boolean {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (origin !== null && options.origins.includes(origin)) return true;
  if (site !== null) return site === 'same-origin';
  if (origin === null) return options.programs;
  const host = headers.get('host');
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
}

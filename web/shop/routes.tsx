import { Hono } from 'hono';
import type { WebDeps, WebEnv } from '../deps.ts';

/** The shop's pages: catalogue, cart, checkout, and the shopper's own order. */
export function shopRoutes(_deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>();
}

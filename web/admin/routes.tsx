import { Hono } from 'hono';
import type { WebDeps, WebEnv } from '../deps.ts';

/** The desk's pages. */
export function adminRoutes(_deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>();
}

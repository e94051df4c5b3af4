import { Hono } from 'hono';
import { PictureHash } from '../shared/contracts/product.ts';
import { HttpProblem } from '../shared/process/http-problem.ts';
import type { WebDeps, WebEnv } from './deps.ts';

/** Pictures that are kept in memory, in bytes, all together: a few hundred, so that the database is not asked often. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;

/**
 * `/pictures/<hash>.webp`: what admins uploaded, as the orders service drew it anew. Named by its content, so a browser
 * keeps it for ever. Should it ever be something else than a picture, it is opened in a sandbox and may load nothing.
 */
export function pictureRoutes({ orders }: Pick<WebDeps, 'orders'>): Hono<WebEnv> {
  /** Least recently asked for first. */
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  let keptBytes = 0;

  function keep(hash: string, picture: Uint8Array<ArrayBuffer>): void {
    if (!kept.has(hash)) keptBytes += picture.length;
    kept.delete(hash);
    kept.set(hash, picture);
    for (const [oldest, { length }] of kept) {
      if (keptBytes <= MAX_KEPT_BYTES) return;
      kept.delete(oldest);
      keptBytes -= length;
    }
  }

  return new Hono<WebEnv>().get('/pictures/:file', async (c) => {
    const hash = PictureHash.safeParse(/^(.+)\.webp$/.exec(c.req.param('file'))?.[1]);
    if (!hash.success) throw new HttpProblem(404, 'not_found');
    const picture = kept.get(hash.data) ?? (await orders.picture(hash.data));
    if (!picture) throw new HttpProblem(404, 'not_found');
    keep(hash.data, picture);
    c.header('Content-Type', 'image/webp');
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    c.header('Content-Security-Policy', "default-src 'none'; sandbox");
    return c.body(picture);
  });
}

import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';

export type Encoding = 'br' | 'gzip' | 'identity';

/** Below this a packet is a packet, compressed or not. */
const MIN_BYTES = 1024;
/** Quick enough for every request, with a window no wider than a page; static files get the slow kind once. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 17 } };

/** The best encoding that an Accept-Encoding header allows. */
export function acceptedEncoding(header: string | undefined): Encoding {
  const accepted = new Set(
    (header ?? '')
      .toLowerCase()
      .split(',')
      .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
      .map((part) => part.split(';')[0]?.trim()),
  );
  return accepted.has('br') ? 'br' : accepted.has('gzip') ? 'gzip' : 'identity';
}

/** Compresses pages and fragments, whole and off the event loop. Whatever else is sent passes untouched. */
export function compressPages(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (!c.res.body || !c.res.headers.get('Content-Type')?.startsWith('text/html')) return;
    c.header('Vary', 'Accept-Encoding', { append: true });
    const encoding = acceptedEncoding(c.req.header('Accept-Encoding'));
    if (encoding === 'identity' || c.req.method === 'HEAD') return;
    const page = new Uint8Array(await c.res.arrayBuffer());
    const body = page.length < MIN_BYTES ? page : await compress(page, encoding);
    const headers = new Headers(c.res.headers);
    headers.delete('Content-Length');
    if (body !== page) headers.set('Content-Encoding', encoding);
    const { status } = c.res;
    // Hono merges the headers of the answer it replaces; these are to stand alone.
    c.res = undefined;
    c.res = new Response(body, { status, headers });
  };
}

async function compress(page: Uint8Array<ArrayBuffer>, encoding: 'br' | 'gzip'): Promise<Uint8Array<ArrayBuffer>> {
  const buffer = encoding === 'br' ? await promisify(brotliCompress)(page, BROTLI) : await promisify(gzip)(page);
  return new Uint8Array(buffer);
}

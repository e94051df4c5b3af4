import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Hono } from 'hono';
import { HttpProblem } from '../shared/process/http-problem.ts';
import type { WebEnv } from './deps.ts';
import { acceptedEncoding, type Encoding } from './send-html.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.mp3': 'audio/mpeg',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
};
/** Source maps are for developers, who have time; a start has not. */
const COMPRESSED = new Set(['.css', '.js', '.svg']);

/** The build's whole output is small; more than this is a mistake, and would sit in memory. */
const MAX_TOTAL_BYTES = 32 * 1024 * 1024;
const IMMUTABLE = 'public, max-age=31536000, immutable';
const SHORT = 'public, max-age=300';

interface StaticFile {
  type: string;
  etag: string;
  cacheControl: string;
  bodies: Record<Encoding, Uint8Array<ArrayBuffer>>;
}

export interface StaticFiles {
  /** The address of a file by the name that it had before the build gave it a hash. */
  asset(name: string): string;
  /** The address of a file that kept its name, such as `products/miel.svg`; undefined when there is none. */
  file(name: string): string | undefined;
  routes: Hono<WebEnv>;
}

/**
 * Reads the built files into memory, compressed once for all, and serves them under `/static/`.
 * Nothing is looked up on disk by a name from outside, so no name can lead out of the folder.
 *
 * @param folder the build's `static` folder, with its manifest.json
 * @throws when the folder or the manifest is missing: then nothing was built
 */
export async function loadStaticFiles(folder: string): Promise<StaticFiles> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Record<string, string>;
  const hashed = new Set(Object.values(manifest));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, StaticFile>();
  let totalBytes = 0;
  // One after the other: compressors side by side take 200 MB together.
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || !type) continue;
    const name = relative(folder, path).split(sep).join('/');
    const content = new Uint8Array(await readFile(path));
    totalBytes += content.length;
    if (totalBytes > MAX_TOTAL_BYTES) throw new Error(`more than ${MAX_TOTAL_BYTES} bytes of static files`);
    files.set(name, {
      type,
      etag: createHash('sha256').update(content).digest('base64url').slice(0, 22),
      cacheControl: hashed.has(name) ? IMMUTABLE : SHORT,
      bodies: await compressed(content, COMPRESSED.has(extname(name))),
    });
  }
  return {
    asset(name) {
      const built = manifest[name];
      if (!built) throw new Error(`no built file is called ${name}`);
      return `/static/${built}`;
    },
    file: (name) => (files.has(name) ? `/static/${name}` : undefined),
    routes: staticRoutes(files),
  };
}

function staticRoutes(files: ReadonlyMap<string, StaticFile>): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/static/:name{.+}', (c) => {
    const file = files.get(c.req.param('name'));
    if (!file) throw new HttpProblem(404, 'not_found');
    const encoding = acceptedEncoding(c.req.header('Accept-Encoding'));
    const etag = `"${file.etag}-${encoding}"`;
    c.header('ETag', etag);
    c.header('Cache-Control', file.cacheControl);
    c.header('Vary', 'Accept-Encoding');
    if (c.req.header('If-None-Match') === etag) return c.body(null, 304);
    c.header('Content-Type', file.type);
    // A file that compression would only make longer is kept as it is.
    if (file.bodies[encoding] !== file.bodies.identity) c.header('Content-Encoding', encoding);
    return c.body(file.bodies[encoding]);
  });
}

/** As wide as the file, which is all that there is to look back at; a wider one is memory that is not used. */
const windowFor = (bytes: number) => Math.min(Math.max(Math.ceil(Math.log2(bytes + 16)), 16), 22);

async function compressed(content: Uint8Array<ArrayBuffer>, worthIt: boolean): Promise<StaticFile['bodies']> {
  if (!worthIt) return { identity: content, gzip: content, br: content };
  const [gz, br] = await Promise.all([
    promisify(gzip)(content, { level: 9 }),
    promisify(brotliCompress)(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: windowFor(content.length) },
    }),
  ]);
  const smaller = (other: Buffer<ArrayBuffer>) => (other.length < content.length ? new Uint8Array(other) : content);
  return { identity: content, gzip: smaller(gz), br: smaller(br) };
}

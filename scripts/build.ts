import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type BuildOptions, build as esbuild, type Plugin, stop } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');

export interface BuildPlace {
  /** Where everything goes, below the repository so that what npm installed is found from there; `dist` unless told. */
  directory?: string;
  /** Further steps of the bundler, for builds that are to differ from the sources. */
  plugins?: Plugin[];
}

/** A build under way. */
interface Building {
  dist: string;
  plugins: Plugin[];
}

/** Each process is one file that `node` runs as it stands; what npm installed stays outside of it. */
const PROCESSES = {
  orders: 'services/orders/main.ts',
  'picture-encoder': 'services/orders/picture-encoder.ts',
  migrate: 'services/orders/migrate.ts',
  notifier: 'services/notifier/main.ts',
  web: 'web/main.ts',
  // For images, which have no sources: a database is backed up from beside it.
  backup: 'scripts/backup.ts',
  restore: 'scripts/restore.ts',
};
/** What browsers load: bundled whole, and named after its content so that it can be cached for ever. */
const ASSETS = ['web/browser/shop.ts', 'web/browser/desk.ts', 'web/static/shop.css', 'web/static/desk.css'];
const STATIC = join(ROOT, 'web/static');
/**
 * The oldest ones that pages are whole in; syntax that came later is written out. Safari had no ranges in media queries
 * before, and could not read what they would be written out as; Firefox had no :has().
 */
const BROWSERS = ['safari16.4', 'firefox121', 'chrome108'];

/** A process that started before this build may still be serving the assets of the one before. */
const KEEP_STALE_MS = 3600 * 1000;

/**
 * Builds everything into a directory and returns the entries that could not be built; esbuild has said why.
 *
 * One entry's mistake leaves the others alone, and its old output goes, so that nothing stale is ever run.
 * Every file is put in its place by a rename, so a process that starts, or another build that runs at the
 * same time, never sees half a file.
 */
export async function build(place: BuildPlace = {}): Promise<{ failed: string[] }> {
  const building = { dist: resolve(ROOT, place.directory ?? 'dist'), plugins: place.plugins ?? [] };
  const { dist } = building;
  const failed: string[] = [];
  const manifest: Record<string, string> = {};
  await Promise.all([
    copyStatic(dist),
    ...Object.entries(PROCESSES).map(async ([name, entry]) => {
      try {
        await buildProcess(building, name, entry);
      } catch {
        failed.push(entry);
        await rm(join(dist, `${name}.js`), { force: true });
      }
    }),
    ...ASSETS.map(async (entry) => {
      try {
        Object.assign(manifest, await buildAsset(building, entry));
      } catch {
        failed.push(entry);
      }
    }),
  ]);
  await replaceFile(join(dist, 'static/manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await removeStaleAssets(dist, new Set(Object.values(manifest)));
  // Its process would live on for as long as ours.
  await stop();
  return { failed };
}

async function buildProcess(building: Building, name: string, entry: string): Promise<void> {
  await bundle({
    entryPoints: { [name]: `./${entry}` },
    outdir: building.dist,
    plugins: building.plugins,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    sourcemap: 'linked',
  });
}

/** @returns by entry name (`shop.js`) the name that was built (`shop-ABC123.js`) */
async function buildAsset(building: Building, entry: string): Promise<Record<string, string>> {
  const outputs = await bundle({
    entryPoints: [`./${entry}`],
    outdir: join(building.dist, 'static'),
    plugins: building.plugins,
    entryNames: '[name]-[hash]',
    platform: 'browser',
    target: BROWSERS,
    format: 'esm',
    minify: true,
    sourcemap: 'linked',
    external: ['/static/*'],
  });
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([, entry]) => entry)
      .map(([path, entry]) => [basename(entry as string).replace(/\.ts$/, '.js'), basename(path)])
      .sort(),
  );
}

/** @returns the path of every output, with the entry point it came from */
async function bundle(options: BuildOptions): Promise<Record<string, string | undefined>> {
  const result = await esbuild({
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  for (const file of result.outputFiles ?? []) await replaceFile(file.path, file.contents);
  return Object.fromEntries(
    Object.entries(result.metafile?.outputs ?? {}).map(([path, output]) => [path, output.entryPoint]),
  );
}

/** Pictures and the like keep their names; style sheets are bundled instead. */
async function copyStatic(dist: string): Promise<void> {
  const entries = await readdir(STATIC, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.endsWith('.css')) continue;
    const from = join(entry.parentPath, entry.name);
    await replaceFile(join(dist, 'static', relative(STATIC, from)), await readFile(from));
  }
}

async function replaceFile(path: string, contents: string | Uint8Array): Promise<void> {
  const current = await readFile(path).catch(() => undefined);
  if (current && Buffer.from(contents).equals(current)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

async function removeStaleAssets(dist: string, current: Set<string>): Promise<void> {
  const directory = join(dist, 'static');
  for (const name of await readdir(directory)) {
    const hashed = /^(?:shop|desk)-[A-Z0-9]{8}\.(?:js|css)(?:\.map)?$/.test(name);
    if (!hashed || current.has(name.replace(/\.map$/, ''))) continue;
    const path = join(directory, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > KEEP_STALE_MS) await rm(path, { force: true });
  }
}

if (import.meta.main) {
  const start = performance.now();
  const { failed } = await build();
  if (failed.length === 0) console.log(`Built dist/ in ${Math.round(performance.now() - start)} ms.`);
  else {
    console.error(`Not built: ${failed.join(', ')}`);
    process.exitCode = 1;
  }
}

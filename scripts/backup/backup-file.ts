import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, rmSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline as pipelineOf } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { describeFileError } from '../servers/server-failure.ts';
import { BackupFailure } from './backup-failure.ts';

// A backup is gzipped text, one JSON value a line:
//
//   {"format":"msp-backup-1", …}                    what this is, and of when
//   {"table":"orders","columns":["id","number",…]}  followed by its rows,
//   [1,"CMD-20261122-ABC123",…]                     an array each: numbers, texts, nulls, and bytes as {"base64":…}
//   …
//   {"end":true,"rows":{"orders":1,…},"sha256":…}   how much there was; the hash of everything before this line
//
// Rows and not SQL, so that neither server's dialect is in it: the tables are laid out by the migrations that the
// first line names, and a backup of MariaDB restores into MySQL and the other way round.

export const Manifest = z.object({
  format: z.literal('msp-backup-1'),
  at: z.iso.datetime(),
  server: z.string(),
  /** Where the event log stood. */
  epoch: z.string(),
  head: z.int().min(0),
  /** Which migrations had run, in order. */
  migrations: z.array(z.string()).min(1),
});
export type Manifest = z.infer<typeof Manifest>;

const TableLine = z.object({
  table: z.string().regex(/^\w{1,64}$/),
  columns: z.array(z.string().regex(/^\w{1,64}$/)).min(1),
});
const EndLine = z.object({ end: z.literal(true), rows: z.record(z.string(), z.int()), sha256: z.string() });

export type Value = string | number | null | Buffer;
/** In the order of the file. */
export type Part = { kind: 'table'; table: string; columns: string[] } | { kind: 'row'; row: Value[] };

/** Lines are gathered to this many characters before they are compressed. */
const CHUNK_CHARS = 256 * 1024;

/**
 * Writes a backup, readable for its owner alone. It appears under its name when it is whole and on disk.
 * @throws {BackupFailure} when it cannot be written, or there is a file of this name
 */
export async function writeBackup(path: string, manifest: Manifest, parts: AsyncIterable<Part>): Promise<number> {
  if (existsSync(path)) throw new BackupFailure(`${path} exists already; a backup never replaces a file.`);
  const temporary = `${path}.${process.pid}.part`;
  const remove = () => rmSync(temporary, { force: true });
  // A signal ends the process in the middle of a row.
  process.once('exit', remove);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const counted = { rows: 0 };
    await pipeline(
      linesOf(manifest, parts, counted),
      createGzip({ level: 6 }),
      createWriteStream(temporary, { mode: 0o600, flags: 'wx' }),
    );
    await sync(temporary);
    await rename(temporary, path);
    await sync(dirname(path));
    return counted.rows;
  } catch (error) {
    remove();
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new BackupFailure(`${path} cannot be written: ${describeFileError(error)}`);
  }
}

async function* linesOf(manifest: Manifest, parts: AsyncIterable<Part>, counted: { rows: number }) {
  const hash = createHash('sha256');
  const rows: Record<string, number> = {};
  let table = '';
  let chunk = `${JSON.stringify(manifest)}\n`;
  for await (const part of parts) {
    if (part.kind === 'table') {
      table = part.table;
      rows[table] = 0;
      chunk += `${JSON.stringify({ table, columns: part.columns })}\n`;
    } else {
      rows[table] = (rows[table] as number) + 1;
      counted.rows += 1;
      chunk += `${JSON.stringify(part.row.map(written))}\n`;
    }
    if (chunk.length < CHUNK_CHARS) continue;
    hash.update(chunk);
    yield chunk;
    chunk = '';
  }
  hash.update(chunk);
  yield chunk;
  yield `${JSON.stringify({ end: true, rows, sha256: hash.digest('hex') })}\n`;
}

const written = (value: Value) => (Buffer.isBuffer(value) ? { base64: value.toString('base64') } : value);
const asRead = (value: unknown): Value =>
  value !== null && typeof value === 'object' && 'base64' in value
    ? Buffer.from(String(value.base64), 'base64')
    : (value as Value);

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
}

/**
 * Reads a backup to its end without keeping it, so that whoever loads it afterwards knows that all of it is there.
 * @returns the first line, and how many rows each table has
 * @throws {BackupFailure} when it is no backup, or not whole, or a byte is not what was written
 */
export async function checkBackup(path: string): Promise<{ manifest: Manifest; rows: Record<string, number> }> {
  const hash = createHash('sha256');
  const found: Record<string, number> = {};
  let manifest: Manifest | undefined;
  let end: z.infer<typeof EndLine> | undefined;
  let table = '';
  for await (const line of readLines(path)) {
    if (end) throw damaged(path, 'something follows its end');
    const value = parseLine(path, line);
    if (!manifest) {
      const first = Manifest.safeParse(value);
      if (!first.success) throw new BackupFailure(`${path} is no backup of this shop, or of a newer version.`);
      manifest = first.data;
    } else if (Array.isArray(value)) {
      if (table === '') throw damaged(path, 'a row without a table');
      found[table] = (found[table] as number) + 1;
    } else if (EndLine.safeParse(value).success) {
      end = EndLine.parse(value);
      continue;
    } else {
      const next = TableLine.safeParse(value);
      if (!next.success || next.data.table in found) throw damaged(path, 'a line that has no place there');
      table = next.data.table;
      found[table] = 0;
    }
    hash.update(`${line}\n`);
  }
  if (!manifest || !end) throw damaged(path, 'its end is missing');
  if (hash.digest('hex') !== end.sha256) throw damaged(path, 'its checksum is another');
  if (JSON.stringify(found) !== JSON.stringify(end.rows)) throw damaged(path, 'rows are missing');
  return { manifest, rows: found };
}

/** The tables and rows of a backup that was checked. */
export async function* readBackup(path: string): AsyncGenerator<Part> {
  let first = true;
  for await (const line of readLines(path)) {
    const value = first ? undefined : parseLine(path, line);
    first = false;
    if (Array.isArray(value)) yield { kind: 'row', row: value.map(asRead) };
    else if (value && typeof value === 'object' && 'table' in value) yield { kind: 'table', ...TableLine.parse(value) };
  }
}

async function* readLines(path: string): AsyncGenerator<string> {
  // What goes wrong with the file destroys what is read here, and is thrown by it.
  const text = pipelineOf(createReadStream(path), createGunzip(), () => {}).setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of text as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() as string;
      yield* lines;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw damaged(path, 'it cannot be unpacked');
    throw new BackupFailure(`${path} cannot be read: ${describeFileError(error)}`);
  }
  if (rest !== '') yield rest;
}

function parseLine(path: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw damaged(path, 'a line cannot be read');
  }
}

const damaged = (path: string, why: string) => new BackupFailure(`${path} is damaged: ${why}. Nothing was changed.`);

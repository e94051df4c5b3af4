import type { Context } from 'hono';
import { HttpProblem } from '../shared/process/http-problem.ts';
import { readBytes } from '../shared/process/read-bytes.ts';

/** For the parts around the file: names, boundaries, a field or two. */
const AROUND_BYTES = 16 * 1024;

export interface Upload {
  fields: ReadonlyMap<string, string>;
  /** Undefined when none was chosen. */
  file: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * A form with one file, as a browser posts it.
 * @param name of the file's field
 * @throws {HttpProblem} 413 when it is larger, 415 for anything but multipart, 400 for what is no such form
 */
export async function readUpload(c: Context, name: string, maxFileBytes: number): Promise<Upload> {
  const type = c.req.header('Content-Type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type)) throw new HttpProblem(415, 'unsupported_media_type');
  const body = await readBytes(c.req.raw, maxFileBytes + AROUND_BYTES);
  const form = await new Response(body, { headers: { 'Content-Type': type } }).formData().catch((cause: unknown) => {
    throw new HttpProblem(400, 'validation', { detail: 'The form could not be read.', cause });
  });
  const fields = new Map<string, string>();
  let file: Upload['file'];
  for (const [key, value] of form) {
    if (typeof value === 'string') fields.set(key, value);
    else if (key === name && value.size > 0) file = new Uint8Array(await value.arrayBuffer());
  }
  if (file && file.length > maxFileBytes) throw new HttpProblem(413, 'too_large');
  return { fields, file };
}

import type { Context } from 'hono';
import { HttpProblem } from '../shared/process/http-problem.ts';
import { readText } from '../shared/process/read-text.ts';

/** The longest form has a thousand characters of notes, at most twelve bytes each once escaped. */
export const MAX_BODY_BYTES = 32 * 1024;
const MAX_FIELDS = 100;

/**
 * The fields of a posted form; the first of each name counts, as in a page there is only one.
 * @throws {HttpProblem} 413 beyond 32 kB, 415 for anything but a plain form, 400 for more than 100 fields
 */
export async function readForm(c: Context): Promise<ReadonlyMap<string, string>> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  const text = await readText(c.req.raw, MAX_BODY_BYTES);
  if (type !== 'application/x-www-form-urlencoded') {
    // A button without fields sends neither a body nor, from some clients, a type.
    if (type === undefined && text === '') return new Map();
    throw new HttpProblem(415, 'unsupported_media_type');
  }
  const fields = new Map<string, string>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    if (count > MAX_FIELDS) throw new HttpProblem(400, 'validation', { detail: 'Too many fields.' });
    if (!fields.has(name)) fields.set(name, value);
  }
  return fields;
}

import type { Context } from 'hono';
import { HttpProblem } from '../shared/process/http-problem.ts';
import { readText } from '../shared/process/read-text.ts';

/** The longest form has a thousand characters of notes, at most twelve bytes each once escaped. */
export const MAX_BODY_BYTES = 32 * 1024;
const MAX_FIELDS = 100;

/**
 * The fields of a posted form; the first of each name counts, as in a page there is only one.
 * @throws {HttpProblem} as `readFields`, for more than 100 fields
 */
export async function readForm(c: Context): Promise<ReadonlyMap<string, string>> {
  const fields = new Map<string, string>();
  for (const { name, value } of await readFields(c, MAX_FIELDS)) if (!fields.has(name)) fields.set(name, value);
  return fields;
}

/**
 * The fields of a posted form in their order, for forms in which many have one name.
 * @throws {HttpProblem} 413 beyond 32 kB, 415 for anything but a plain form, 400 for more fields than `max` and for
 * escapes that are no UTF-8
 */
export async function readFields(c: Context, max: number): Promise<{ name: string; value: string }[]> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  const text = await readText(c.req.raw, MAX_BODY_BYTES);
  if (type !== 'application/x-www-form-urlencoded') {
    // A button without fields sends neither a body nor, from some clients, a type.
    if (type === undefined && text === '') return [];
    throw new HttpProblem(415, 'unsupported_media_type');
  }
  const fields: { name: string; value: string }[] = [];
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    if (fields.length === max) throw new HttpProblem(400, 'validation', { detail: 'Too many fields.' });
    const [name, value] = cut(pair, '=').map(decode) as [string, string];
    fields.push({ name, value });
  }
  return fields;
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** URLSearchParams would put a replacement character for what is no UTF-8, and a name must not change on its way. */
function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

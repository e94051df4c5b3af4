import type { Operation } from './description.ts';
import type { Ingredients } from './ingredients.ts';
import { send, type WireAnswer, type WireRequest } from './wire.ts';

/** A PNG of one pixel. */
export const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Sends what was generated, as it was, with this bearer if any. */
export async function askOperation(
  url: string,
  operation: Operation<unknown>,
  ingredients: Ingredients,
  bearer?: string,
  changes: Partial<WireRequest> = {},
): Promise<WireAnswer> {
  const answer = await send(url, { ...written(operation, ingredients, bearer), ...changes });
  if (!answer) throw new Error(`${operation.method} ${operation.path}: the connection was closed without an answer`);
  return answer;
}

function written(operation: Operation<unknown>, { parameters, body }: Ingredients, bearer?: string): WireRequest {
  let target = operation.path;
  const query: [string, string][] = [];
  const headers: [string, string][] = bearer === undefined ? [] : [['Authorization', `Bearer ${bearer}`]];
  for (const { name, in: place } of operation.parameters) {
    for (const text of [parameters[name] ?? []].flat()) {
      if (place === 'path') target = target.replace(`{${name}}`, encodeURIComponent(text.toWellFormed()) || '%20');
      else if (place === 'query') query.push([name, text.toWellFormed()]);
      // Bytes that would end the header are cases of the table; here they would only be other requests.
      else headers.push([name, text.replace(/[\r\n]/g, ' ')]);
    }
  }
  if (query.length > 0) target += `?${new URLSearchParams(query)}`;
  if (operation.takesBytes) {
    headers.push(['Content-Type', 'application/octet-stream']);
    return { method: operation.method, target, headers, body: PICTURE };
  }
  if (body === undefined) return { method: operation.method, target, headers };
  headers.push(['Content-Type', 'application/json']);
  return { method: operation.method, target, headers, body: JSON.stringify(body) };
}

import type { MiddlewareHandler } from 'hono';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { readText } from '../../shared/process/read-text.ts';
import { hasRepeatedName } from './repeated-name.ts';

export const MAX_BODY_BYTES = 64 * 1024;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/**
 * Lets only JSON in UTF-8 pass, of at most 64 kB and with no member named twice. For every route that takes a body;
 * after authentication, so that strangers cannot make us read.
 */
export const readBody: MiddlewareHandler = async (c, next) => {
  const encoding = c.req.header('content-encoding');
  if (!isJson(c.req.header('content-type')) || (encoding && encoding !== 'identity')) {
    throw new HttpProblem(415, 'unsupported_media_type', { detail: 'Send application/json in UTF-8.' });
  }
  const text = await readText(c.req.raw, MAX_BODY_BYTES);
  refuseRepeatedName(text);
  // What validates the body finds it here.
  c.req.bodyCache.text = Promise.resolve(text) as never;
  await next();
};

export const isJson = (contentType: string | undefined) => JSON_TYPE.test(contentType ?? '');

/** @throws {HttpProblem} `validation` */
export function refuseRepeatedName(json: string): void {
  if (!hasRepeatedName(json)) return;
  throw new HttpProblem(400, 'validation', { detail: 'An object in the body names a member twice.' });
}

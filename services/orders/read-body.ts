import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HttpProblem } from '../../shared/process/http-problem.ts';

const MAX_BODY_BYTES = 64 * 1024;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw new HttpProblem(413, 'too_large');
  },
});

/**
 * Lets only JSON in UTF-8 pass, of at most 64 kB. Bytes that are no UTF-8 are refused rather than replaced:
 * a name must not change on its way.
 */
const requireJson: MiddlewareHandler = async (c, next) => {
  const encoding = c.req.header('content-encoding');
  if (!JSON_TYPE.test(c.req.header('content-type') ?? '') || (encoding && encoding !== 'identity')) {
    throw new HttpProblem(415, 'unsupported_media_type', { detail: 'Send application/json in UTF-8.' });
  }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(await c.req.arrayBuffer());
  } catch (error) {
    if (error instanceof TypeError) throw new HttpProblem(400, 'validation', { detail: 'The body is not UTF-8.' });
    throw error;
  }
  await next();
};

/** For every route that takes a body; after authentication, so that strangers cannot make us read. */
export const readBody: MiddlewareHandler[] = [limitBody, requireJson];

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { ANSWER_MS } from '../../shared/process/answer-within.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import { requestDurations } from '../../shared/process/metrics.ts';
import { isJson, MAX_BODY_BYTES } from './read-body.ts';

type Header = (name: string) => string | undefined;

export interface PlainRouteOptions {
  /** Of POST requests. */
  path: string;
  registry: Registry;
  /** What is answered for an error that `answer` throws; logs what has to be. */
  toProblem: (error: unknown) => HttpProblem;
  /** @param text of the body, well-formed UTF-8 */
  answer: (header: Header, text: string) => Promise<{ status: number; body: string }>;
}

const PLAIN_HOST = /^[a-z0-9.-]+(?::\d{1,5})?$/;
/** By these a request tells that it is more than plain: it came out of a page, or its body is no JSON as it stands. */
const NOT_PLAIN = ['origin', 'sec-fetch-site', 'transfer-encoding', 'content-encoding', 'expect', 'upgrade'];

/**
 * Answers requests as programs send them straight from node:http: a JSON body of a known length, no browser's headers,
 * nothing twice. Whatever is different in anything is left to the framework and its guards, which such a request would
 * pass, so both give the same answers.
 *
 * @returns takes a request (true), or leaves it
 */
export function answerPlainly(
  options: PlainRouteOptions,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const durations = requestDurations(options.registry);
  return (request, response) => {
    const headers = request.url === options.path && request.method === 'POST' ? plainHeaders(request) : undefined;
    if (!headers) return false;
    const startMs = performance.now();
    const send = (status: number, body: string, head: Record<string, string>) => {
      clearTimeout(deadline);
      if (response.headersSent || response.destroyed) return;
      response.writeHead(status, { ...head, 'Content-Length': Buffer.byteLength(body) }).end(body);
      durations.labels('POST', options.path, String(status)).observe((performance.now() - startMs) / 1000);
    };
    const refuse = (error: unknown) => {
      const problem = options.toProblem(error);
      send(problem.status, JSON.stringify(problem.body()), problem.headers());
    };
    const deadline = setTimeout(() => refuse(new HttpProblem(504, 'timeout', { retryAfterSeconds: 1 })), ANSWER_MS);
    // Who hangs up before the body has come whole is told nothing, and nothing is done.
    response.once('close', () => clearTimeout(deadline));
    readWhole(request, (bytes) => {
      answerText(options, headers, bytes).then(({ status, body }) => send(status, body, JSON_HEAD), refuse);
    });
    return true;
  };
}

const JSON_HEAD = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};
const decoder = new TextDecoder('utf-8', { fatal: true });

async function answerText({ answer }: PlainRouteOptions, headers: ReadonlyMap<string, string>, bytes: Buffer) {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw new HttpProblem(400, 'validation', { detail: 'The body is not UTF-8.', cause });
  }
  return await answer((name) => headers.get(name), text);
}

/** By lower-case names; undefined when the request is more than plain. */
function plainHeaders({ rawHeaders }: IncomingMessage): Map<string, string> | undefined {
  const headers = new Map<string, string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (headers.has(name)) return undefined;
    headers.set(name, rawHeaders[i + 1]!.trim());
  }
  const length = headers.get('content-length');
  const isPlain =
    length !== undefined &&
    Number(length) <= MAX_BODY_BYTES &&
    PLAIN_HOST.test(headers.get('host') ?? '') &&
    isJson(headers.get('content-type')) &&
    !NOT_PLAIN.some((name) => headers.has(name));
  return isPlain ? headers : undefined;
}

function readWhole(request: IncomingMessage, use: (bytes: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => use(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
}
